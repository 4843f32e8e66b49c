"""Puts the HTTP side together from services that are already built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, jsonify

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Clock, Inbox, WorkTable
from svc_plugin.links import Links
from svc_plugin.store.documents import DocumentStore
from svc_plugin.web.downloads import create_downloads
from svc_plugin.web.pages import PageParts, add_pages
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source

_STUCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the HTTP side needs; without ``pages`` there are none."""

    sources: dict[str, Source]
    inbox: Inbox
    work: WorkTable
    documents: DocumentStore
    links: Links
    hint: Callable[[IssueRef], None]
    clock: Clock
    pages: PageParts | None = None


def create_app(parts: WebParts) -> Flask:
    """Build the WSGI application: ``/hooks/<site>``, ``/documents/<token>``, ``/live``, ``/ready``, pages."""
    app = Flask("svc_plugin.web", template_folder="templates", static_folder=None)
    app.register_blueprint(create_receiver(parts.sources, parts.inbox, parts.clock, hint=parts.hint))
    app.register_blueprint(create_downloads(parts.documents, parts.links))

    @app.get("/live")
    def live() -> Response:
        """The process answers."""
        return jsonify(live=True)

    @app.get("/ready")
    def ready() -> tuple[Response, int]:
        """The store answers and no issue has been waiting for long: lost hints and dead workers show here."""
        try:
            backlog = parts.work.pending(now=parts.clock())
        except TransientError as error:
            return jsonify(ready=False, reason=str(error)), 503
        stuck = backlog.oldest_due is not None and parts.clock() - backlog.oldest_due > _STUCK
        facts = {
            "ready": not stuck,
            "waiting": backlog.waiting,
            "retrying": backlog.retrying,
            "parked": backlog.parked,
            "oldest_due": backlog.oldest_due.isoformat() if backlog.oldest_due else None,
        }
        return jsonify(facts), 503 if stuck else 200

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault(
            "Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
        )
        return response

    if parts.pages:
        add_pages(app, parts.pages)
    return app
