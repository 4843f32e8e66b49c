"""What every route needs: the site, who is asking, the body, and answers as Redmine words them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from secrets import compare_digest
from typing import Final, cast

from flask import Response, current_app, g, request

from svc_plugin.standins.oauth import Authority
from svc_plugin.standins.redmine.faults import Refused
from svc_plugin.standins.redmine.model import Issue, Project, User
from svc_plugin.standins.redmine.permissions import is_member, sees_issue
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import mapping

EXTENSION: Final = "redmine_standin"
OAUTH: Final = "redmine_oauth"
JSON: Final = "application/json; charset=utf-8"


def site() -> Site:
    """The running stand-in of this request."""
    return cast("Site", current_app.extensions[EXTENSION])


def asker() -> User | None:
    """Who is asking, None for nobody known: a wrong key counts as nobody, as in Redmine.

    X-Redmine-Switch-User is followed for administrators (an unknown login is 412) and ignored otherwise.
    """
    if "asker" not in g:
        g.asker = _switched(_by_key() or _by_password() or _by_token())
    return cast("User | None", g.asker)


def known() -> User:
    """Who is asking; raises Refused(401) for nobody known."""
    user = asker()
    if user is None:
        raise Refused(401)
    return user


def _by_key() -> User | None:
    keys = (request.headers.get("X-Redmine-API-Key", ""), request.args.get("key", ""), _basic()[0])
    for user in site().catalogue.users.values():
        if user.api_key and any(compare_digest(user.api_key.encode(), key.encode()) for key in keys):
            return user
    return None


def _by_password() -> User | None:
    login, password = _basic()
    for user in site().catalogue.users.values():
        if (
            user.login == login
            and user.password
            and compare_digest(user.password.encode(), password.encode())
        ):
            return user
    return None


def _by_token() -> User | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    authority = current_app.extensions.get(OAUTH)
    login = authority.owner(token) if isinstance(authority, Authority) and scheme == "Bearer" else ""
    return next((one for one in site().catalogue.users.values() if login and one.login == login), None)


def _basic() -> tuple[str, str]:
    """Login and password of HTTP basic; Redmine also takes the key as the login."""
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        login, _, password = base64.b64decode(coded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return login, password


def _switched(user: User | None) -> User | None:
    login = request.headers.get("X-Redmine-Switch-User")
    if user is None or not user.admin or not login:
        return user
    for other in site().catalogue.users.values():
        if other.login == login:
            return other
    raise Refused(412)


def document() -> Mapping[str, object]:
    """The JSON body, empty when there is none; raises Refused(400) for bad JSON."""
    if not request.is_json or not request.get_data():
        return {}
    try:
        return mapping(cast("object", json.loads(request.get_data())))
    except ValueError as error:
        raise Refused(400) from error


def body(name: str) -> Mapping[str, object]:
    """The object under `name` in the JSON body, empty when missing; raises as document."""
    return mapping(document().get(name))


def query() -> dict[str, str]:
    """The query's parameters; the first of several with one name."""
    return {name: value for name, value in request.args.items() if name != "key"}


def includes() -> set[str]:
    """The names in ?include=."""
    return {name.strip() for name in request.args.get("include", "").split(",")}


def reply(data: object, status: int = 200, *, location: str = "") -> Response:
    """A JSON answer."""
    headers = {"Location": location} if location else None
    return Response(json.dumps(data, ensure_ascii=False), status, headers, content_type=JSON)


def done() -> Response:
    """204 without a body."""
    return Response(status=204)


def root() -> str:
    """The URL of the server, with the slash at its end."""
    return request.host_url


def issue_or_refuse(issue_id: int) -> Issue:
    """The issue; raises Refused: 404 unknown, 403 not visible, 401 not visible to nobody known."""
    issue = site().store.issues.get(issue_id)
    if issue is None:
        raise Refused(404)
    if not sees_issue(site().catalogue, asker(), issue):
        raise Refused(403 if asker() else 401)
    return issue


def project_or_refuse(key: str) -> Project:
    """The project by id or identifier; raises Refused as issue_or_refuse."""
    project = site().catalogue.project(key)
    if project is None:
        raise Refused(404)
    if not is_member(site().catalogue, asker(), project.id):
        raise Refused(403 if asker() else 401)
    return project
