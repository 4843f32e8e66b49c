"""Relations between issues, stored in one canonical direction and noted in both issues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from svc_plugin.standins.redmine.faults import Fault, Invalid, Refused
from svc_plugin.standins.redmine.journals import write
from svc_plugin.standins.redmine.model import Detail, Issue, Relation, User
from svc_plugin.standins.redmine.permissions import allows, sees_issue
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import as_text, whole

# type -> how the other side calls it; the last four are stored turned round
OTHER_SIDE: Final[Mapping[str, str]] = MappingProxyType({
    "relates": "relates",
    "duplicates": "duplicated",
    "blocks": "blocked",
    "precedes": "follows",
    "copied_to": "copied_from",
    "duplicated": "duplicates",
    "blocked": "blocks",
    "follows": "precedes",
    "copied_from": "copied_to",
})  # fmt: skip
TURNED: Final = frozenset({"duplicated", "blocked", "follows", "copied_from"})


def relate(site: Site, user: User, issue: Issue, attrs: Mapping[str, object]) -> Relation:
    """Link the issue to another; neither issue's updated_on moves.

    Raises Refused(403) without manage_issue_relations, Invalid for a bad type, a target that is unknown or
    invisible, the issue itself, a link that exists, or a circle.
    """
    if not allows(site.catalogue, user, "manage_issue_relations", issue.project_id):
        raise Refused(403)
    kind = as_text(attrs.get("relation_type")) or "relates"
    other = site.store.issues.get(whole(attrs.get("issue_to_id")))
    faults = _faults(site, user, issue, other, kind)
    if faults or other is None:
        raise Invalid(*faults)
    turn = kind in TURNED or (kind == "relates" and issue.id > other.id)
    source, target = (other, issue) if turn else (issue, other)
    stored = OTHER_SIDE[kind] if kind in TURNED else kind
    delay = (whole(attrs.get("delay")) or 0) if stored == "precedes" else None
    with site.store.changing():
        relation = Relation(site.store.relations.next_id(), source.id, target.id, stored, delay)
        site.store.relations.put(relation)
        _note(site, user, relation, added=True)
    return relation


def _faults(site: Site, user: User, issue: Issue, other: Issue | None, kind: str) -> list[Fault]:
    if kind not in OTHER_SIDE:
        return [Fault("relation_type", "inclusion")]
    if other is None or not sees_issue(site.catalogue, user, other):
        return [Fault("issue_to_id", "blank")]
    if other.id == issue.id:
        return [Fault("issue_to_id", "invalid")]
    family = {one.id for one in (*site.ancestors(issue), *site.descendants(issue.id))}
    if other.id in family:
        return [Fault("", "descendant")]
    return _clashes(site, issue, other, kind)


def _clashes(site: Site, issue: Issue, other: Issue, kind: str) -> list[Fault]:
    turn = kind in TURNED
    source, target = (other.id, issue.id) if turn else (issue.id, other.id)
    stored = OTHER_SIDE[kind] if turn else kind
    for relation in site.relations_of(issue.id):
        ends = (relation.issue_from_id, relation.issue_to_id)
        if ends == (source, target) or (stored == "relates" and set(ends) == {source, target}):
            return [Fault("issue_to_id", "taken")]
    if stored in {"blocks", "precedes"} and source in _reached(site, target, stored):
        return [Fault("", "circular")]
    return []


def _reached(site: Site, start: int, kind: str) -> set[int]:
    reached = {start}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for relation in site.store.relations.all():
            fresh = relation.issue_to_id not in reached
            if relation.issue_from_id == here and relation.relation_type == kind and fresh:
                reached.add(relation.issue_to_id)
                waiting.append(relation.issue_to_id)
    return reached


def visible(site: Site, user: User, relation: Relation) -> bool:
    """Whether the user sees both ends."""
    ends = (site.store.issues.get(relation.issue_from_id), site.store.issues.get(relation.issue_to_id))
    return all(issue is not None and sees_issue(site.catalogue, user, issue) for issue in ends)


def separate(site: Site, user: User, relation: Relation) -> None:
    """Delete a relation; raises Refused(403) unless the user sees both ends and manages relations of one."""
    ends = (site.store.issues.get(relation.issue_from_id), site.store.issues.get(relation.issue_to_id))
    manages = any(
        issue is not None and allows(site.catalogue, user, "manage_issue_relations", issue.project_id)
        for issue in ends
    )
    if not visible(site, user, relation) or not manages:
        raise Refused(403)
    with site.store.changing():
        site.store.relations.drop(relation.id)
        _note(site, user, relation, added=False)


def _note(site: Site, user: User, relation: Relation, *, added: bool) -> None:
    """A journal in both issues: each names the relation from its own side, and the other issue."""
    kind = relation.relation_type
    sides = (
        (relation.issue_from_id, kind, relation.issue_to_id),
        (relation.issue_to_id, OTHER_SIDE[kind], relation.issue_from_id),
    )
    for issue_id, name, other_id in sides:
        detail = Detail("relation", name, None, str(other_id))
        if not added:
            detail = replace(detail, old_value=str(other_id), new_value=None)
        write(site, user, issue_id, details=(detail,))
