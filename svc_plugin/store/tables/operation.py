"""What administrators watch: the audit log, processes, sites, syncs."""

import sqlalchemy as sa

from svc_plugin.store.tables.schema import BIG, PASSING, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("audit_by_issue", "site", "key", "seq"),
    sa.Index("audit_by_kind", "kind", "seq"),
)
"""The audit log: only ever added to (triggers refuse the rest), each entry sealed with the one before it.

``key`` is "" for what concerns no issue, ``site`` for what concerns no site. ``detail`` is JSON.
"""

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
"""One row: the last entry of the audit log. Who appends locks it, so that there is one chain."""

heartbeats = sa.Table(
    "heartbeats",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("started_at", sa.Double, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    info=PASSING,
)
"""Processes that work, and when each last said so."""

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("answered_at", sa.Double),
    sa.Column("failed_at", sa.Double),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    info=PASSING,
)
"""When each site last answered and last failed to; ``failures`` counts those since it last answered."""

syncs = sa.Table(
    "syncs",
    metadata,
    sa.Column("id", BIG, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("full_walk", sa.Boolean, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("asked_at", sa.Double, nullable=False),
    sa.Column("busy", sa.Double, nullable=False, server_default="0"),
    sa.Column("step", sa.Text, nullable=False, server_default=""),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("total", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("ended_at", sa.Double),
    sa.Column("result", sa.Text, nullable=False, server_default=""),
    sa.Index("syncs_by_site", "site", "id"),
)
"""Syncs that an administrator asked for: carried out by whoever claims one until ``busy``, with progress.

``result`` is JSON once it has ended.
"""
