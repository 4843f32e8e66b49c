"""The only place that builds objects: settings in, services out."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import packages_distributions

from svc_plugin.channels import Channels
from svc_plugin.connecting import connect_sites, identities
from svc_plugin.documents.library import Library
from svc_plugin.documents.register import Register
from svc_plugin.documents.templates import Templates
from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.limits import BRAKE_SPAN
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.counting import count_some
from svc_plugin.engine.identity import Identity
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.engine.notifying import Notifier
from svc_plugin.engine.ports import Clock, Site
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.engine.sweep import Sweeper
from svc_plugin.engine.sync import Syncer
from svc_plugin.engine.tasks import Hints
from svc_plugin.engine.worker import Worker
from svc_plugin.links import Links
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.running.sync_desk import SyncDesk
from svc_plugin.running.watching import watching
from svc_plugin.settings import Settings
from svc_plugin.store.board import SqlBoard
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.outbox import SqlOutbox
from svc_plugin.store.records import SqlCursors, SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.syncs import SqlSyncs
from svc_plugin.store.work import SqlWorkTable

OUR_PACKAGES = ("svc_plugin", "webhooks", "docgen")
_OUR_DISTRIBUTION = "svc-plugin"
_TICK_SLACK = timedelta(seconds=10)  # a minute's tick comes a little sooner or later each time


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an entry point may use; ``stopping`` is set when long work is to stop where it may."""

    settings: Settings
    database: Database
    sites: Mapping[str, Site]
    reconciler: Reconciler
    worker: Worker
    sweeper: Sweeper
    work: SqlWorkTable
    mirror: SqlMirror
    inbox: SqlInbox
    cursors: SqlCursors
    refusals: SqlRefusals
    site_states: SqlSiteStates
    library: Library
    register: Register
    identities: Mapping[str, Identity]
    notifier: Notifier | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    def links(self) -> Links:
        """Return the maker and reader of download links. Raises ``ValueError`` without a secret key."""
        return _links(self.settings)

    def close(self) -> None:
        """Let the database go."""
        self.database.close()


def utc_now() -> datetime:
    """The clock of the real world."""
    return datetime.now(UTC)


def build(
    settings: Settings, *, sites: Mapping[str, Site] | None = None, clock: Clock | None = None
) -> Services:
    """Open the database, bring it up to date and put everything together.

    ``sites`` replaces the configured ones, ``clock`` the real one. Raises ``ConfigError`` when notifications
    are on and a channel cannot be used, or there are templates and no means to fill them.
    """
    now = clock or utc_now
    database = Database(settings.database)
    database.migrate()
    texts = {language: load(language) for language in LANGUAGES}
    rulebook = Rulebook(settings.policies, settings.policy_digest, settings.registers, texts)
    all_sites = sites if sites is not None else connect_sites(settings)
    work, mirror, inbox = SqlWorkTable(database), SqlMirror(database), SqlInbox(database)
    templates = templates_of(settings)
    templates.refuse_useless(texts[settings.language])
    library = _library(settings, DocumentStore(database), mirror, texts, templates)
    register = Register(library.store, mirror)
    refusals, cursors, states = SqlRefusals(database), SqlCursors(database), SqlSiteStates(database)
    looker = Looker(all_sites, rulebook, now, mirror, register)
    notifier = _notifier(settings, database)
    together = partial(database.together, everywhere=True)
    records = Records(mirror, SqlLedger(database), refusals, notifier, register, states, together)
    reconciler = Reconciler(looker, rulebook, records, library, now)
    return Services(
        settings=settings,
        database=database,
        sites=all_sites,
        reconciler=reconciler,
        worker=Worker(work, reconciler, now, jitter=_jitter, watch=watching(inbox), outages=states),
        sweeper=Sweeper(work, mirror, cursors, now),
        work=work,
        mirror=mirror,
        inbox=inbox,
        cursors=cursors,
        refusals=refusals,
        site_states=states,
        library=library,
        register=register,
        identities=identities(settings),
        notifier=notifier,
    )


def _library(
    settings: Settings,
    store: DocumentStore,
    mirror: SqlMirror,
    texts: Mapping[str, Texts],
    templates: Templates,
) -> Library:
    return Library(
        store,
        mirror,
        settings.registers,
        settings.policies,
        texts,
        lambda: _links(settings),
        settings.policy_digest,
        settings.annex_above,
        templates.find,
    )


def templates_of(settings: Settings) -> Templates:
    """Return the company's own templates."""
    texts = {language: load(language) for language in LANGUAGES}
    return Templates(settings.folder, settings.registers, settings.policies, texts, utc_now())


def build_syncer(services: Services) -> Syncer:
    """Return what runs a sync; a forced one takes the brake off the sites that it walks."""

    def release(site: str) -> None:
        services.site_states.release(site, now=utc_now())

    _write_limits(services)
    return Syncer(services.sweeper, services.reconciler.weigher, services.worker, release)


def build_hints(services: Services) -> Hints:
    """Connect hints to the worker and the minute's tick to the sweeps.

    Raises ``ConfigError`` without a secret key, and when another distribution's packages stand in the place
    of ours.
    """
    settings = services.settings
    refuse_foreign_packages(packages_distributions())

    def work_on(_ref: IssueRef) -> float | None:
        # that there is work is all a hint says: the table tells whose turn it is
        return services.worker.work_a_while(
            lambda result: hints.send_all(list(result.follow)), stopping=services.stopping.is_set
        )

    if not settings.secret_key:
        raise ConfigError(["SVC_SECRET_KEY is empty; `svc-plugin init` writes one into secrets.env"])
    _write_limits(services)
    hints = Hints(
        queue_url(settings),
        settings.secret_key,
        work_on=work_on,
        tick=lambda: tick(services),
        deliver=services.notifier.deliver if services.notifier else None,
        sync=sync_desk(services).run,
    )
    return hints


def sync_desk(services: Services) -> SyncDesk:
    """Return who carries out the syncs that are asked for on a page."""
    syncer = build_syncer(services)
    return SyncDesk(
        SqlSyncs(services.database), syncer, services.sites, utc_now, stopping=services.stopping.is_set
    )


def queue_url(settings: Settings) -> str:
    """Return who carries hints: what is configured, else what the database suggests."""
    if settings.queue:
        return settings.queue
    if settings.database.startswith("sqlite"):
        return "memory:"
    return settings.database.replace("+psycopg", "", 1)


def tick(services: Services) -> list[IssueRef]:
    """Sweep each site whose time has come, forget old deliveries; return every issue that is due."""
    now = utc_now()
    for name, site in services.sites.items():
        last = services.cursors.read(name)
        if last is None or now - last >= services.settings.sweep_every - _TICK_SLACK:
            services.sweeper.sweep_safely(site)
    settings = services.settings
    count_some(SqlBoard(services.database), settings.registers, settings.policies, utc_now)
    if now.minute == 0:
        services.inbox.forget_before(now - services.settings.keep_deliveries)
        services.site_states.forget_before(now - BRAKE_SPAN)
    return list(services.work.due(now=utc_now(), limit=1000))  # what the sweep has just found, too


def refuse_foreign_packages(owners: Mapping[str, list[str]]) -> None:
    """Raise ``ConfigError`` when another distribution owns a package of ours: pip overwrites silently."""
    faults = [
        f"package '{name}' also belongs to the installed distribution '{owner}'; install svc-plugin into a "
        "virtual environment of its own"
        for name in OUR_PACKAGES
        for owner in owners.get(name, [])
        if owner != _OUR_DISTRIBUTION
    ]
    if faults:
        raise ConfigError(sorted(set(faults)))


def _notifier(settings: Settings, database: Database) -> Notifier | None:
    if not settings.notify:
        return None
    named = {person.account: person.notify for person in settings.registers.people.values() if person.notify}
    return Notifier(SqlOutbox(database), named, Channels(settings.channels), utc_now)


def _write_limits(services: Services) -> None:
    """Tell all workers the configured limits: whoever only reads leaves them as they are."""
    services.site_states.limit({name: one.limits for name, one in services.settings.sites.items()})


def _links(settings: Settings) -> Links:
    return Links(settings.secret_key, settings.public_url, settings.link_age)


def _jitter() -> float:
    return random.uniform(0.7, 1.3)  # noqa: S311 - spreads retries, guards nothing
