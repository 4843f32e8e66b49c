"""Decisions on documents, signed copies, and what a product's page counts of each issue."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _issue_key() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("site", sa.Text, primary_key=True), sa.Column("key", sa.Text, primary_key=True)


def upgrade() -> None:
    """Add the tables; the timer fills what is counted from the mirror, a part at a time."""
    _papers()
    _counted()


def _papers() -> None:
    op.create_table(
        "approvals",
        *_issue_key(),
        sa.Column("at", sa.Double, primary_key=True),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("opinion", sa.Text, nullable=False),
        sa.Column("copy", sa.Text, nullable=False, server_default=""),
        sa.Column("ended_at", sa.Double),
    )
    op.create_index("ix_approvals_document_id", "approvals", ["document_id"])
    op.create_table(
        "copies",
        *_issue_key(),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _counted() -> None:
    op.create_table(
        "facts",
        *_issue_key(),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("received_at", sa.Double, nullable=False),
        sa.Column("done_at", sa.Double),
        sa.Column("owner", sa.Text, nullable=False),
    )
    op.create_index("facts_received", "facts", ["product", "kind", "received_at", "heading"])
    done = ["product", "kind", "done_at", "received_at", "heading", "owner"]
    op.create_index("facts_done", "facts", done)
    op.create_table(
        "timers",
        *_issue_key(),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("warn_at", sa.Double, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("stopped_at", sa.Double),
    )
    op.create_index("timers_at_risk", "timers", ["product", "state", "warn_at", "due_at"])
    op.create_index("timers_due", "timers", ["product", "name", "due_at", "stopped_at"])
    op.create_table(
        "hours",
        *_issue_key(),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("track", sa.Text, nullable=False),
        sa.Column("hours", sa.Double, nullable=False),
    )
    op.create_index("hours_by_month", "hours", ["product", "track", "month", "account", "hours"])
