"""REST: the server itself, people, permissions, projects, types, statuses and the list of fields."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.catalogue import GLOBAL, Project
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import Json, whole
from svc_plugin.standins.jira.plan import LEADING, Person
from svc_plugin.standins.jira.web import asker, expands, project_for, query, reply, root, site

api = Blueprint("site", __name__, url_prefix="/rest/api/2")
PERMISSIONS: Final = frozenset(LEADING) | frozenset(GLOBAL)


@api.get("/serverInfo")
def server_info() -> Response:
    """The server; anybody may ask."""
    query("doHealthCheck")
    here = site()
    numbers = [1001, 0, 0] if here.cloud else [10, 3, 0]
    return reply(
        {
            "baseUrl": request.host_url.rstrip("/"),
            "version": "1001.0.0-SNAPSHOT" if here.cloud else "10.3.0",
            "versionNumbers": numbers,
            "deploymentType": "Cloud" if here.cloud else "Server",
            "buildNumber": 100300,
            "buildDate": "2026-10-01T00:00:00.000+0000",
            "serverTime": shapes.moment(here, here.now()),
            "scmInfo": "stand-in",
            "serverTitle": "Jira",
            **({"serverTimeZone": "Asia/Shanghai"} if here.cloud else {}),
        }
    )


@api.get("/myself")
def myself() -> Response:
    """Who is asking, with the own e-mail address."""
    expands(query("expand").get("expand", ""), "groups", "applicationRoles")
    return reply({**shapes.user(site(), root(), asker(), email=True), "locale": "en_US"})


def person_named(value: str | None) -> Person:
    """The person by account id (Cloud) or name (Data Center). Raises ``Refused`` (404)."""
    for person in site().catalogue.people.values():
        if value == (person.account_id if site().cloud else person.name):
            return person
    raise Refused(404, "Specified user does not exist or you do not have required permissions")


@api.get("/user")
def get_user() -> Response:
    """One user."""
    asker()
    asked = query("accountId") if site().cloud else query("username", "key")
    if site().cloud:
        return reply(shapes.user(site(), root(), person_named(asked.get("accountId"))))
    return reply(shapes.user(site(), root(), person_named(asked.get("username"))))


@api.get("/user/assignable/search")
def assignable() -> Response:
    """The users to whom issues of a project may be assigned."""
    person = asker()
    asked = query("query", "username", "project", "issueKey", "accountId", "startAt", "maxResults")
    key = asked.get("project", "")
    if "issueKey" in asked:
        key = site().issue(person, asked["issueKey"]).project
    found = site().catalogue.project(key)
    if found is None:
        raise Refused(404, "No project could be found with the key given.")
    words = (asked.get("query") or asked.get("username") or "").lower()
    shown = [
        one
        for one in site().catalogue.people.values()
        if site().may(one, "ASSIGNABLE_USER", found.key)
        and words in f"{one.display_name} {one.email}{'' if site().cloud else ' ' + one.name}".lower()
        and asked.get("accountId") in {None, one.account_id}
    ]
    start, size = whole(asked.get("startAt"), 0), whole(asked.get("maxResults"), 50)
    return reply([shapes.user(site(), root(), one) for one in shown[start : start + size]])


@api.get("/mypermissions")
def my_permissions() -> Response:
    """What the asker may do; Cloud wants the names of the permissions."""
    person, here = asker(), site()
    asked = query("permissions", "projectKey", "projectId", "issueKey", "issueId")
    if here.cloud and not asked.get("permissions"):
        raise Refused(400, "The 'permissions' query parameter is required.")
    wanted = asked["permissions"].split(",") if asked.get("permissions") else sorted(PERMISSIONS)
    for name in wanted:
        if name not in PERMISSIONS:
            raise Refused(400, f"Unrecognized permission: {name}")
    key = ""
    if of_issue := asked.get("issueKey", asked.get("issueId", "")):
        key = here.issue(person, of_issue).project
    elif of_project := asked.get("projectKey", asked.get("projectId", "")):
        key = project_for(of_project).key
    return reply({"permissions": {name: _permission(person, name, key) for name in wanted}})


def _permission(person: Person, name: str, project: str) -> Json:
    return {
        "id": str(sorted(PERMISSIONS).index(name) + 1),
        "key": name,
        "name": name.replace("_", " ").capitalize(),
        "type": "GLOBAL" if name in GLOBAL else "PROJECT",
        "description": "",
        "havePermission": site().may(person, name, project),
    }


def _projects() -> list[Project]:
    known = site().catalogue.projects.values()
    return [one for one in known if site().may(asker(), "BROWSE_PROJECTS", one.key)]


@api.get("/project")
def get_projects() -> Response:
    """The projects that the asker may see."""
    asker()
    query()
    return reply([shapes.project(site(), root(), one) for one in _projects()])


@api.get("/project/search")
def search_projects() -> Response:
    """The projects that the asker may see, by pages (Cloud)."""
    asker()
    if not site().cloud:
        raise Refused(404, "No project could be found with key 'search'.")
    asked = query("startAt", "maxResults", "keys")
    keys = set(asked["keys"].split(",")) if "keys" in asked else None
    found = [one for one in _projects() if keys is None or one.key in keys]
    start, size = whole(asked.get("startAt"), 0), whole(asked.get("maxResults"), 50)
    shown = [shapes.project(site(), root(), one) for one in found[start : start + size]]
    return reply(
        {
            "self": request.url,
            "maxResults": size,
            "startAt": start,
            "total": len(found),
            "isLast": start + size >= len(found),
            "values": shown,
        }
    )


@api.get("/project/<key>")
def get_project(key: str) -> Response:
    """One project with its types and versions."""
    asker()
    query("expand")
    found = project_for(key)
    lead = next(iter(site().catalogue.people.values()))
    return reply(
        {
            **shapes.project(site(), root(), found),
            "description": "",
            "lead": shapes.user(site(), root(), lead),
            "issueTypes": [shapes.issue_type(root(), one) for one in site().catalogue.types.values()],
            "versions": [
                shapes.version(site(), root(), one)
                for one in site().state.versions.values()
                if one.project == found.key
            ],
        }
    )
