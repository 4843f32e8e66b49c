"""What the audit log says of plans carried out and of what people did on the site."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import Change, Plan
from svc_plugin.domain.witnessed import Deed, Witnessed, witnessed
from svc_plugin.engine.refusal import Refusal
from svc_plugin.store.audit import PRODUCT, AuditKind, Entry, told
from svc_plugin.store.codec import change_to_data

_KINDS = {Deed.APPROVAL: AuditKind.APPROVAL, Deed.WAIVER: AuditKind.WAIVER}
_WORDS = frozenset({"text", "description", "title", "content"})
"""What may hold people's own words: of these the log keeps a mark, by which a text can be recognised."""


def carried_out(plan: Plan, policy: str, at: datetime) -> list[Entry]:
    """Return the decision, and one entry for each write on the site that it came to."""
    site, key = plan.ref.site, plan.ref.key
    rules = sorted({one.rule for one in plan.findings if one.changes} or {one.rule for one in plan.findings})
    decision = {"plan": plan.id, "policy": policy, "rules": rules, "writes": len(plan.changes)}
    writes = ({"plan": plan.id, **change_told(change)} for change in plan.changes)
    return [
        Entry(AuditKind.DECISION, at, PRODUCT, decision, site, key),
        *(Entry(AuditKind.WRITE, at, PRODUCT, write, site, key) for write in writes),
    ]


def refused(ref: IssueRef, refusal: Refusal, at: datetime) -> Entry:
    """Return that a site would not do what was decided; the issue bears the reason as a comment."""
    detail = {"state": refusal.digest, "reason": refusal.reason}
    return Entry(AuditKind.REFUSAL, at, PRODUCT, detail, ref.site, ref.key)


def change_told(change: Change) -> dict[str, Any]:
    """Describe a change, its texts by their marks only."""
    return {name: _mark(value) if name in _WORDS else value for name, value in change_to_data(change).items()}


def new_deeds(connection: sa.Connection, issue: Issue, at: datetime) -> Sequence[Entry]:
    """Return what people did on an issue and the log does not tell yet: seen again, it is told once."""
    seen = {deed: _told(deed) for deed in witnessed(issue)}
    if not seen:
        return ()
    known = [_identity(detail) for detail in told(connection, issue.ref, _KINDS.values())]
    return [
        Entry(_KINDS[deed.deed], at, deed.account, detail, issue.ref.site, issue.ref.key)
        for deed, detail in seen.items()
        if _identity(detail) not in known
    ]


def _told(deed: Witnessed) -> dict[str, str]:
    return {"at": deed.at.isoformat(), "account": deed.account, **dict(deed.facts)}


def _identity(detail: Mapping[str, Any]) -> tuple[Any, ...]:
    """Name an act by what no later reading of the history can tell otherwise."""
    return tuple(detail.get(name) for name in ("at", "account", "waiver"))


def _mark(text: object) -> str:
    return f"sha256:{hashlib.sha256(str(text).encode('utf-8', 'backslashreplace')).hexdigest()}"
