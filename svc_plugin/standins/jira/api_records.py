"""REST: what hangs on an issue: worklogs, files, links, remote links, properties and watchers."""

from __future__ import annotations

import json
from typing import Final, cast
from urllib.parse import unquote

from flask import Blueprint, Response, request

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.errors import Refused, Unknown, only
from svc_plugin.standins.jira.events import property_event
from svc_plugin.standins.jira.files import attach, find_file
from svc_plugin.standins.jira.json_values import Json, mapping, text, whole
from svc_plugin.standins.jira.links import add_link, remove_link
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.state import Issue, RemoteLink, Worklog
from svc_plugin.standins.jira.web import asker, document, done, issue_for, need, query, reply, root, site
from svc_plugin.standins.jira.worklogs import add_worklog, drop_worklog

api = Blueprint("records", __name__)
V2: Final = "/rest/api/2"
PROPERTY_LIMIT: Final = 32768


@api.get(f"{V2}/issue/<key>/worklog")
def get_worklogs(key: str) -> Response:
    """The time spent on an issue, oldest entry first."""
    asked = query("startAt", "maxResults", "startedAfter", "startedBefore")
    only(asked, "startAt", "maxResults", where="worklog")
    one, here = issue_for(key), site()
    start = whole(asked.get("startAt"), 0)
    size = min(whole(asked.get("maxResults"), 5000), 5000)
    shown = [shapes.worklog(here, root(), one, item) for item in one.worklogs[start : start + size]]
    return reply({"startAt": start, "maxResults": size, "total": len(one.worklogs), "worklogs": shown})


@api.post(f"{V2}/issue/<key>/worklog")
def post_worklog(key: str) -> Response:
    """Book time; whoever asks is its author."""
    query("notifyUsers", "adjustEstimate")
    one, here = issue_for(key), site()
    made = add_worklog(here, asker(), one, document("comment", "started", "timeSpentSeconds"))
    return reply(shapes.worklog(here, root(), one, made), 201)


def _worklog(one: Issue, number: str) -> Worklog:
    for item in one.worklogs:
        if str(item.id) == number:
            return item
    raise Refused(404, f"Cannot find worklog with id: '{number}'.")


@api.get(f"{V2}/issue/<key>/worklog/<number>")
def get_worklog(key: str, number: str) -> Response:
    """One booking."""
    one = issue_for(key)
    return reply(shapes.worklog(site(), root(), one, _worklog(one, number)))


@api.delete(f"{V2}/issue/<key>/worklog/<number>")
def delete_worklog(key: str, number: str) -> Response:
    """Delete a booking."""
    one = issue_for(key)
    drop_worklog(site(), asker(), one, _worklog(one, number))
    return done()


@api.post(f"{V2}/issue/<key>/attachments")
def post_attachments(key: str) -> Response:
    """Attach files, sent in parts named ``file`` with the header that allows it."""
    one, here, person = issue_for(key), site(), asker()
    if request.headers.get("X-Atlassian-Token") not in {"no-check", "nocheck"}:
        raise Refused(403, "XSRF check failed")
    need("CREATE_ATTACHMENTS", one)
    parts = request.files.getlist("file")
    if not parts or set(request.files) - {"file"}:
        # what a Jira answers to this is not known
        raise Unknown(f"an upload with the parts {sorted(request.files)}; files come in parts named 'file'")
    given = [(part.filename or "", part.mimetype, part.read()) for part in parts]
    made = attach(here, person, one, given)
    return reply([shapes.attachment(here, root(), item) for item in made])


@api.get(f"{V2}/attachment/meta")
def attachment_meta() -> Response:
    """Whether files may be attached, and how large."""
    asker()
    return reply({"enabled": True, "uploadLimit": site().faults.upload_limit})


@api.get(f"{V2}/attachment/<number>")
def get_attachment(number: str) -> Response:
    """What is known of a file; alone its id is a number on Cloud."""
    found = shapes.attachment(site(), root(), find_file(site(), asker(), number))
    return reply({**found, "id": int(number)} if site().cloud else found)


@api.get(f"{V2}/attachment/content/<number>")
@api.get("/secure/attachment/<number>/<path:name>")
def get_content(number: str, name: str = "") -> Response:
    """The content of a file: Cloud and Data Center have it at different places."""
    found = find_file(site(), asker(), number)
    if site().cloud == bool(name) or (name and unquote(name) != found.name):
        raise Refused(404, "The attachment with id does not exist.")
    return Response(found.content, content_type=found.mime)


@api.post(f"{V2}/issueLink")
def post_link() -> Response:
    """Link two issues: 201 without a body, also for a link that is there already."""
    add_link(site(), asker(), document("type", "inwardIssue", "outwardIssue", "comment"))
    return done(201)


@api.delete(f"{V2}/issueLink/<number>")
def delete_link(number: str) -> Response:
    """Take a link away."""
    person, here = asker(), site()
    found = here.state.links.get(whole(number, 0))
    if found is None:
        raise Refused(404, f"No issue link with id '{number}' exists.")
    need("LINK_ISSUES", here.issue(person, found.source))
    remove_link(here, person, found)
    return done(204)


@api.get(f"{V2}/issue/<key>/remotelink")
def get_remote_links(key: str) -> Response:
    """The links to pages elsewhere; with ``globalId`` the one that has it."""
    asked = query("globalId")
    one = issue_for(key)
    if "globalId" in asked:
        for link in one.remote_links:
            if link.global_id == asked["globalId"]:
                return reply(_remote(one, link))
        raise Refused(404, "No remote issue link with this global id exists.")
    return reply([_remote(one, link) for link in one.remote_links])


def _remote(one: Issue, link: RemoteLink) -> Json:
    return {
        "id": link.id,
        "self": f"{root()}{V2}/issue/{one.id}/remotelink/{link.id}",
        **({"globalId": link.global_id} if link.global_id else {}),
        **link.data,
    }


@api.post(f"{V2}/issue/<key>/remotelink")
def post_remote_link(key: str) -> Response:
    """Create the link to a page, or replace the one with its global id whole."""
    one = issue_for(key)
    need("LINK_ISSUES", one)
    body = dict(document("globalId", "application", "relationship", "object"))
    thing = mapping(body.get("object"))
    missing = {name: f"'{name}' is required." for name in ("title", "url") if not text(thing.get(name))}
    global_id = text(body.pop("globalId", ""))
    if len(global_id) > 255:
        missing["globalId"] = "Global ID is too long. It must not exceed 255 characters."
    if missing:
        raise Refused(400, errors=missing)
    known = next((link for link in one.remote_links if global_id and link.global_id == global_id), None)
    status = 200 if known else 201
    if known is None:
        known = RemoteLink(site().state.next_id("remote link"), global_id, {})
        one.remote_links.append(known)
    known.data = body
    return reply({"id": known.id, "self": f"{root()}{V2}/issue/{one.id}/remotelink/{known.id}"}, status)


@api.get(f"{V2}/issue/<key>/properties")
def get_properties(key: str) -> Response:
    """The names of an issue's entity properties."""
    one = issue_for(key)
    return reply({"keys": [{"key": name, "self": _property(one, name)} for name in one.properties]})


def _property(one: Issue, name: str) -> str:
    return f"{root()}{V2}/issue/{one.id}/properties/{name}"


def property_value() -> object:
    """The value of an entity property in the body. Raises ``Refused`` (400)."""
    raw = request.get_data()
    if len(raw) > PROPERTY_LIMIT:
        raise Refused(400, f"The property value cannot be longer than {PROPERTY_LIMIT} characters.")
    try:
        return cast("object", json.loads(raw))
    except ValueError as error:
        raise Refused(400, "The property value must be valid JSON.") from error


@api.get(f"{V2}/issue/<key>/properties/<name>")
def get_property(key: str, name: str) -> Response:
    """One entity property."""
    one = issue_for(key)
    if name not in one.properties:
        raise Refused(404, f"The property {name} does not exist.")
    return reply({"key": name, "value": one.properties[name]})


@api.put(f"{V2}/issue/<key>/properties/<name>")
def put_property(key: str, name: str) -> Response:
    """Set an entity property: 201 when it is new. It changes neither changelog nor ``updated``."""
    one = issue_for(key)
    need("EDIT_ISSUES", one)
    new = name not in one.properties
    one.properties[name] = property_value()
    property_event(site(), "set", one, name, one.properties[name])
    return reply({}, 201 if new else 200)


@api.delete(f"{V2}/issue/<key>/properties/<name>")
def delete_property(key: str, name: str) -> Response:
    """Take an entity property away."""
    one = issue_for(key)
    need("EDIT_ISSUES", one)
    if name not in one.properties:
        raise Refused(404, f"The property {name} does not exist.")
    property_event(site(), "deleted", one, name, one.properties.pop(name))
    return done()


@api.get(f"{V2}/issue/<key>/watchers")
def get_watchers(key: str) -> Response:
    """Who watches an issue."""
    one, here = issue_for(key), site()
    need("VIEW_VOTERS_AND_WATCHERS", one)
    shown = [shapes.user(here, root(), person) for person in one.watchers]
    return reply(
        {
            "self": f"{root()}{V2}/issue/{one.key}/watchers",
            "isWatching": asker() in one.watchers,
            "watchCount": len(shown),
            "watchers": shown,
        }
    )


@api.post(f"{V2}/issue/<key>/watchers")
def post_watcher(key: str) -> Response:
    """Add a watcher: the body is a bare JSON text, the account id on Cloud and the name on Data Center."""
    one, person = issue_for(key), asker()
    raw = cast("object", json.loads(request.get_data() or b"null"))
    found = person if raw is None else _watcher(raw)
    if found != person:
        need("MANAGE_WATCHERS", one)
    if not site().may(found, "BROWSE_PROJECTS", one.project):
        raise Refused(401 if site().cloud else 400, "The user does not have permission to view this issue.")
    if found not in one.watchers:
        one.watchers.append(found)
    return done()


def _watcher(value: object) -> Person:
    for person in site().catalogue.people.values():
        if value == (person.account_id if site().cloud else person.name):
            return person
    raise Refused(400 if site().cloud else 404, f"The user '{value}' does not exist.")


@api.delete(f"{V2}/issue/<key>/watchers")
def delete_watcher(key: str) -> Response:
    """Take a watcher away."""
    word = "accountId" if site().cloud else "username"
    asked = query(word)
    one = issue_for(key)
    found = _watcher(asked.get(word))
    if found != asker():
        need("MANAGE_WATCHERS", one)
    one.watchers = [person for person in one.watchers if person != found]
    return done()
