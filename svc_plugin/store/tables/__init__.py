"""The tables of our database, by topic; migrations bring a database to them.

Moments are kept as seconds since 1970 (UTC), so that both databases compare them alike.
"""

from svc_plugin.store.tables.documents import approvals, copies, document_files, documents
from svc_plugin.store.tables.figures import facts, hours, timers
from svc_plugin.store.tables.operation import audit, audit_head, contacts, heartbeats, syncs
from svc_plugin.store.tables.pacing import site_states, touched, turns
from svc_plugin.store.tables.people import attempts, drafts, sessions
from svc_plugin.store.tables.schema import metadata
from svc_plugin.store.tables.work import (
    begun,
    deliveries,
    ledger,
    mirror,
    notifications,
    refusals,
    sweeps,
    work,
)

__all__ = [
    "approvals",
    "attempts",
    "audit",
    "audit_head",
    "begun",
    "contacts",
    "copies",
    "deliveries",
    "document_files",
    "documents",
    "drafts",
    "facts",
    "heartbeats",
    "hours",
    "ledger",
    "metadata",
    "mirror",
    "notifications",
    "refusals",
    "sessions",
    "site_states",
    "sweeps",
    "syncs",
    "timers",
    "touched",
    "turns",
    "work",
]
