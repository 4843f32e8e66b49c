"""What is asked of us and what became of it: deliveries, the queue, the mirror, the ledger."""

import sqlalchemy as sa

from svc_plugin.store.tables.schema import BIG, issue_key, metadata

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("received_at", sa.Double, nullable=False),
    sa.Column("identifier", sa.Text),
    sa.UniqueConstraint("site", "delivery"),
    sa.Index("deliveries_by_issue", "site", "key", "seq"),
    sa.Index("deliveries_by_identifier", "site", "identifier", unique=True),
)
"""Every delivery as it came. ``seq`` is the issue's ``wanted`` count at that moment.

``identifier`` is the sender's own id, null where it gives none.
"""

work = sa.Table(
    "work",
    metadata,
    *issue_key(),
    sa.Column("wanted", sa.BigInteger, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("due", sa.Double, index=True),
    sa.Column("busy", sa.Double, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("project", sa.Text, nullable=False, server_default=""),
    sa.Index("work_by_project", "site", "project", "due", "key"),
    sa.Index("work_by_claim", "site", "busy"),
)
"""One row an issue: looked at when ``due``, claimed until ``busy``, parked when error is set without tries.

``wanted`` counts what asked for a look, ``done`` how much of it the last finished look had seen. An id
would not do: on PostgreSQL ids do not commit in order. ``project`` is the issue's on its site, "" until
something told it.
"""

_SORTED = ("updated_at", "site", "key")
mirror = sa.Table(
    "mirror",
    metadata,
    *issue_key(),
    sa.Column("product", sa.Text, nullable=False, index=True),
    sa.Column("updated_at", sa.Double, nullable=False),
    sa.Column("seen_at", sa.Double, nullable=False),
    sa.Column("issue", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, server_default=""),
    sa.Column("stage", sa.Text, nullable=False, server_default=""),
    sa.Column("request_kind", sa.Text, nullable=False, server_default=""),
    sa.Column("level", sa.Integer, nullable=False, server_default="0"),
    # with all that a list is sorted by: in SQLite the way to a column after ``issue`` leads through all of it
    sa.Index("mirror_by_stage", "product", "kind", "stage", *_SORTED),
    sa.Index("mirror_by_request_kind", "request_kind", "product", "stage", *_SORTED),
    sa.Index("mirror_by_level", "product", "stage", "level", *_SORTED),
)
"""The last snapshot of every issue as JSON; rebuilt from the sites by ``sync --full``.

``kind`` and ``stage`` are those of the snapshot, "" for what is not mapped; ``request_kind`` and ``level``
(of escalation, 0 for none) are its fields.
"""

refusals = sa.Table(
    "refusals",
    metadata,
    *issue_key(),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("released_at", sa.Double),
)
"""What a site would not do, by a digest of the state and the plan: not tried again until one changes.

A person who lets it be tried again leaves an empty digest and the moment.
"""

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Index("ledger_by_issue", "site", "key", "at"),
)
"""Every plan that was carried out, with the digest of the policy it was made under."""

begun = sa.Table(
    "begun",
    metadata,
    *issue_key(),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
)
"""The plan in hand of an issue: what is left here after a crash tells the ledger what it missed."""

sweeps = sa.Table(
    "sweeps",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("until", sa.Double, nullable=False),
    sa.Column("unreported", sa.BigInteger, nullable=False, server_default="0"),
)
"""How far each site was swept, and how many changes no delivery had reported."""

notifications = sa.Table(
    "notifications",
    metadata,
    *issue_key(),
    sa.Column("marker", sa.Text, primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("channels", sa.Text, nullable=False),
    sa.Column("due", sa.Double, index=True),
    sa.Column("busy", sa.Double, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
)
"""The outbox: a row for each marker and issue, ever. ``channels`` are those not reached yet, as JSON.

To be sent when ``due``, being sent until ``busy``; ``due`` null means sent, or given up when error is set.
"""
