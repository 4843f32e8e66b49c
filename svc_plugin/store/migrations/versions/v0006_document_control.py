"""What the register knows of an issued document: status, marks, by what it was made, files beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty for documents of before, and the table of further files."""
    for name in ("text_sha256", "policy", "template", "generator"):
        op.add_column("documents", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("status", sa.Text, nullable=False, server_default="draft"))
    op.create_table(
        "document_files",
        sa.Column("document_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("file_sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
