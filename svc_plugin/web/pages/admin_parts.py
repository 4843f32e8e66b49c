"""What the administrators' pages need beside what every page needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request

from svc_plugin.settings import Settings
from svc_plugin.store.administration import SqlAdministration
from svc_plugin.store.audit import SqlAudit
from svc_plugin.store.heartbeats import SqlContacts, SqlHeartbeats
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.syncs import SqlSyncs

ROWS = 50
"""How many rows a page of a list has."""
_LONGEST = 200  # signs in a filter
_HIGHEST = 2**62


@dataclass(frozen=True, slots=True)
class AdminParts:
    """Stores, settings as they were loaded with the marks of their files, and how to ask for a sync."""

    settings: Settings
    files: Mapping[str, str]
    log: SqlAudit
    desk: SqlAdministration
    contacts: SqlContacts
    heartbeats: SqlHeartbeats
    syncs: SqlSyncs
    site_states: SqlSiteStates
    send_sync: Callable[[], None]


def asked_text(name: str) -> str:
    """Return a filter of the address, "" for what nobody can mean."""
    text = request.args.get(name, "").strip()
    return text if len(text) <= _LONGEST and text.isprintable() else ""


def asked_number(name: str) -> int | None:
    """Return a whole number of the address from 1 on, None for anything else."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(_HIGHEST))):
        return None
    return int(text) or None
