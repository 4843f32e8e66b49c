"""Puts the HTTP side together from services that are already built."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Clock, Inbox
from svc_plugin.links import Links
from svc_plugin.store.documents import DocumentStore
from svc_plugin.web.downloads import create_downloads
from svc_plugin.web.health import HealthParts, create_health
from svc_plugin.web.pages import AdminParts, PageParts, add_pages
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source

_HARDENED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the HTTP side needs; without ``pages`` and ``admin`` there are none.

    ``encrypted`` says that it is reached by HTTPS only.
    """

    sources: dict[str, Source]
    inbox: Inbox
    health: HealthParts
    documents: DocumentStore
    links: Links
    hint: Callable[[IssueRef], None]
    clock: Clock
    encrypted: bool = False
    pages: PageParts | None = None
    admin: AdminParts | None = None


def create_app(parts: WebParts) -> Flask:
    """Build the WSGI application: ``/hooks/<site>``, ``/documents/<token>``, health, pages."""
    app = Flask("svc_plugin.web", template_folder="templates", static_folder=None)
    app.register_blueprint(create_receiver(parts.sources, parts.inbox, parts.clock, hint=parts.hint))
    app.register_blueprint(create_downloads(parts.documents, parts.links))
    app.register_blueprint(create_health(parts.health))

    @app.after_request
    def harden(response: Response) -> Response:
        given = {name.lower() for name, _ in response.headers}
        for name, value in _HARDENED:
            if name.lower() not in given:
                response.headers.add(name, value)
        if parts.encrypted:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    if parts.pages and parts.admin:
        add_pages(app, parts.pages, parts.admin)
    return app
