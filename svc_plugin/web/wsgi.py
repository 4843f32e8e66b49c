"""What the WSGI server starts: the one place of the HTTP side that builds services itself."""

import os
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask

from svc_plugin.bootstrap import Services, build, build_hints, utc_now
from svc_plugin.engine.ports import Inbox
from svc_plugin.engine.tasks import Hints
from svc_plugin.logs import configure_logs
from svc_plugin.settings import load_settings
from svc_plugin.store.inbox import GroupCommitInbox
from svc_plugin.web.app import WebParts, create_app
from webhooks.delivery import Source


def create() -> Flask:
    """Build the application from ``SVC_CONFIG``, with workers and timers in this process."""
    configure_logs()
    folder = Path(os.environ["SVC_CONFIG"])
    services = build(load_settings(folder, os.environ, today=datetime.now(UTC).date()))
    return start(services)


def start(services: Services) -> Flask:
    """Start workers and timers as threads and return the application that feeds them."""
    settings = services.settings
    hints = build_hints(services)
    if services.database.embedded:
        services.work.release_leases()  # nobody else can hold one: a crash left them
    consumer = hints.consumer(settings.workers)
    # PostgreSQL groups commits itself; SQLite has one writer, and that is this thread
    inbox = GroupCommitInbox(services.inbox) if services.database.embedded else services.inbox
    app = create_app(parts(services, inbox, hints))
    consumer.start()
    # a server's child process ends without running atexit handlers, but it runs these
    Finalize(None, consumer.stop, kwargs={"graceful": True}, exitpriority=10)
    return app


def parts(services: Services, inbox: Inbox, hints: Hints) -> WebParts:
    """Pick what the HTTP side needs."""
    sites = services.settings.sites
    return WebParts(
        sources={
            name: Source(site=name, kind=site.type, secrets=site.hook_secrets, allow_token=True)
            for name, site in sites.items()
        },
        inbox=inbox,
        work=services.work,
        documents=services.library.store,
        links=services.links(),
        hint=hints.send,
        clock=utc_now,
    )
