"""What the server starts: the one place of the HTTP side that builds services itself."""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask

from svc_plugin.bootstrap import Services, build, build_hints, queue_url, utc_now
from svc_plugin.engine.acting import Acting
from svc_plugin.engine.draining import GRACE, drain, leave
from svc_plugin.engine.native import native_record
from svc_plugin.engine.ports import Inbox
from svc_plugin.engine.tasks import Hints
from svc_plugin.logs import configure_logs, hide
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.running.configuration import marks_of, note_configuration
from svc_plugin.running.pulse import Pulse
from svc_plugin.running.readiness import Readiness
from svc_plugin.settings import load_settings
from svc_plugin.store.administration import SqlAdministration
from svc_plugin.store.audit import SqlAudit
from svc_plugin.store.board import SqlBoard
from svc_plugin.store.drafts import SqlDrafts
from svc_plugin.store.heartbeats import SqlContacts, SqlHeartbeats
from svc_plugin.store.inbox import GroupCommitInbox
from svc_plugin.store.records import SqlLedger
from svc_plugin.store.sessions import SqlAttempts, SqlSessions
from svc_plugin.store.syncs import SqlSyncs
from svc_plugin.store.views import SqlViews
from svc_plugin.telemetry.traces import configure_traces
from svc_plugin.web.app import WebParts, create_app
from svc_plugin.web.gateway import Gateway
from svc_plugin.web.gauges import Gauges
from svc_plugin.web.health import HealthParts
from svc_plugin.web.pages import AdminParts, PageParts
from svc_plugin.web.stopping import announce_stop, listen_for_stop
from svc_plugin.web.suspending import alarm
from webhooks.delivery import Source


@dataclass(frozen=True, slots=True)
class Running:
    """An application whose workers and timers run as threads of this process."""

    app: Flask
    stop: Callable[[], bool]
    """Returns whether threads are still at work on what was given back."""


def create() -> Gateway:
    """Build the application from ``SVC_CONFIG``, with workers and timers in this process."""
    stopping = listen_for_stop()
    configure_logs()
    folder = Path(os.environ["SVC_CONFIG"])
    settings = load_settings(folder, os.environ, now=utc_now())
    hide(settings.secrets)
    configure_traces()
    services = build(settings)
    running = start(services, workers=_is_working(), grace=float(os.environ.get("SVC_GRACE", GRACE)))
    announce_stop(running.app, stopping)
    # a server's child process ends without running atexit handlers, but it runs these
    Finalize(None, _end, (running,), exitpriority=10)
    freeze()
    # a server's database or hints make a view wait for the network
    return Gateway(running.app, in_loop=services.database.embedded and queue_url(settings) == "memory:")


def freeze() -> None:
    """Spare what is there the search for garbage: it stays for good, and each walk through it took 0.18 s."""
    gc.collect()
    gc.freeze()


def _end(running: Running) -> None:
    if running.stop():
        leave()


def _is_working() -> bool:
    return os.environ.get("SVC_RECEIVE_ONLY", "") != "1"


def start(services: Services, *, workers: bool = True, grace: float = GRACE) -> Running:
    """Start workers and timers as threads, and the application that feeds them.

    Without ``workers`` it only receives and shows. ``grace`` is how many seconds an issue in hand may
    take at the stop.
    """
    hints = build_hints(services)
    if services.database.embedded:
        services.work.release_leases()  # nobody else can hold one: a crash left them
    consumer = hints.consumer(services.settings.workers)
    inbox = GroupCommitInbox(services.inbox, alarm=alarm)
    app = create_app(parts(services, inbox, hints))
    note_configuration(SqlAudit(services.database), services.settings.folder, at=utc_now())
    pulse = Pulse(services.database, utc_now)
    if workers:
        consumer.start()
        pulse.start()

    def stop() -> bool:
        services.stopping.set()
        rest = False
        if workers:
            pulse.stop()
            rest = drain(consumer, services.work, utc_now, grace)
        inbox.close()
        return rest

    return Running(app, stop)


def parts(services: Services, inbox: Inbox, hints: Hints) -> WebParts:
    """Pick what the HTTP side needs."""
    sites = services.settings.sites
    return WebParts(
        sources={
            name: Source(site=name, kind=site.type, secrets=site.hook_secrets, allow_token=True)
            for name, site in sites.items()
        },
        inbox=inbox,
        health=_health_parts(services),
        documents=services.library.store,
        links=services.links(),
        hint=hints.send,
        clock=utc_now,
        encrypted=services.settings.public_url.startswith("https://"),
        pages=_page_parts(services, hints) if services.settings.pages else None,
        admin=_admin_parts(services, hints) if services.settings.pages else None,
    )


def _health_parts(services: Services) -> HealthParts:
    settings, database = services.settings, services.database
    return HealthParts(
        readiness=Readiness(database, services.work, utc_now),
        gauges=Gauges(database, services.work, frozenset(settings.registers.products), utc_now),
        metrics_from=settings.metrics_from,
        trusted_proxies=settings.trusted_proxies,
        metrics_token=settings.metrics_token,
    )


def _admin_parts(services: Services, hints: Hints) -> AdminParts:
    settings, database = services.settings, services.database
    return AdminParts(
        settings=settings,
        files=marks_of(settings.folder),
        log=SqlAudit(database),
        desk=SqlAdministration(database),
        contacts=SqlContacts(database),
        heartbeats=SqlHeartbeats(database),
        syncs=SqlSyncs(database),
        site_states=services.site_states,
        send_sync=hints.send_sync,
    )


def _page_parts(services: Services, hints: Hints) -> PageParts:
    settings, database = services.settings, services.database
    languages = sorted(LANGUAGES, key=lambda language: language != settings.language)
    return PageParts(
        secret_key=settings.secret_key,
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        sign_on_header=settings.sign_on_header,
        registers=settings.registers,
        texts={language: load(language) for language in languages},
        identities=services.identities,
        acting={name: one for name, one in services.identities.items() if isinstance(one, Acting)},
        sessions=SqlSessions(database),
        attempts=SqlAttempts(database),
        drafts=SqlDrafts(database),
        views=SqlViews(database),
        board=SqlBoard(database),
        library=services.library,
        register=services.register,
        reconciler=services.reconciler,
        ledger=SqlLedger(database),
        work=services.work,
        cursors=services.cursors,
        refusals=services.refusals,
        hint=hints.send,
        clock=utc_now,
        native=partial(native_record, services.sites),
    )
