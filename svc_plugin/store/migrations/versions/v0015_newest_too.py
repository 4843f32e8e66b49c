"""Turns: behind a long queue a project's longest overdue issue and its newest are taken alternately."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note of each project which of the two is next; an elder version leaves it alone."""
    op.add_column("turns", sa.Column("newest", sa.Boolean, nullable=False, server_default=sa.false()))
