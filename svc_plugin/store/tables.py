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
    sa.UniqueConstraint("site", "delivery"),
    sa.Index("deliveries_by_issue", "site", "key", "seq"),
)
"""Every delivery as it came. ``seq`` is the issue's ``wanted`` count at that moment."""

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
)
"""One row an issue: looked at when ``due``, claimed until ``busy``, parked when due is null and error set.

``wanted`` counts what asked for a look, ``done`` how much of it the last finished look had seen. An id
would not do: on PostgreSQL ids do not commit in order.
"""

mirror = sa.Table(
    "mirror",
    metadata,
    *_issue_key(),
    sa.Column("product", sa.Text, nullable=False, index=True),
    sa.Column("updated_at", sa.Double, nullable=False),
    sa.Column("seen_at", sa.Double, nullable=False),
    sa.Column("issue", sa.Text, nullable=False),
)
"""The last snapshot of every issue as JSON; rebuilt from the sites by ``sync --full``."""

refusals = sa.Table(
    "refusals",
    metadata,
    *_issue_key(),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
"""What a site would not do, by a digest of the state and the plan: not tried again until one changes."""

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
)
"""Every issued version byte for byte (M65)."""
