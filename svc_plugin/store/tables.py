"""The tables. Moments are kept as seconds since 1970 (UTC), so that both databases compare them alike."""

import sqlalchemy as sa

metadata = sa.MetaData()
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _issue_key() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("site", sa.Text, primary_key=True), sa.Column("key", sa.Text, primary_key=True)


deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", _BIG, primary_key=True),
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
    *_issue_key(),
    sa.Column("wanted", sa.BigInteger, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("due", sa.Double, index=True),
    sa.Column("busy", sa.Double, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("project", sa.Text, nullable=False, server_default=""),
    sa.Index("work_by_project", "site", "project", "due"),
    sa.Index("work_by_claim", "site", "busy"),
)
"""One row an issue: looked at when ``due``, claimed until ``busy``, parked when error is set without tries.

``wanted`` counts what asked for a look, ``done`` how much of it the last finished look had seen. An id
would not do: on PostgreSQL ids do not commit in order. ``project`` is the issue's on its site, "" until
something told it.
"""

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("project", sa.Text, primary_key=True),
    sa.Column("served", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("turns_in_order", "served", "site", "project"),
)
"""One row a project that ever had work: ``served`` is the number of its last turn, the lowest is next."""

site_states = sa.Table(
    "site_states",
    metadata,
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
"""What all workers must know of a site.

Looked at by ``at_once`` at most (0: any number), every ``gap`` seconds, next at ``next_at``; left alone until
``paused_until`` because of ``error`` after ``failures`` in a row. The brake holds since ``braked_at``, when
``changed`` of ``known`` issues had been changed within an hour; until ``free_until`` it is not counted.
"""

touched = sa.Table(
    "touched",
    metadata,
    *_issue_key(),
    sa.Column("at", sa.Double, nullable=False),
    sa.Index("touched_by_time", "site", "at"),
)
"""When each issue was last changed by us, for the brake; kept for an hour or a little longer."""

mirror = sa.Table(
    "mirror",
    metadata,
    *_issue_key(),
    sa.Column("product", sa.Text, nullable=False, index=True),
    sa.Column("updated_at", sa.Double, nullable=False),
    sa.Column("seen_at", sa.Double, nullable=False),
    sa.Column("issue", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, server_default=""),
    sa.Column("stage", sa.Text, nullable=False, server_default=""),
    sa.Column("request_kind", sa.Text, nullable=False, server_default=""),
    sa.Column("level", sa.Integer, nullable=False, server_default="0"),
    sa.Index("mirror_by_stage", "product", "kind", "stage", "updated_at"),
    sa.Index("mirror_by_request_kind", "request_kind", "product", "stage"),
    sa.Index("mirror_by_level", "product", "level", "stage"),
)
"""The last snapshot of every issue as JSON; rebuilt from the sites by ``sync --full``.

``kind`` and ``stage`` are those of the snapshot, "" for what is not mapped; ``request_kind`` and ``level``
(of escalation, 0 for none) are its fields.
"""

refusals = sa.Table(
    "refusals",
    metadata,
    *_issue_key(),
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
    sa.Column("id", _BIG, primary_key=True),
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
    *_issue_key(),
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
    *_issue_key(),
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

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.Text, nullable=False),
    sa.Column("content_sha256", sa.Text, nullable=False),
    sa.Column("data_sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.Text, nullable=False, server_default=""),
    sa.Column("text_sha256", sa.Text, nullable=False, server_default=""),
    sa.Column("policy", sa.Text, nullable=False, server_default=""),
    sa.Column("template", sa.Text, nullable=False, server_default=""),
    sa.Column("generator", sa.Text, nullable=False, server_default=""),
    sa.Column("status", sa.Text, nullable=False, server_default="draft"),
)
"""Every issued version byte for byte (M65), with the figures of a report as they were issued (M76).

``status`` is the stage of its document issue. ``policy`` is the digest of the policies, ``template`` and
``generator`` name what it was made with; "" for what was issued before they were kept.
"""

document_files = sa.Table(
    "document_files",
    metadata,
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""Further files of an issued version: the references of its figures, a complete list, the PDF."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("administrator", sa.Boolean, nullable=False),
    sa.Column("products", sa.Text, nullable=False),
    sa.Column("sealed_key", sa.LargeBinary, nullable=False),
    sa.Column("opened_at", sa.Double, nullable=False),
    sa.Column("checked_at", sa.Double, nullable=False),
    sa.Index("sessions_by_account", "site", "account"),
)
"""Who is signed in. The token is kept as its digest, the person's key of the site sealed with the token.

``products`` are those that the account may see, as JSON, read from the site at ``checked_at``.
"""

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", _BIG, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False, index=True),
)
"""Sign-ins tried lately that did not succeed, or not yet."""
