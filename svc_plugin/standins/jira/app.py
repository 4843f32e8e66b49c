"""Putting the stand-in together as a Flask app."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound

from svc_plugin.standins.jira import (
    api_admin,
    api_comments,
    api_desk,
    api_fields,
    api_hooks,
    api_issues,
    api_meta,
    api_records,
    api_screens,
    api_search,
    api_site,
    pages,
)
from svc_plugin.standins.jira.catalogue import read_plan
from svc_plugin.standins.jira.errors import Refused, Unknown
from svc_plugin.standins.jira.faults import Faults
from svc_plugin.standins.jira.hooks import HookSender
from svc_plugin.standins.jira.json_values import Json
from svc_plugin.standins.jira.limits import check_limit
from svc_plugin.standins.jira.plan import JiraPlan, Mode
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import State
from svc_plugin.standins.jira.web import EXTENSION, GATEWAY, OAUTH, reply
from svc_plugin.standins.oauth import Authority, OAuthClient
from svc_plugin.standins.server import HOOKS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_DOOR: Final = re.compile(r"/ex/jira/([^/]+)")


_PARTS: Final = (
    api_issues.api,
    api_comments.api,
    api_search.api,
    api_records.api,
    api_site.api,
    api_meta.api,
    api_admin.api,
    api_fields.api,
    api_screens.api,
    api_hooks.api,
    api_desk.api,
    pages.pages,
)


class JiraApp(Flask):
    """Answers one request at a time, so that each sees and leaves a whole state."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view under the state's lock, with the faults that were planned for it."""
        site = site_of(self)
        with site.state.lock:
            fault = site.faults.take(request.method, request.path)
        if fault is not None:
            time.sleep(fault.seconds)
            if fault.effect == "drop_before":
                raise ConnectionResetError("planned: dropped before applying")
            if fault.effect == "answer" and fault.status:
                return Response(fault.body, fault.status, dict(fault.headers))
        with site.state.lock:
            check_limit(site, request.method, request.path)
            site.faults.half = fault if fault is not None and fault.effect == "half" else None
            answer = super().dispatch_request()
        if fault is not None and fault.effect == "drop_after":
            raise ConnectionResetError("planned: dropped after applying")
        return answer


def site_of(app: Flask) -> Site:
    """The site that an app serves: its faults, its hooks and its state. Raises TypeError for another app."""
    site: object = app.extensions.get(EXTENSION)
    if not isinstance(site, Site):
        raise TypeError(f"extension {EXTENSION} is {site!r}; use create_app")
    return site


def create_app(
    plan: JiraPlan,
    mode: Mode = "cloud",
    *,
    clock: Callable[[], datetime],
    pace: Callable[[], float] = time.monotonic,
    oauth: OAuthClient | None = None,
) -> JiraApp:
    """A Jira Cloud (``cloud``) or Data Center (``dc``) that holds what the plan says.

    ``clock`` returns the time now, timezone-aware; ``pace`` gives seconds for the limit of writes per issue.
    What goes wrong is switched by ``site_of(app).faults`` and ``site_of(app).hooks.faults`` at any time.
    ``oauth`` is the app of Atlassian's console that may sign people in (Cloud); this server then plays
    auth.atlassian.com and the gateway too. Who consents is named by the cookie ``acting_as``.
    Raises ValueError naming what does not fit in the plan.
    """
    app = JiraApp(__name__, static_folder=None)
    app.extensions[HOOKS] = hooks = HookSender(repeats=mode == "cloud")
    app.extensions[EXTENSION] = Site(mode, read_plan(plan, mode), State(), clock, pace, Faults(), hooks)
    for part in _PARTS:
        app.register_blueprint(part)
    if oauth:
        _add_oauth(app, oauth, plan.cloud_id)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Unknown, _unknown)
    app.register_error_handler(NotFound, _no_route)
    app.register_error_handler(MethodNotAllowed, _no_route)
    app.register_error_handler(ConnectionResetError, _dropped)
    setattr(app, "wsgi_app", _doors(app.wsgi_app, plan.cloud_id if mode == "cloud" else ""))  # noqa: B010 - Flask's own way to wrap it, which types forbid
    return app


def _add_oauth(app: JiraApp, client: OAuthClient, cloud_id: str) -> None:
    people, clock = site_of(app).catalogue.people, site_of(app).clock

    def person() -> str:
        named = request.cookies.get("acting_as", "")
        return named if named in people and people[named].active else ""

    app.extensions[OAUTH] = authority = Authority(client, clock, person)

    def resources() -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not authority.owner(token):
            return reply({"code": 401, "message": "Unauthorized"}, 401)
        ours = {"id": cloud_id, "url": request.url_root.rstrip("/"), "name": "stand-in"}
        other = {
            "id": "99999999-2222-4333-8444-555555555555",
            "url": "https://other.example",
            "name": "other",
        }
        return reply([other, ours])

    app.add_url_rule("/authorize", view_func=authority.authorize)
    app.add_url_rule("/oauth/token", view_func=authority.token, methods=["POST"])
    app.add_url_rule("/oauth/token/accessible-resources", view_func=resources)


def _doors(inner: WSGIApplication, cloud_id: str) -> WSGIApplication:
    """Let requests in through the gateway's address too, and drop connections where a test planned it."""

    def run(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        door = _DOOR.match(path)
        if cloud_id and door is not None and door[1] == cloud_id:
            environ["SCRIPT_NAME"] = str(environ.get("SCRIPT_NAME", "")) + door[0]
            environ["PATH_INFO"] = path[door.end() :]
            environ[GATEWAY] = door[1]
        answer = inner(environ, start_response)
        if environ.get(_DROPPED):
            # the server answers nothing to this error: the connection just ends
            raise ConnectionResetError("planned: the connection is dropped")
        return answer

    return run


_DROPPED: Final = "svc_plugin.jira_dropped"


def _dropped(_: ConnectionResetError) -> Response:
    request.environ[_DROPPED] = True
    return Response(status=500)


def _refused(refused: Refused) -> Response:
    body: Json = {"errorMessages": list(refused.messages), "errors": dict(refused.errors)}
    if request.path.startswith("/rest/servicedeskapi/"):
        said = " ".join(refused.messages)
        body = {"errorMessage": said, "i18nErrorMessage": {"i18nKey": said, "parameters": []}}
    elif request.path.startswith("/rest/api/2/search"):
        body = {"errorMessages": list(refused.messages), "warningMessages": []}
    answer = reply(body, refused.status)
    answer.headers.extend(dict(refused.headers))
    return answer


def _unknown(unknown: Unknown) -> Response:
    return reply({"errorMessages": [f"the stand-in for Jira does not know {unknown}"], "errors": {}}, 501)


def _no_route(_: NotFound | MethodNotAllowed) -> Response:
    """A missing route is said aloud: a silent 404 would look like a missing object."""
    return _unknown(Unknown(f"{request.method} {request.path}"))
