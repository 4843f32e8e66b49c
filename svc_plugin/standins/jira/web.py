"""What every route needs: the site, who is asking, the body, and answers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from secrets import compare_digest
from typing import Final, cast

from flask import Response, current_app, g, request

from svc_plugin.standins.jira.catalogue import Project
from svc_plugin.standins.jira.errors import Refused, Unknown, only
from svc_plugin.standins.jira.json_values import mapping
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Issue
from svc_plugin.standins.oauth import Authority

EXTENSION: Final = "jira_standin"
OAUTH: Final = "jira_oauth"
GATEWAY: Final = "svc_plugin.jira_gateway"
LOGINS_BEFORE_CAPTCHA: Final = 3
_CAPTCHA: Final = {
    "X-Seraph-LoginReason": "AUTHENTICATION_DENIED",
    "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp",
}


def site() -> Site:
    """The running stand-in of this request."""
    return cast("Site", current_app.extensions[EXTENSION])


def root() -> str:
    """The address of the server without the slash at its end; that of the gateway when asked through it."""
    return request.url_root.rstrip("/")


def asker() -> Person:
    """Who is asking. Raises ``Refused``: 401 for nobody known, 403 when a CAPTCHA stands before it."""
    if "asker" not in g:
        g.asker = _authenticated()
    return cast("Person", g.asker)


def _authenticated() -> Person:
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() in {"basic", "bearer"}:
        found = _basic(rest) if scheme.lower() == "basic" else _bearer(rest)
    if found is None or not found.active:
        realm = 'Basic realm="Jira"' if site().cloud else 'OAuth realm="jira"'
        raise Refused(
            401,
            "Client must be authenticated to access this resource.",
            headers={"WWW-Authenticate": realm, "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
        )
    return found


def _basic(coded: str) -> Person | None:
    try:
        name, _, secret = base64.b64decode(coded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if site().cloud:
        person = _by_token(secret)
        return person if person and person.email == name and _right_door(person) else None
    faults = site().faults
    if faults.captcha or faults.failed_logins.get(name, 0) >= LOGINS_BEFORE_CAPTCHA:
        raise Refused(403, "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED", headers=_CAPTCHA)
    known = site().catalogue.people.get(name)
    if known and known.password and compare_digest(known.password.encode(), secret.encode()):
        faults.failed_logins.pop(name, None)
        return known
    faults.failed_logins[name] = faults.failed_logins.get(name, 0) + 1
    return None


def _bearer(token: str) -> Person | None:
    authority = current_app.extensions.get(OAUTH)
    if isinstance(authority, Authority) and (owner := authority.owner(token)):
        return site().catalogue.people[owner] if request.environ.get(GATEWAY) else None
    person = _by_token(token)
    if person is None or not site().cloud:
        return person
    # Cloud takes a token as Bearer only from the gateway's scoped ones
    return person if person.scoped and _right_door(person) else None


def _by_token(token: str) -> Person | None:
    for person in site().catalogue.people.values():
        if person.token and compare_digest(person.token.encode(), token.encode()):
            return person
    return None


def _right_door(person: Person) -> bool:
    """Scoped tokens pass the gateway only, the others the site's own address only."""
    return person.scoped == bool(request.environ.get(GATEWAY))


def document(*known: str, required: bool = True) -> Mapping[str, object]:
    """The JSON object in the body; keys other than ``known`` are 501. Raises ``Refused`` (400)."""
    if not request.get_data():
        if required:
            raise Refused(400, "No content to map to Object due to end of input")
        return {}
    if not request.is_json:
        raise Refused(415, "Unsupported Media Type")
    try:
        data = cast("object", json.loads(request.get_data()))
    except ValueError as error:
        raise Refused(400, "Unexpected character in the JSON body") from error
    if not isinstance(data, dict):
        raise Refused(400, "The body is no JSON object")
    found = mapping(cast("object", data))
    if known:
        only(found, *known, where=f"{request.method} {request.path}: body")
    return found


def query(*known: str) -> Mapping[str, str]:
    """The query's parameters; those not ``known`` are 501."""
    found = {name: ",".join(request.args.getlist(name)) for name in request.args}
    only(found, *known, where=f"{request.method} {request.path}: parameter")
    return found


def expands(value: str, *known: str) -> set[str]:
    """The names in ``expand``; those not ``known`` are 501."""
    names = {part.strip() for part in value.split(",") if part.strip()}
    for name in names:
        if name not in known:
            raise Unknown(f"{request.method} {request.path}: expand {name!r}")
    return names


def reply(data: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(
        json.dumps(data, ensure_ascii=False), status, content_type="application/json;charset=UTF-8"
    )


def done(status: int = 204) -> Response:
    """An answer without a body."""
    return Response(status=status)


def issue_for(key: str) -> Issue:
    """The issue that the asker names; raises ``Refused``: 401 or 404."""
    return site().issue(asker(), key)


def project_for(key: object) -> Project:
    """The project that the asker names; raises ``Refused`` (404)."""
    found = site().catalogue.project(key)
    if found is None or not site().may(asker(), "BROWSE_PROJECTS", found.key):
        raise Refused(404, f"No project could be found with key '{key}'.")
    return found


def cloud_only() -> None:
    """Refuse (404) on Data Center what only Cloud has."""
    asker()
    if not site().cloud:
        raise Refused(404, "null for uri: " + request.url)


def need(permission: str, issue: Issue, status: int = 403) -> None:
    """Refuse when the asker lacks a permission in the issue's project."""
    if not site().may(asker(), permission, issue.project):
        raise Refused(status, f"You do not have the permission {permission} in this project.")


def administrator() -> None:
    """Refuse whoever may not administer Jira."""
    if not site().may(asker(), "ADMINISTER"):
        raise Refused(403, "Only users with the Administer Jira permission can do this.")
