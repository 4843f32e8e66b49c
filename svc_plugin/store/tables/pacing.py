"""Whose turn it is, and what all workers must know of a site."""

import sqlalchemy as sa

from svc_plugin.store.tables.schema import issue_key, metadata

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("project", sa.Text, primary_key=True),
    sa.Column("served", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("newest", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("turns_in_order", "served", "site", "project"),
)
"""One row a project that ever had work: ``served`` is the number of its last turn, the lowest is next.

``newest``: in its next turn the issue that became due last is taken, not the longest overdue one.
"""

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
    *issue_key(),
    sa.Column("at", sa.Double, nullable=False),
    sa.Index("touched_by_time", "site", "at"),
)
"""When each issue was last changed by us, for the brake; kept for an hour or a little longer."""
