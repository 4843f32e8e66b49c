"""REST: types, statuses, the list of fields, and what stands on the screens."""

from __future__ import annotations

from flask import Blueprint, Response

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.catalogue import IssueType, Project
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import Json, whole
from svc_plugin.standins.jira.meta_shapes import field_meta
from svc_plugin.standins.jira.system_fields import FieldDef, schema
from svc_plugin.standins.jira.wanted import screen_of
from svc_plugin.standins.jira.web import asker, issue_for, project_for, query, reply, root, site

api = Blueprint("meta", __name__, url_prefix="/rest/api/2")


@api.get("/project/<key>/statuses")
def project_statuses(key: str) -> Response:
    """The statuses that issues of each type can have in a project."""
    asker()
    project_for(key)
    catalogue = site().catalogue
    return reply(
        [
            {
                "self": f"{root()}/rest/api/2/issuetype/{one.id}",
                "id": one.id,
                "name": one.name,
                "subtask": False,
                "statuses": [shapes.status(root(), catalogue.statuses[number]) for number in one.statuses],
            }
            for one in catalogue.types.values()
        ]
    )


@api.get("/issuetype")
def issue_types() -> Response:
    """All issue types."""
    asker()
    return reply([shapes.issue_type(root(), one) for one in site().catalogue.types.values()])


@api.get("/status")
def statuses() -> Response:
    """All statuses."""
    asker()
    return reply([shapes.status(root(), one) for one in site().catalogue.statuses.values()])


@api.get("/priority")
def priorities() -> Response:
    """All priorities."""
    asker()
    return reply([shapes.choice(root(), "priority", one) for one in site().catalogue.priorities.values()])


@api.get("/resolution")
def resolutions() -> Response:
    """All resolutions."""
    asker()
    return reply([shapes.choice(root(), "resolution", one) for one in site().catalogue.resolutions.values()])


@api.get("/issueLinkType")
def link_types() -> Response:
    """All types of links between issues."""
    asker()
    found = [shapes.link_type(root(), one) for one in site().catalogue.link_types.values()]
    return reply({"issueLinkTypes": found})


@api.get("/field")
def get_fields() -> Response:
    """All fields."""
    asker()
    query()
    return reply([field_details(one) for one in site().catalogue.fields.values()])


def field_details(one: FieldDef) -> Json:
    """A field in the list of fields."""
    number = one.id.removeprefix("customfield_")
    return {
        "id": one.id,
        **({"key": one.id} if site().cloud else {}),
        "name": one.name,
        "custom": one.custom,
        "orderable": True,
        "navigable": True,
        "searchable": one.searchable,
        "clauseNames": [f"cf[{number}]", one.name] if one.custom else [one.id.lower()],
        "schema": schema(one),
    }


@api.get("/issue/createmeta/<key>/issuetypes")
def create_types(key: str) -> Response:
    """The issue types that can be created in a project."""
    asker()
    asked = query("startAt", "maxResults")
    project_for(key)
    shown = [shapes.issue_type(root(), one) for one in site().catalogue.types.values()]
    return reply(
        _page("issueTypes", shown, whole(asked.get("startAt"), 0), whole(asked.get("maxResults"), 50))
    )


@api.get("/issue/createmeta/<key>/issuetypes/<number>")
def create_fields(key: str, number: str) -> Response:
    """The fields on the create screen of a type."""
    asker()
    asked = query("startAt", "maxResults")
    project = project_for(key)
    kind = site().catalogue.types.get(number)
    if kind is None:
        raise Refused(400, f"No issue type with id '{number}' in this project.")
    shown = [{"fieldId": name, **meta} for name, meta in _screen(kind, project).items()]
    return reply(_page("fields", shown, whole(asked.get("startAt"), 0), whole(asked.get("maxResults"), 50)))


def _screen(kind: IssueType, project: Project) -> dict[str, Json]:
    here = site()
    return {
        name: field_meta(
            here,
            root(),
            here.catalogue.fields[name],
            project,
            required=name == "summary" or name in kind.required,
        )
        for name in screen_of(here, kind, project.key)
        if name != "comment"
    }


def _page(word: str, found: list[Json], start: int, size: int) -> Json:
    """A page: Data Center calls what is on it ``values`` and says when it is the last."""
    page: Json = {"startAt": start, "maxResults": size, "total": len(found)}
    shown = found[start : start + size]
    if site().cloud:
        return {**page, word: shown}
    return {**page, "isLast": start + size >= len(found), "values": shown}


@api.get("/issue/<key>/editmeta")
def edit_meta(key: str) -> Response:
    """The fields that can be edited on an issue."""
    query()
    one = issue_for(key)
    return reply({"fields": _screen(site().type_of(one), site().project_of(one))})
