"""Who has signed in, and what waits for its owner."""

import sqlalchemy as sa

from svc_plugin.store.tables.schema import BIG, PASSING, metadata

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
    info=PASSING,
)
"""Who is signed in. The token is kept as its digest, the person's key of the site sealed with the token.

``products`` are those that the account may see, as JSON, read from the site at ``checked_at``.
"""

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False, index=True),
    info=PASSING,
)
"""Sign-ins tried lately that did not succeed, or not yet."""

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("due", sa.Double),
    sa.Column("busy", sa.Double, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fault", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("issue", sa.Text, nullable=False, server_default=""),
    sa.Index("drafts_by_account", "site", "account", "issue"),
)
"""Requests that people took down, until they are on their site: ``issue`` is the key they have there.

``id`` is the token of the form, ``form`` what was typed as JSON. To be delivered when ``due``, by its
owner's hand when that is null; being delivered until ``busy``. No key of a person is here.
"""
