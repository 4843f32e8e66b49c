"""REST for administrators: custom fields, their contexts and options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request

from svc_plugin.standins.jira.api_meta import field_details
from svc_plugin.standins.jira.contexts import Context, context_for, holds_for
from svc_plugin.standins.jira.errors import Refused, Unknown
from svc_plugin.standins.jira.json_values import Json, listing, mapping, text, texts, whole
from svc_plugin.standins.jira.plan import FieldKind, FieldPlan
from svc_plugin.standins.jira.system_fields import CUSTOM_PREFIX, CUSTOM_TYPES, FieldDef
from svc_plugin.standins.jira.web import administrator, asker, cloud_only, document, done, query, reply, site

api = Blueprint("fields", __name__, url_prefix="/rest/api/2")
_SEARCHERS: Final = frozenset(
    CUSTOM_PREFIX + name
    for name in (
        "daterange",
        "datetimerange",
        "exactnumber",
        "multiselectsearcher",
        "textsearcher",
        "userpickergroupsearcher",
    )
)


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
    searcher = body.get("searcherKey")
    if searcher is not None and searcher not in _SEARCHERS:
        raise Unknown(f"searcher {searcher!r}")
    plan = FieldPlan(text(body["name"]), kinds[str(body["type"])])
    made = site().catalogue.add_field(plan, on_screens=False)
    made.searchable = searcher is not None
    return reply(field_details(made), 201)


def custom_field(number: str) -> FieldDef:
    """The custom field with this id, for an administrator. Raises ``Refused`` (403, 404)."""
    administrator()
    found = site().catalogue.fields.get(number)
    if found is None or not found.custom:
        raise Refused(404, "The custom field was not found.")
    return found


def page(values: list[Json]) -> Response:
    """The part of a list that the query asks for."""
    start, size = whole(request.args.get("startAt"), 0), whole(request.args.get("maxResults"), 50)
    return reply(
        {
            "maxResults": size,
            "startAt": start,
            "total": len(values),
            "isLast": start + size >= len(values),
            "values": values[start : start + size],
        }
    )


@api.get("/field/<number>/context")
def get_contexts(number: str) -> Response:
    """The contexts of a custom field (Cloud)."""
    cloud_only()
    query("startAt", "maxResults")
    return page([_context_shape(one) for one in custom_field(number).contexts])


def _context_shape(one: Context) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "description": "",
        "isGlobalContext": not one.projects,
        "isAnyIssueType": not one.types,
    }


@api.post("/field/<number>/context")
def post_context(number: str) -> Response:
    """Create a context of a custom field (Cloud); a project has no more than one."""
    cloud_only()
    field, catalogue = custom_field(number), site().catalogue
    body = document("name", "description", "projectIds", "issueTypeIds")
    projects = texts(body.get("projectIds"))
    taken = any(set(one.projects) & set(projects) or one.projects == projects for one in field.contexts)
    if taken or not text(body.get("name")):
        raise Refused(400, "A context needs a name, and each project belongs to one context at most.")
    if not set(projects) <= set(catalogue.projects):
        raise Refused(404, "The project was not found.")
    made = catalogue.add_context(field, text(body["name"]), projects)
    made.types = _type_names(body)
    return reply({"id": made.id, "name": made.name, "projectIds": list(projects)}, 201)


def _type_names(body: Mapping[str, object]) -> tuple[str, ...]:
    wanted, known = texts(body.get("issueTypeIds")), site().catalogue.types
    if not set(wanted) <= set(known):
        raise Refused(404, "The issue type was not found.")
    return tuple(known[one].name for one in wanted)


@api.put("/field/<number>/context/<context>/issuetype")
def put_context_types(number: str, context: str) -> Response:
    """Let a context hold for more issue types (Cloud); not the one for all projects."""
    cloud_only()
    found = _context(custom_field(number), context)
    names = _type_names(document("issueTypeIds"))
    if not found.projects or not found.types or set(names) & set(found.types):
        raise Refused(400, "These issue types cannot be added to this context.")
    found.types = (*found.types, *names)
    return done()


@api.post("/field/<number>/context/mapping")
def post_context_mapping(number: str) -> Response:
    """Which context counts for types of projects (Cloud), null for none."""
    cloud_only()
    query("startAt", "maxResults")
    field, catalogue = custom_field(number), site().catalogue
    rows: list[Json] = []
    for one in listing(document("mappings").get("mappings")):
        asked = mapping(one)
        project, kind = text(asked.get("projectId")), text(asked.get("issueTypeId"))
        if project not in catalogue.projects or kind not in catalogue.types:
            raise Refused(404, "The project or issue type was not found.")
        found = context_for(field.contexts, project)
        holds = holds_for(field.contexts, project, catalogue.types[kind].name)
        number_ = found.id if found and holds else None
        rows.append({"projectId": project, "issueTypeId": kind, "contextId": number_})
    return page(rows)


@api.get("/field/<number>/context/projectmapping")
def get_context_projects(number: str) -> Response:
    """Which projects have which context (Cloud)."""
    cloud_only()
    query("startAt", "maxResults")
    rows: list[Json] = []
    for one in custom_field(number).contexts:
        for project in one.projects or ("",):
            whose: Json = {"projectId": project} if project else {"isGlobalContext": True}
            rows.append({"contextId": one.id, **whose})
    return page(rows)


def _context(field: FieldDef, number: str) -> Context:
    found = next((one for one in field.contexts if one.id == number), None)
    if found is None:
        raise Refused(404, "The context was not found.")
    return found


@api.get("/field/<number>/context/<context>/option")
def get_options(number: str, context: str) -> Response:
    """The options of a field of choices in a context (Cloud)."""
    cloud_only()
    query("startAt", "maxResults")
    field = custom_field(number)
    return page([_option(key, field.options[key]) for key in _context(field, context).options])


def _option(number: str, value: str) -> Json:
    return {"id": number, "value": value, "disabled": False}


@api.post("/field/<number>/context/<context>/option")
def post_options(number: str, context: str) -> Response:
    """Add options to a context of a field of choices (Cloud)."""
    cloud_only()
    field = custom_field(number)
    found = _context(field, context)
    values = [text(mapping(one).get("value")) for one in listing(document("options").get("options"))]
    known = {field.options[key] for key in found.options}
    if not all(values) or set(values) & known or len(set(values)) < len(values):
        raise Refused(400, "Option values must be given and unique.")
    made = [_option(site().catalogue.add_option(field, found, value), value) for value in values]
    return reply({"options": made})
