"""Taking turns between projects, limits and outages of sites, the brake, and releases from a fight."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; work of before belongs to no project until something new asks for it."""
    op.add_column("work", sa.Column("project", sa.Text, nullable=False, server_default=""))
    op.create_index("work_by_project", "work", ["site", "project", "due"])
    op.create_index("work_by_claim", "work", ["site", "busy"])
    op.create_table(
        "turns",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("project", sa.Text, primary_key=True),
        sa.Column("served", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_index("turns_in_order", "turns", ["served", "site", "project"])
    op.execute("INSERT INTO turns (site, project) SELECT DISTINCT site, '' FROM work")
    op.create_table(
        "site_states",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("at_once", sa.Integer, nullable=False, server_default="0"),
        sa.Column("gap", sa.Double, nullable=False, server_default="0"),
        sa.Column("next_at", sa.Double, nullable=False, server_default="0"),
        sa.Column("paused_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("braked_at", sa.Double),
        sa.Column("changed", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("known", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("free_until", sa.Double, nullable=False, server_default="0"),
    )
    op.create_table(
        "touched",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_index("touched_by_time", "touched", ["site", "at"])
    op.add_column("refusals", sa.Column("released_at", sa.Double))
