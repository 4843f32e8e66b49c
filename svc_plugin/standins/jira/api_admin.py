"""REST for administrators: versions, types of links, and what is kept with a project."""

from __future__ import annotations

from flask import Blueprint, Response

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.api_records import property_value
from svc_plugin.standins.jira.catalogue import Choice
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.events import version_event
from svc_plugin.standins.jira.json_values import text
from svc_plugin.standins.jira.state import Version
from svc_plugin.standins.jira.web import administrator, asker, document, project_for, reply, root, site

api = Blueprint("admin", __name__, url_prefix="/rest/api/2")


@api.get("/project/<key>/versions")
def get_versions(key: str) -> Response:
    """The versions of a project."""
    found = project_for(key)
    known = site().state.versions.values()
    return reply([shapes.version(site(), root(), one) for one in known if one.project == found.key])


@api.post("/version")
def post_version() -> Response:
    """Create a version; for administrators of the project only."""
    body = document("name", "description", "projectId", "project", "released")
    found = project_for(str(body.get("projectId", body.get("project"))))
    if not site().may(asker(), "ADMINISTER_PROJECTS", found.key):
        raise Refused(
            401 if site().cloud else 403, "You must have browse and administer project permissions."
        )
    name = text(body.get("name")).strip()
    if not name:
        raise Refused(400, errors={"name": "You must specify a valid version name"})
    if any(one.project == found.key and one.name == name for one in site().state.versions.values()):
        raise Refused(400, errors={"name": "A version with this name already exists in this project."})
    made = Version(
        str(site().state.next_id("version")),
        found.key,
        name,
        text(body.get("description")),
        body.get("released") is True,
    )
    site().state.versions[made.id] = made
    version_event(site(), "created", made)
    return reply(shapes.version(site(), root(), made), 201)


@api.post("/issueLinkType")
def post_link_type() -> Response:
    """Create a type of links between issues."""
    administrator()
    body = document("name", "inward", "outward")
    name, inward, outward = (text(body.get(key)).strip() for key in ("name", "inward", "outward"))
    if not (name and inward and outward):
        raise Refused(400, "The name and both descriptions of an issue link type are required.")
    known = site().catalogue.link_types
    if any(one.name == name for one in known.values()):
        # Cloud's description says 404 for a name that is in use
        raise Refused(404 if site().cloud else 400, "An issue link type with this name already exists.")
    made = Choice(str(max(map(int, known), default=9999) + 1), name, outward, inward)
    known[made.id] = made
    return reply(shapes.link_type(root(), made), 201)


@api.get("/project/<key>/properties/<name>")
def get_project_property(key: str, name: str) -> Response:
    """The value of a project's entity property."""
    known = site().state.project_properties
    found = (project_for(key).key, name)
    if found not in known:
        raise Refused(404, f"The property {name} does not exist.")
    return reply({"key": name, "value": known[found]})


@api.put("/project/<key>/properties/<name>")
def put_project_property(key: str, name: str) -> Response:
    """Set a project's entity property; for administrators of the project only."""
    found = project_for(key)
    if not site().may(asker(), "ADMINISTER_PROJECTS", found.key):
        raise Refused(403, "You do not have permission to administer the project.")
    known = site().state.project_properties
    new = (found.key, name) not in known
    known[found.key, name] = property_value()
    return reply({}, 201 if new else 200)
