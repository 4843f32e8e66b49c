"""Pages for people: desk, check, documents, queue; drawn by the server, in Chinese and English."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import structlog
from flask import Blueprint, Flask, Request, g, make_response, render_template, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_wtf import csrf as csrf_tokens
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from svc_plugin.domain.errors import IssueNotFoundError, SvcPluginError, TransientError
from svc_plugin.web.pages.admin_parts import AdminParts
from svc_plugin.web.pages.admin_records import AdminRecords
from svc_plugin.web.pages.admin_work import AdminWork
from svc_plugin.web.pages.check import Check
from svc_plugin.web.pages.comparing import Comparing
from svc_plugin.web.pages.deciding import Deciding
from svc_plugin.web.pages.desk import Desk
from svc_plugin.web.pages.entry import Entry
from svc_plugin.web.pages.guard import Guard, ended
from svc_plugin.web.pages.parts import PageParts, spoken
from svc_plugin.web.pages.products import Products
from svc_plugin.web.pages.returning import Returning
from svc_plugin.web.pages.shelf import Shelf
from svc_plugin.web.pages.signing import Signing

__all__ = ["AdminParts", "PageParts", "add_pages"]

_log = structlog.get_logger(__name__)


class _Sessions(SecureCookieSessionInterface):
    """Looks for a session only where a cookie came: trackers send none, and to look costs them time."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


def add_pages(app: Flask, parts: PageParts, admin: AdminParts) -> None:
    """Add the pages: ``/``, ``/entry``, ``/issues``, ``/shelf``, ``/queue``, ``/admin``, ``/sign-in``.

    Raises ``ValueError`` for an empty secret key: anybody could sign a session with it.
    """
    if not parts.secret_key:
        raise ValueError("SVC_SECRET_KEY is empty; `svc-plugin init` writes one into secrets.env")
    app.config.from_mapping(_configured(parts))
    app.session_interface = _Sessions()
    csrf = CSRFProtect(app)
    pages = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
    )
    Guard(parts, csrf).install(pages)
    for view in (Signing, Desk, Entry, Check, Deciding, Returning, Products, Shelf, Comparing):
        view(parts).install(pages)
    for view_for_administrators in (AdminWork, AdminRecords):
        view_for_administrators(parts, admin).install(pages)
    pages.register_error_handler(HTTPException, _refused)
    pages.register_error_handler(CSRFError, _refused)
    pages.register_error_handler(SvcPluginError, _failed)
    pages.context_processor(_context(parts, secrets.token_hex(4)))
    app.register_blueprint(pages)


def _configured(parts: PageParts) -> dict[str, object]:
    return {
        "SECRET_KEY": parts.secret_key,
        # with this prefix a browser takes the cookie from this very host by HTTPS only
        "SESSION_COOKIE_NAME": "__Host-svc" if parts.encrypted else "svc",
        "SESSION_COOKIE_SECURE": parts.encrypted,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_CHECK_DEFAULT": False,  # the receiver takes posts of machines; the guard asks for the token
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "WTF_CSRF_SSL_STRICT": False,  # the proxy has TLS, not we
    }


def _context(parts: PageParts, started: str) -> Callable[[], dict[str, Any]]:
    registers = parts.registers

    def moment(at: datetime) -> str:
        return spoken().moment(at, registers.calendar.zone)

    def context() -> dict[str, Any]:
        texts = spoken()
        return {
            "url_for": partial(_address, request.script_root),
            "say": texts.say,
            "texts": texts,
            "moment": moment,
            "token": _token,
            "name_of": registers.name_of,
            "product_name": parts.product_name,
            "languages": list(parts.texts),
            "mine": g.get("session"),
            "style": started,
            "here": request.endpoint,
            "waiting_drafts": g.get("waiting_drafts", 0),
        }

    return context


@lru_cache(4096)  # a long list takes two or three for each line, and to build one is half of the line's cost
def _address(_root: str, endpoint: str, **values: object) -> str:
    return url_for(endpoint, **values)  # type: ignore[arg-type]


def _token() -> Markup:
    made: Any = csrf_tokens  # the library ships no types
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(made.generate_csrf())


def _refused(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, CSRFError) and request.endpoint == "pages.file":
        return ended(400)
    status = error.code or 500
    key = status if status in {400, 403, 404} else 400
    return make_response(render_template("pages/message.html", key=f"pages.error.{key}"), status)


def _failed(error: SvcPluginError) -> ResponseReturnValue:
    if isinstance(error, IssueNotFoundError):
        return make_response(render_template("pages/message.html", key="pages.error.404"), 404)
    _log.warning("page.failed", page=request.endpoint, error=str(error))
    key = "pages.error.503" if isinstance(error, TransientError) else "pages.error.terminal"
    return make_response(render_template("pages/message.html", key=key), 503)
