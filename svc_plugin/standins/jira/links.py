"""Links between issues."""

from __future__ import annotations

from collections.abc import Mapping

from svc_plugin.standins.jira import events, journal
from svc_plugin.standins.jira.errors import Refused, Unknown, missing_issue, only
from svc_plugin.standins.jira.json_values import mapping
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Issue, Link


def add_link(site: Site, person: Person, data: Mapping[str, object]) -> None:
    """Link the two issues that a body names; a link that is there already is no fault and no change.

    Raises ``Refused`` (400, 401 or 404).
    """
    only(data, "type", "inwardIssue", "outwardIssue", "comment", where="issue link")
    if data.get("comment") is not None:
        raise Unknown("a comment along with an issue link")
    ends = [_end(site, person, data.get(name)) for name in ("inwardIssue", "outwardIssue")]
    if ends[0] is None or ends[1] is None:
        raise Refused(400, "Both an inward and an outward issue must be given.")
    _link(site, person, _type(site, data.get("type")), ends[0], ends[1])


def check_link_from(site: Site, person: Person, data: Mapping[str, object]) -> None:
    """Raise ``Refused`` when an operation on the field ``issuelinks`` names what is not there."""
    _other_end(site, person, data)
    _type(site, data.get("type"))


def add_link_from(site: Site, person: Person, issue: Issue, data: Mapping[str, object]) -> None:
    """Link ``issue`` to the one that an operation on its field ``issuelinks`` names."""
    other, outward = _other_end(site, person, data)
    source, target = (issue, other) if outward else (other, issue)
    _link(site, person, _type(site, data.get("type")), source, target)


def _other_end(site: Site, person: Person, data: Mapping[str, object]) -> tuple[Issue, bool]:
    only(data, "type", "inwardIssue", "outwardIssue", where="issue link")
    target, source = (_end(site, person, data.get(name)) for name in ("outwardIssue", "inwardIssue"))
    other = target or source
    if other is None or (target and source):
        raise Refused(400, "Give either an inward or an outward issue.")
    return other, target is not None


def _end(site: Site, person: Person, value: object) -> Issue | None:
    data = mapping(value)
    if not data:
        return None
    found = site.find(data.get("id", data.get("key")))
    if found is None or not site.may(person, "BROWSE_PROJECTS", found.project):
        raise missing_issue()
    return found


def _type(site: Site, value: object) -> str:
    data = mapping(value)
    for one in site.catalogue.link_types.values():
        if data.get("id") == one.id or data.get("name") == one.name:
            return one.id
    raise Refused(404, f"No issue link type with name '{data.get('name', data.get('id'))}' found.")


def _link(site: Site, person: Person, kind: str, source: Issue, target: Issue) -> None:
    if not site.may(person, "LINK_ISSUES", source.project):
        raise Refused(401, "You do not have the permission to link issues.")
    known = {(one.type_id, one.source, one.target) for one in site.state.links.values()}
    if (kind, source.id, target.id) in known:
        return
    made = Link(site.state.next_id("link"), kind, source.id, target.id)
    site.state.links[made.id] = made
    _journal(site, person, made, gone=False)
    events.link_event(site, "created", made)


def remove_link(site: Site, person: Person, link: Link) -> None:
    """Take a link away."""
    del site.state.links[link.id]
    _journal(site, person, link, gone=True)
    events.link_event(site, "deleted", link)


def _journal(site: Site, person: Person, link: Link, *, gone: bool) -> None:
    source, target = site.state.issues[link.source], site.state.issues[link.target]
    kind = site.catalogue.link_types[link.type_id]
    field = site.catalogue.fields["issuelinks"]
    for one, other, word in ((source, target, kind.outward), (target, source, kind.inward)):
        told = (other.key, f"This issue {word} {other.key}")
        nothing = (None, None)
        item = journal.item(field, told if gone else nothing, nothing if gone else told)
        journal.write(site, one, person, (item,))
