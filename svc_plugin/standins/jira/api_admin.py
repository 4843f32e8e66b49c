"""REST for administrators: versions, custom fields and screens."""

from __future__ import annotations

from flask import Blueprint, Response

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.api_meta import field_details
from svc_plugin.standins.jira.errors import Refused, Unknown
from svc_plugin.standins.jira.events import version_event
from svc_plugin.standins.jira.json_values import Json, listing, mapping, text
from svc_plugin.standins.jira.plan import FieldKind, FieldPlan
from svc_plugin.standins.jira.state import Version
from svc_plugin.standins.jira.system_fields import CUSTOM_PREFIX, CUSTOM_TYPES, FieldDef
from svc_plugin.standins.jira.web import (
    administrator,
    asker,
    cloud_only,
    document,
    project_for,
    query,
    reply,
    root,
    site,
)

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


@api.post("/field")
def post_field() -> Response:
    """Create a custom field; it stands on no screen yet."""
    asker()
    body = document("name", "description", "type", "searcherKey")
    if not site().may(asker(), "ADMINISTER"):
        raise Refused(400 if site().cloud else 403, "Only Jira administrators can create custom fields.")
    kinds: dict[str, FieldKind] = {CUSTOM_PREFIX + known: kind for kind, known in CUSTOM_TYPES.items()}
    if body.get("type") not in kinds:
        raise Unknown(f"custom field type {body.get('type')!r}")
    if not text(body.get("name")):
        raise Refused(400, errors={"name": "The name of the custom field is required."})
    plan = FieldPlan(text(body["name"]), kinds[str(body["type"])])
    return reply(field_details(site().catalogue.add_field(plan, on_screens=False)), 201)


def _field(number: str) -> FieldDef:
    administrator()
    found = site().catalogue.fields.get(number)
    if found is None or not found.custom:
        raise Refused(404, "The custom field was not found.")
    return found


def _page(values: list[Json]) -> Response:
    found: Json = {"maxResults": 50, "startAt": 0, "total": len(values), "isLast": True, "values": values}
    return reply(found)


def _context(field: FieldDef) -> str:
    """The one context, for all projects, that each field has."""
    return str(int(field.id.removeprefix("customfield_")) + 100)


@api.get("/field/<number>/context")
def get_contexts(number: str) -> Response:
    """The contexts of a custom field (Cloud): one, for all projects and types."""
    cloud_only()
    query("startAt", "maxResults")
    field = _field(number)
    return _page(
        [
            {
                "id": _context(field),
                "name": f"Default Configuration Scheme for {field.name}",
                "description": "",
                "isGlobalContext": True,
                "isAnyIssueType": not field.issue_types,
            }
        ]
    )


@api.get("/field/<number>/context/<context>/option")
def get_options(number: str, context: str) -> Response:
    """The options of a field of choices (Cloud)."""
    cloud_only()
    query("startAt", "maxResults")
    field = _field(number)
    _same_context(field, context)
    return _page([_option(key, value) for key, value in field.options.items()])


def _same_context(field: FieldDef, context: str) -> None:
    if context != _context(field):
        raise Refused(404, "The context was not found.")


def _option(number: str, value: str) -> Json:
    return {"id": number, "value": value, "disabled": False}


@api.post("/field/<number>/context/<context>/option")
def post_options(number: str, context: str) -> Response:
    """Add options to a field of choices (Cloud)."""
    cloud_only()
    field = _field(number)
    _same_context(field, context)
    values = [text(mapping(one).get("value")) for one in listing(document("options").get("options"))]
    if not all(values) or set(values) & set(field.options.values()) or len(set(values)) < len(values):
        raise Refused(400, "Option values must be given and unique.")
    made = [_option(site().catalogue.add_option(field, value), value) for value in values]
    return reply({"options": made})


@api.get("/screens")
def get_screens() -> Response:
    """The screens: one, on which everything is created and edited."""
    administrator()
    query("startAt", "maxResults")
    shown: list[Json] = [{"id": 1, "name": "Default Screen", "description": ""}]
    return _page(shown) if site().cloud else reply(shown)


def _screen(screen: str) -> None:
    administrator()
    if screen != "1":
        raise Refused(404, "The screen was not found.")


@api.get("/screens/<screen>/tabs")
def get_tabs(screen: str) -> Response:
    """The tabs of a screen: one."""
    _screen(screen)
    return reply([{"id": 10000, "name": "Field Tab"}])


@api.get("/screens/<screen>/tabs/<tab>/fields")
def get_screen_fields(screen: str, tab: str) -> Response:
    """The fields on a tab."""
    _tab(screen, tab)
    known = site().catalogue.fields.values()
    return reply([{"id": one.id, "name": one.name} for one in known if one.on_screens])


def _tab(screen: str, tab: str) -> None:
    _screen(screen)
    if tab != "10000":
        raise Refused(404, "The tab was not found.")


@api.post("/screens/<screen>/tabs/<tab>/fields")
def post_screen_field(screen: str, tab: str) -> Response:
    """Put a field on a tab, so that it can be filled in."""
    _tab(screen, tab)
    field = _field(text(document("fieldId").get("fieldId")))
    if field.on_screens:
        raise Refused(400, errors={"fieldId": "The field is already on the screen."})
    field.on_screens = True
    return reply({"id": field.id, "name": field.name})
