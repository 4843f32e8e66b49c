"""An issue as Jira's JSON shows it, whole or in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.errors import Unknown
from svc_plugin.standins.jira.json_values import Json, texts
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Issue
from svc_plugin.standins.jira.system_fields import FieldDef

WORKLOGS_SHOWN: Final = 20
# what "*navigable" leaves out
_DETAIL: Final = frozenset({"comment", "worklog", "attachment"})


def wanted_fields(site: Site, names: Iterable[str], usual: str) -> set[str]:
    """The ids of the fields that ``fields`` asks for; ``usual`` is what nothing stands for.

    Raises ``Unknown`` for a system field that the stand-in does not have; an unknown custom field is nothing.
    """
    known = site.catalogue.fields
    asked = [part.strip() for name in names for part in name.split(",") if part.strip()] or [usual]
    found: set[str] = set()
    if all(name.startswith("-") for name in asked):
        asked = ["*all", *asked]
    for name in asked:
        if name == "*all":
            found |= known.keys()
        elif name == "*navigable":
            found |= known.keys() - _DETAIL
        elif name.startswith("-"):
            found.discard(name[1:])
        elif name in known:
            found.add(name)
        elif name not in {"id", "key"} and not name.startswith("customfield_"):
            raise Unknown(f"field {name!r}")
    return found


def issue(
    site: Site,
    root: str,
    one: Issue,
    person: Person,
    fields: set[str],
    *,
    values: Mapping[str, object] | None = None,
    updated: datetime | None = None,
) -> Json:
    """The issue with these fields; ``values`` and ``updated`` are those of a search that lags behind."""
    shown = one.values if values is None else values
    here = {field.id: field for field in site.catalogue.fields_of(one.type_id, one.project)}
    told: Json = {}
    for name in fields:
        if name in here:
            told[name] = _field(site, root, one, person, here[name], shown)
    if updated is not None and "updated" in told:
        told["updated"] = shapes.moment(site, updated)
    return {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
        "id": str(one.id),
        "self": f"{root}/rest/api/2/issue/{one.id}",
        "key": one.key,
        "fields": told,
    }


def _field(
    site: Site, root: str, one: Issue, person: Person, field: FieldDef, values: Mapping[str, object]
) -> object:
    if field.id in _DERIVED:
        return _DERIVED[field.id](site, root, one, person)
    return rendered(site, root, field, values.get(field.id))


def rendered(site: Site, root: str, field: FieldDef, value: object) -> object:
    """A stored value in JSON."""
    if isinstance(value, datetime):
        return shapes.moment(site, value)
    if field.kind in {"labels", "versions"}:
        if field.kind == "labels":
            return list(texts(value))
        return [shapes.version(site, root, site.state.versions[name]) for name in texts(value)]
    if value is None or field.kind not in _RENDERED:
        return value
    return _RENDERED[field.kind](site, root, field, str(value))


def _option(_site: Site, root: str, field: FieldDef, value: str) -> Json:
    return {
        "self": f"{root}/rest/api/2/customFieldOption/{value}",
        "value": field.options[value],
        "id": value,
    }


def _read(site: Site, root: str, field: FieldDef, value: str) -> object:
    return shapes.status(root, site.catalogue.statuses[value]) if field.id == "status" else value


_RENDERED: Final[Mapping[str, Callable[[Site, str, FieldDef, str], object]]] = MappingProxyType(
    {
        "select": _option,
        "read": _read,
        "user": lambda site, root, _field, value: shapes.user(site, root, site.catalogue.people[value]),
        "priority": lambda site, root, _field, value: shapes.choice(
            root, "priority", site.catalogue.priorities[value]
        ),
        "resolution": lambda site, root, _field, value: shapes.choice(
            root, "resolution", site.catalogue.resolutions[value]
        ),
    }
)


def comments_page(site: Site, root: str, one: Issue, person: Person) -> Json:
    """The comments that a person may read, inside the issue."""
    found = [shapes.comment(site, root, one, item) for item in one.comments if site.sees(person, one, item)]
    place = f"{root}/rest/api/2/issue/{one.id}/comment"
    return {"comments": found, "self": place, "maxResults": len(found), "total": len(found), "startAt": 0}


def _worklogs(site: Site, root: str, one: Issue, _person: Person) -> Json:
    """Inside the issue Jira shows the first twenty only; ``total`` tells of the rest."""
    shown = [shapes.worklog(site, root, one, item) for item in one.worklogs[:WORKLOGS_SHOWN]]
    return {"startAt": 0, "maxResults": WORKLOGS_SHOWN, "total": len(one.worklogs), "worklogs": shown}


def _watches(site: Site, root: str, one: Issue, person: Person) -> Json:
    return {
        "self": f"{root}/rest/api/2/issue/{one.key}/watchers",
        "watchCount": len(one.watchers),
        "isWatching": person in one.watchers,
    }


_DERIVED: Final[Mapping[str, Callable[[Site, str, Issue, Person], object]]] = MappingProxyType(
    {
        "issuetype": lambda site, root, one, _person: shapes.issue_type(root, site.type_of(one)),
        "project": lambda site, root, one, _person: shapes.project(site, root, site.project_of(one)),
        "creator": lambda site, root, one, _person: shapes.user(site, root, one.creator),
        "created": lambda site, _root, one, _person: shapes.moment(site, one.created),
        "updated": lambda site, _root, one, _person: shapes.moment(site, one.updated),
        "comment": comments_page,
        "worklog": _worklogs,
        "watches": _watches,
        "attachment": lambda site, root, one, _person: [
            shapes.attachment(site, root, item) for item in one.attachments
        ],
        "issuelinks": lambda site, root, one, _person: [
            shapes.link(site, root, one, item) for item in site.state.links_of(one)
        ],
        "subtasks": lambda _site, _root, _one, _person: [],
        "timespent": lambda _site, _root, one, _person: sum(item.seconds for item in one.worklogs) or None,
    }
)
