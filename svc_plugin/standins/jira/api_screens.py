"""REST for administrators: screens, and which of them an issue type of a project uses (Cloud)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from svc_plugin.standins.jira.api_fields import custom_field, page
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import Json, text
from svc_plugin.standins.jira.web import administrator, cloud_only, document, query, reply, site

api = Blueprint("screens", __name__, url_prefix="/rest/api/2")
_SCHEME = {"id": "1", "name": "Default Issue Type Screen Scheme", "description": ""}


@api.get("/screens")
def get_screens() -> Response:
    """The screens: one, on which everything is created and edited."""
    administrator()
    query("startAt", "maxResults")
    shown: list[Json] = [{"id": 1, "name": "Default Screen", "description": ""}]
    return page(shown) if site().cloud else reply(shown)


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
    field = custom_field(text(document("fieldId").get("fieldId")))
    if field.on_screens:
        raise Refused(400, errors={"fieldId": "The field is already on the screen."})
    field.on_screens = True
    return reply({"id": field.id, "name": field.name})


@api.get("/issuetypescreenscheme/project")
def get_project_schemes() -> Response:
    """Which scheme decides on the screens of projects (Cloud): one for all."""
    cloud_only()
    administrator()
    query("projectId", "startAt", "maxResults")
    known = [one for one in request.args.getlist("projectId") if one in site().catalogue.projects]
    found: list[Json] = [{"issueTypeScreenScheme": _SCHEME, "projectIds": known}] if known else []
    return page(found)


@api.get("/issuetypescreenscheme/mapping")
def get_scheme_mapping() -> Response:
    """Which screen scheme each type uses (Cloud): all the one for every type."""
    cloud_only()
    administrator()
    query("issueTypeScreenSchemeId", "startAt", "maxResults")
    return page([{"issueTypeId": "default", "issueTypeScreenSchemeId": "1", "screenSchemeId": "1"}])


@api.get("/screenscheme")
def get_screen_schemes() -> Response:
    """Which screens a screen scheme has (Cloud): one for everything."""
    cloud_only()
    administrator()
    query("id", "startAt", "maxResults")
    return page([{"id": 1, "name": "Default Screen Scheme", "description": "", "screens": {"default": 1}}])
