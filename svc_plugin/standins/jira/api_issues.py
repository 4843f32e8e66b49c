"""REST: issues, their transitions, changelogs and comments."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, Response

from svc_plugin.standins.jira import events, issue_shapes, shapes
from svc_plugin.standins.jira.catalogue import Project, Transition
from svc_plugin.standins.jira.edits import create, edit, open_transitions, transition
from svc_plugin.standins.jira.errors import Refused, invalid
from svc_plugin.standins.jira.json_values import Json, listing, mapping, whole
from svc_plugin.standins.jira.meta_shapes import field_meta
from svc_plugin.standins.jira.state import Issue
from svc_plugin.standins.jira.system_fields import schema
from svc_plugin.standins.jira.wanted import Reader, screen_of
from svc_plugin.standins.jira.web import (
    asker,
    cloud_only,
    document,
    done,
    expands,
    issue_for,
    need,
    query,
    reply,
    root,
    site,
)

api = Blueprint("issues", __name__, url_prefix="/rest/api/2")
PAGE = 100


@api.post("/issue")
def post_issue() -> Response:
    """Create an issue."""
    query("updateHistory")
    person, here = asker(), site()
    body = document("fields", "update", "properties")
    fields = dict(mapping(body.get("fields")))
    named = mapping(fields.pop("project", None))
    project = here.catalogue.project(named.get("id", named.get("key")))
    if project is None or not here.may(person, "BROWSE_PROJECTS", project.key):
        raise invalid("project", "valid project is required")
    if not here.may(person, "CREATE_ISSUES", project.key):
        raise Refused(403, "You do not have permission to create issues in this project.")
    wanted_type = mapping(fields.pop("issuetype", None))
    kind = next(
        (
            one
            for one in here.catalogue.types.values()
            if wanted_type.get("id") == one.id
            or ("id" not in wanted_type and wanted_type.get("name") == one.name)
        ),
        None,
    )
    if kind is None:
        raise invalid("issuetype", "Specify a valid issue type")
    screen = screen_of(here, kind, project.key)
    wanted = Reader(here, person, project.key, screen).read({**body, "fields": fields})
    made = create(here, person, project, kind, wanted)
    set_properties(made, body.get("properties"))
    return reply({"id": str(made.id), "key": made.key, "self": f"{root()}/rest/api/2/issue/{made.id}"}, 201)


def set_properties(issue: Issue, wanted: object) -> None:
    """Set the entity properties that come along with a write."""
    for one in listing(wanted):
        key, value = str(mapping(one).get("key")), mapping(one).get("value")
        issue.properties[key] = value
        events.property_event(site(), "set", issue, key, value)


@api.get("/issue/<key>")
def get_issue(key: str) -> Response:
    """Read an issue."""
    asked = query("fields", "expand", "properties", "fieldsByKeys", "updateHistory", "failFast")
    one, person, here = issue_for(key), asker(), site()
    fields = issue_shapes.wanted_fields(here, [asked.get("fields", "")], "*all")
    found = issue_shapes.issue(here, root(), one, person, fields)
    expanded = expands(asked.get("expand", ""), "changelog", "names", "schema", "transitions")
    add_expansions(one, found, expanded, fields)
    if "transitions" in expanded:
        moves = open_transitions(here, person, one)
        found["transitions"] = [_transition(move, here.project_of(one), with_fields=False) for move in moves]
    if "properties" in asked:
        found["properties"] = properties_of(one, asked["properties"])
    return reply(found)


def add_expansions(one: Issue, found: Json, expanded: Collection[str], fields: Collection[str]) -> None:
    """Add changelog, names and schema to an issue where they are asked for."""
    here = site()
    if "changelog" in expanded:
        # Cloud: the newest first and no more than a page; Data Center: all of them, the oldest first
        entries = one.histories[::-1][:PAGE] if here.cloud else one.histories
        shown = [shapes.history(here, root(), entry) for entry in entries]
        found["changelog"] = {
            "startAt": 0,
            "maxResults": len(shown),
            "total": len(one.histories),
            "histories": shown,
        }
    if "names" in expanded:
        found["names"] = {name: here.catalogue.fields[name].name for name in fields}
    if "schema" in expanded:
        found["schema"] = {name: schema(here.catalogue.fields[name]) for name in fields}


def properties_of(one: Issue, names: str) -> Json:
    """The entity properties of these names (with commas, or ``*all``)."""
    wanted = set(names.split(","))
    return {key: value for key, value in one.properties.items() if key in wanted or "*all" in wanted}


@api.put("/issue/<key>")
def put_issue(key: str) -> Response:
    """Change an issue's fields."""
    query("notifyUsers")
    one, person, here = issue_for(key), asker(), site()
    body = document("fields", "update", "properties")
    if not here.may(person, "EDIT_ISSUES", one.project):
        raise Refused(
            400 if here.cloud else 403, "You do not have permission to edit issues in this project."
        )
    screen = screen_of(here, here.type_of(one), one.project)
    wanted = Reader(here, person, one.project, screen, one.values).read(body)
    edit(here, person, one, wanted)
    set_properties(one, body.get("properties"))
    return done()


@api.delete("/issue/<key>")
def delete_issue(key: str) -> Response:
    """Delete an issue with all that hangs on it."""
    query("deleteSubtasks")
    one, here = issue_for(key), site()
    need("DELETE_ISSUES", one)
    for link in here.state.links_of(one):
        del here.state.links[link.id]
    del here.state.issues[one.id]
    events.issue_deleted(here, one, asker())
    return done()


@api.put("/issue/<key>/assignee")
def put_assignee(key: str) -> Response:
    """Assign an issue; null takes the assignee away, -1 (the project's default) is nobody here."""
    one, person, here = issue_for(key), asker(), site()
    need("ASSIGN_ISSUES", one)
    body = dict(document("accountId" if here.cloud else "name"))
    if "-1" in body.values():
        body = dict.fromkeys(body, None)
    wanted = Reader(here, person, one.project, ["assignee"]).read({"fields": {"assignee": body}})
    edit(here, person, one, wanted)
    return done()


@api.get("/issue/<key>/transitions")
def get_transitions(key: str) -> Response:
    """List what the asker may do now; an unknown ``transitionId`` gives an empty list."""
    asked = query(
        "expand",
        "transitionId",
        "skipRemoteOnlyCondition",
        "includeUnavailableTransitions",
        "sortByOpsBarAndStatus",
    )
    one = issue_for(key)
    with_fields = "transitions.fields" in expands(asked.get("expand", ""), "transitions.fields")
    found = [
        _transition(move, site().project_of(one), with_fields=with_fields)
        for move in open_transitions(site(), asker(), one)
        if asked.get("transitionId") in {None, move.id}
    ]
    return reply({"expand": "transitions", "transitions": found})


def _transition(move: Transition, project: Project, *, with_fields: bool) -> Json:
    here, known = site(), site().catalogue.fields
    found: Json = {
        "id": move.id,
        "name": move.plan.name,
        "to": shapes.status(root(), here.catalogue.statuses[move.to]),
    }
    if here.cloud:
        found |= {
            "hasScreen": move.plan.screen is not None,
            "isGlobal": not move.sources,
            "isInitial": False,
            "isAvailable": True,
            "isConditional": bool(move.plan.roles),
            "isLooped": False,
        }
    if with_fields:
        found["fields"] = {
            name: field_meta(here, root(), known[name], project, required=name in move.required)
            for name in move.screen
            if name != "comment"
        }
    return found


@api.post("/issue/<key>/transitions")
def post_transition(key: str) -> Response:
    """Move an issue."""
    one, person, here = issue_for(key), asker(), site()
    body = document("transition", "fields", "update", "properties", "historyMetadata")
    number = mapping(body.get("transition")).get("id")
    if number is None:
        raise Refused(400, "Missing 'transition' identifier")
    move = next((item for item in open_transitions(here, person, one) if item.id == str(number)), None)
    if move is None:
        if here.cloud:
            raise Refused(400, f"Transition id '{number}' is not valid for this issue.")
        raise Refused(500, "Internal server error")
    wanted = Reader(here, person, one.project, move.screen, one.values).read(body)
    transition(here, person, one, move, wanted)
    return done()


@api.get("/issue/<key>/changelog")
def get_changelog(key: str) -> Response:
    """The changelog, oldest first (Cloud)."""
    cloud_only()
    asked = query("startAt", "maxResults")
    one = issue_for(key)
    start = whole(asked.get("startAt"), 0)
    size = min(whole(asked.get("maxResults"), PAGE), PAGE)
    shown = one.histories[start : start + size]
    place = f"{root()}/rest/api/2/issue/{one.id}/changelog"
    found: Json = {
        "self": f"{place}?maxResults={size}&startAt={start}",
        "maxResults": size,
        "startAt": start,
        "total": len(one.histories),
        "isLast": start + size >= len(one.histories),
        "values": [shapes.history(site(), root(), entry) for entry in shown],
    }
    if not found["isLast"]:
        found["nextPage"] = f"{place}?maxResults={size}&startAt={start + size}"
    return reply(found)
