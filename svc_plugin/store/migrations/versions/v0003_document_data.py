"""The figures behind a document: what a report said stays as it was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the figures beside the file; documents of before have none."""
    op.add_column("documents", sa.Column("data", sa.Text, nullable=False, server_default=""))
