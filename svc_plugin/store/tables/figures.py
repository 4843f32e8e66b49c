"""What the product's figures count, kept beside the mirror."""

import sqlalchemy as sa

from svc_plugin.store.tables.schema import issue_key, metadata

facts = sa.Table(
    "facts",
    metadata,
    *issue_key(),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("heading", sa.Text, nullable=False),
    sa.Column("received_at", sa.Double, nullable=False),
    sa.Column("done_at", sa.Double),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Index("facts_received", "product", "kind", "received_at", "heading"),
    sa.Index("facts_done", "product", "kind", "done_at", "received_at", "heading", "owner"),
)
"""What a product's figures count of each issue of the mirror; see ``domain.figures.facts``."""

timers = sa.Table(
    "timers",
    metadata,
    *issue_key(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("warn_at", sa.Double, nullable=False),
    sa.Column("due_at", sa.Double, nullable=False),
    sa.Column("stopped_at", sa.Double),
    sa.Index("timers_at_risk", "product", "state", "warn_at", "due_at"),
    sa.Index("timers_due", "product", "name", "due_at", "stopped_at"),
)
"""The clocks of each issue of the mirror as they stood at the last look."""

hours = sa.Table(
    "hours",
    metadata,
    *issue_key(),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("track", sa.Text, nullable=False),
    sa.Column("hours", sa.Double, nullable=False),
    sa.Index("hours_by_month", "product", "track", "month", "account", "hours"),
)
"""The hours booked on each issue of the mirror, by person and month (``2026-11``)."""
