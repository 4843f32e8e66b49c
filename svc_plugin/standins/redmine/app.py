"""Putting the stand-in together as a Flask app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound

from svc_plugin.standins.oauth import Authority, OAuthClient
from svc_plugin.standins.redmine import api_issues, api_records, api_setup, pages
from svc_plugin.standins.redmine.catalogue import read_catalogue
from svc_plugin.standins.redmine.faults import Invalid, Refused
from svc_plugin.standins.redmine.hooks import HookSender
from svc_plugin.standins.redmine.people import chosen
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.store import Store
from svc_plugin.standins.redmine.web import EXTENSION, OAUTH, reply
from svc_plugin.standins.server import HOOKS


class _OneAtATime(Flask):
    """Answers one request at a time, so that each sees and leaves a whole state."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view under the store's lock."""
        site: object = self.extensions[EXTENSION]
        if not isinstance(site, Site):
            raise TypeError(f"extension {EXTENSION} is {site!r}; use create_app")
        with site.store.lock:
            return super().dispatch_request()


def create_app(
    blueprint: Mapping[str, object],
    *,
    clock: Callable[[], datetime],
    state_file: Path | None = None,
    oauth: OAuthClient | None = None,
) -> Flask:
    """A Redmine-compatible server that holds what the blueprint says.

    `clock` returns the time now, timezone-aware. With `state_file` the issues and all that belongs to them
    are written there after each change (attachments into a folder beside it) and read back on the next start;
    ids of the blueprint's names stay what they were. `oauth` is the application that may sign people in,
    as from Redmine 6.1 on: consented to by whoever the browser acts as. Signed webhooks go to the
    blueprint's hooks; unlike those of the real Redmine they may go to loopback addresses.
    Raises ValueError naming the entry when the blueprint or the state file is wrong.
    """
    store = Store(state_file, clock())
    store.load()
    catalogue = read_catalogue(blueprint, store.numbers)
    store.save()
    app = _OneAtATime(__name__, static_folder=None)
    app.extensions[HOOKS] = hooks = HookSender()
    app.extensions[EXTENSION] = Site(catalogue, store, clock, hooks)
    for part in (api_issues.api, api_records.api, api_setup.api, pages.pages):
        app.register_blueprint(part)
    if oauth:
        _add_oauth(app, oauth, clock)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(NotFound, _unknown)
    app.register_error_handler(MethodNotAllowed, _unknown)
    return app


def _add_oauth(app: Flask, client: OAuthClient, clock: Callable[[], datetime]) -> None:
    site = app.extensions[EXTENSION]

    def person() -> str:
        found = chosen(site)
        return found.login if found else ""

    app.extensions[OAUTH] = authority = Authority(client, clock, person)
    app.add_url_rule("/oauth/authorize", view_func=authority.authorize)
    app.add_url_rule("/oauth/token", view_func=authority.token, methods=["POST"])


def _refused(refused: Refused) -> Response:
    answer = Response(status=refused.status, content_type="application/json")
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Redmine API"'
    return answer


def _invalid(invalid: Invalid) -> Response:
    return reply({"errors": [fault.text() for fault in invalid.faults]}, 422)


def _unknown(_: NotFound | MethodNotAllowed) -> Response:
    """A route the stand-in does not have is said aloud: a silent 404 would look like a missing object."""
    message = f"the stand-in for Redmine has no {request.method} {request.path}"
    return reply({"error": message, "method": request.method, "path": request.path}, 501)
