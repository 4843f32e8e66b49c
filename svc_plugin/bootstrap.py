"""The only place that builds objects: settings in, services out."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import packages_distributions

from svc_plugin.channels import Channels
from svc_plugin.document_register import Register
from svc_plugin.documents import Library
from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.limits import BRAKE_SPAN
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.identity import Identity
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.engine.notifying import Notifier
from svc_plugin.engine.pacing import Limits
from svc_plugin.engine.ports import Site
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.engine.sweep import Sweeper
from svc_plugin.engine.tasks import Hints
from svc_plugin.engine.worker import Worker
from svc_plugin.links import Links
from svc_plugin.messages import LANGUAGES, load
from svc_plugin.settings import Settings, SiteSettings
from svc_plugin.sites.jira import JiraSettings, JiraSite
from svc_plugin.sites.redmine import RedmineIdentity, RedmineSettings, RedmineSite
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.outbox import SqlOutbox
from svc_plugin.store.records import SqlCursors, SqlLedger, SqlMirror, SqlRefusals
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.work import SqlWorkTable
from svc_plugin.templates import Templates

OUR_PACKAGES = ("svc_plugin", "webhooks", "docgen")
_OUR_DISTRIBUTION = "svc-plugin"
_TICK_SLACK = timedelta(seconds=10)  # a minute's tick comes a little sooner or later each time


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an entry point may use."""

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

    def links(self) -> Links:
        """Return the maker and reader of download links. Raises ``ValueError`` without a secret key."""
        return _links(self.settings)

    def close(self) -> None:
        """Let the database go."""
        self.database.close()


def utc_now() -> datetime:
    """The clock of the real world."""
    return datetime.now(UTC)


def build(settings: Settings, *, sites: Mapping[str, Site] | None = None) -> Services:
    """Open the database, bring it up to date and put everything together.

    ``sites`` replaces the configured ones. Raises ``ConfigError`` when another distribution's packages
    stand in the place of ours, notifications are on and a channel cannot be used, or there are templates
    and no means to fill them.
    """
    refuse_foreign_packages(packages_distributions())
    database = Database(settings.database)
    database.migrate()
    texts = {language: load(language) for language in LANGUAGES}
    rulebook = Rulebook(settings.policies, settings.policy_digest, settings.registers, texts)
    all_sites = sites if sites is not None else connect_sites(settings)
    work, mirror = SqlWorkTable(database), SqlMirror(database)
    templates = templates_of(settings)
    templates.refuse_useless(texts[settings.language])
    library = _library(settings, DocumentStore(database), mirror, texts, templates)
    register = Register(library.store, mirror)
    refusals, cursors = SqlRefusals(database), SqlCursors(database)
    looker = Looker(all_sites, rulebook, utc_now, mirror, register)
    notifier = _notifier(settings, database)
    states = SqlSiteStates(database)
    states.limit({name: Limits(one.at_once, one.per_minute) for name, one in settings.sites.items()})
    records = Records(mirror, SqlLedger(database), refusals, notifier, register, states)
    reconciler = Reconciler(looker, rulebook, records, library, utc_now)
    return Services(
        settings=settings,
        database=database,
        sites=all_sites,
        reconciler=reconciler,
        worker=Worker(work, reconciler, utc_now, jitter=_jitter, outages=states),
        sweeper=Sweeper(work, mirror, cursors, utc_now),
        work=work,
        mirror=mirror,
        inbox=SqlInbox(database),
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


def connect_sites(settings: Settings) -> dict[str, Site]:
    """Return an adapter for each configured site; nothing is asked of the sites yet."""
    return {name: _connect(site, settings) for name, site in settings.sites.items()}


def identities(settings: Settings) -> dict[str, Identity]:
    """Return the way in which people sign in at each configured site that has one."""
    redmines = {name: site for name, site in settings.sites.items() if site.type == "redmine"}
    return {name: RedmineIdentity(_redmine(site, settings)) for name, site in redmines.items()}


def _connect(site: SiteSettings, settings: Settings) -> Site:
    if site.type == "jira":
        return JiraSite(_jira(site, settings))
    return RedmineSite(_redmine(site, settings))


def _jira(site: SiteSettings, settings: Settings) -> JiraSettings:
    return JiraSettings(
        name=site.name,
        api_url=site.url,
        browse_url=site.browse_url,
        cloud=site.cloud,
        api_key=site.api_key,
        email=site.email,
        language=site.language,
        zone=settings.registers.calendar.zone,
        mapping=site.mapping,
        accounts=site.accounts,
        people=frozenset(person.account for person in settings.registers.people.values()),
        link_type=site.link_type,
    )


def _redmine(site: SiteSettings, settings: Settings) -> RedmineSettings:
    return RedmineSettings(
        name=site.name,
        url=site.url,
        api_key=site.api_key,
        language=site.language,
        zone=settings.registers.calendar.zone,
        mapping=site.mapping,
        people={person.name: person.account for person in settings.registers.people.values()},
    )


def build_hints(services: Services) -> Hints:
    """Connect hints to the worker and the minute's tick to the sweeps."""
    settings = services.settings

    def work_on(_ref: IssueRef) -> float | None:
        # that there is work is all a hint says: the table tells whose turn it is
        return services.worker.work_a_while(lambda result: hints.send_all(list(result.follow)))

    if not settings.secret_key:
        raise ConfigError(["SVC_SECRET_KEY is empty; `svc-plugin init` writes one into secrets.env"])
    hints = Hints(
        queue_url(settings),
        settings.secret_key,
        work_on=work_on,
        tick=lambda: tick(services),
        deliver=services.notifier.deliver if services.notifier else None,
    )
    return hints


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
    if now.minute == 0:
        services.inbox.forget_before(now - services.settings.keep_deliveries)
        services.site_states.forget_before(now - BRAKE_SPAN)
    return list(services.work.due(now=now, limit=1000))


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


def _links(settings: Settings) -> Links:
    return Links(settings.secret_key, settings.public_url, settings.link_age)


def _jitter() -> float:
    return random.uniform(0.7, 1.3)  # noqa: S311 - spreads retries, guards nothing
