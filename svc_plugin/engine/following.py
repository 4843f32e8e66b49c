"""Which issues to look at after one: what was made for it, and the one for which it was made."""

from collections.abc import Mapping
from types import MappingProxyType

from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.vocabulary import IssueKind
from svc_plugin.engine.ports import Mirror

_SERVED_BY: Mapping[IssueKind | None, tuple[IssueKind, ...]] = MappingProxyType(
    {
        IssueKind.SERVICE_REQUEST: (IssueKind.MAINTENANCE,),
        IssueKind.MAINTENANCE: (IssueKind.SERVICE_TASK,),
        IssueKind.DOCUMENT: (IssueKind.SERVICE_TASK,),
    }
)


def to_follow(mirror: Mirror, seen: Snapshot) -> tuple[IssueRef, ...]:
    """Name what was made for this issue and never looked at, and the owner whose decision it changes."""
    issue = seen.issue
    made = [one.ref for one in seen.linked if one.owner == issue.ref and mirror.get(one.ref) is None]
    return (*made, *owner_of(mirror, issue))


def owner_of(mirror: Mirror, issue: Issue) -> tuple[IssueRef, ...]:
    """Name the issue for which this one was made, if there is one."""
    owner = issue.owner
    known = mirror.get(owner) if owner else None
    # issues that name each other must not go round: a kind is served by kinds below it only
    served = known is None or issue.kind in _SERVED_BY.get(known.kind, ())
    return (owner,) if owner and served else ()
