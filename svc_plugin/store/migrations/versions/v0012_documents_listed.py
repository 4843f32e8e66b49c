"""Documents: the list of issued versions is read from an index, past the files themselves."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_LISTED = ["product", "created_at", "document_id", "version", "language", "kind", "period", "title", "status"]


def upgrade() -> None:
    """Add the index."""
    op.create_index("documents_listed", "documents", _LISTED)
