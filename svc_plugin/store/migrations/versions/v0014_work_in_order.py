"""Work: the first issue of a project that is due is found in an index, however many are due with it."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put a wider index in the place of the former one, by which an elder version finds as much."""
    op.drop_index("work_by_project", "work")
    op.create_index("work_by_project", "work", ["site", "project", "due", "key"])
