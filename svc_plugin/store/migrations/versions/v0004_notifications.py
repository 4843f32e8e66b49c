"""The outbox of notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "notifications",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("marker", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("due", sa.Double),
        sa.Column("busy", sa.Double, nullable=False, server_default="0"),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("ix_notifications_due", "notifications", ["due"])
