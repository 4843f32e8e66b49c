"""What is on record, for administrators: audit log, clause coverage, configuration as it was loaded."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import make_url

from svc_plugin.coverage import clause_table, gaps, summary, told
from svc_plugin.documents.audit_pack import told_csv
from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.moments import read_day
from svc_plugin.running.configuration import changed, marks_of
from svc_plugin.settings import Settings, SiteSettings, load_settings
from svc_plugin.store.audit import AuditKind, Wanted
from svc_plugin.web.pages.admin_parts import ROWS, AdminParts, asked_number, asked_text
from svc_plugin.web.pages.guard import administrators_only
from svc_plugin.web.pages.parts import PageParts, present, spoken

_MOST_EXPORTED = 50_000  # entries; the command line exports all


@dataclass(frozen=True, slots=True)
class AdminRecords:
    """The views."""

    parts: PageParts
    admin: AdminParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/admin/audit", "audit", self.audit)
        pages.add_url_rule("/admin/audit.csv", "audit_csv", self.audit_csv)
        pages.add_url_rule("/admin/clauses", "clauses", self.clauses)
        pages.add_url_rule("/admin/configuration", "configuration", self.configuration)

    def audit(self) -> ResponseReturnValue:
        """Show entries of the administrator's own site and of what concerns none, the newest first."""
        administrators_only()
        before = asked_number("before")
        found = self.admin.log.entries(self._wanted(), before=before, limit=ROWS + 1)
        return render_template(
            "pages/admin/audit.html",
            rows=found[:ROWS],
            head=self.admin.log.head(),
            kinds=[str(kind) for kind in AuditKind],
            chosen={name: asked_text(name) for name in ("kind", "actor", "key", "since", "until")},
            paged=before is not None,
            older=found[ROWS - 1].seq if len(found) > ROWS else None,
        )

    def audit_csv(self) -> ResponseReturnValue:
        """Send the chosen entries as CSV, the eldest first."""
        administrators_only()
        entries = islice(self.admin.log.walk(self._wanted()), _MOST_EXPORTED)
        response = Response(told_csv(entries), content_type="text/csv; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename="audit.csv")
        return response

    def _wanted(self) -> Wanted:
        kind, until = asked_text("kind"), self._day("until")
        return Wanted(
            kind=kind if kind in set(AuditKind) else "",
            actor=asked_text("actor"),
            key=asked_text("key"),
            since=self._day("since"),
            until=until + timedelta(days=1) if until else None,  # the day itself belongs to it
            sites=(present().site,),
        )

    def _day(self, name: str) -> datetime | None:
        day = read_day(asked_text(name))
        zone = self.parts.registers.calendar.zone
        return datetime(day.year, day.month, day.day, tzinfo=zone) if day and 1970 < day.year < 9000 else None

    def clauses(self) -> ResponseReturnValue:
        """Show what keeps each clause of the process under the policy in force."""
        administrators_only()
        texts, table = spoken(), clause_table(self.admin.settings.policy)
        rows = [(row, list(told(texts, row)), list(gaps(texts, row))) for row in table]
        return render_template("pages/admin/clauses.html", rows=rows, summary=list(summary(texts, table)))

    def configuration(self) -> ResponseReturnValue:
        """Show what was loaded, and what is wrong with the files as they stand now."""
        administrators_only()
        settings = self.admin.settings
        return render_template(
            "pages/admin/configuration.html",
            facts=list(_facts(settings)),
            sites=[(site, list(_site_facts(site))) for site in settings.sites.values()],
            files=self.admin.files,
            changed=changed(self.admin.files, marks_of(settings.folder)),
            faults=_faults(settings, self.parts.clock()),
        )


def _faults(settings: Settings, now: datetime) -> list[str]:
    try:
        load_settings(settings.folder, os.environ, now=now)
    except ConfigError as error:
        return list(error.faults)
    return []


def _facts(settings: Settings) -> Iterator[tuple[str, object]]:
    """Yield what is configured, by its key; of secrets only whether they are set."""
    yield "policy", f"{settings.policy.name} ({settings.policy_digest[:12]})"
    yield "language", settings.language
    yield "database", _place(settings.database)
    yield "queue", _place(settings.queue) if settings.queue else ""
    yield "listen", ":".join(map(str, settings.listen))
    yield "public_url", settings.public_url
    yield "workers", settings.workers
    yield "sweep_every", settings.sweep_every
    yield "link_days", settings.link_age.days
    yield "keep_deliveries_days", settings.keep_deliveries.days
    yield "annex_above", settings.annex_above
    yield "trusted_proxies", ", ".join(sorted(settings.trusted_proxies))
    yield "metrics_from", ", ".join(sorted(settings.metrics_from))
    yield "notify", ", ".join(sorted(settings.channels)) if settings.notify else False
    yield "SVC_SECRET_KEY", bool(settings.secret_key)
    yield "SVC_METRICS_TOKEN", bool(settings.metrics_token)


def _site_facts(site: SiteSettings) -> Iterator[tuple[str, object]]:
    yield "type", site.type
    yield "url", site.url
    yield "language", site.language
    projects = site.mapping.projects.items()
    yield "projects", ", ".join(f"{product}: {project}" for product, project in projects)
    yield f"SVC_SITE_{site.name.upper()}_API_KEY", bool(site.api_key)
    yield f"SVC_SITE_{site.name.upper()}_HOOK_SECRETS", len(site.hook_secrets)


def _place(text: str) -> str:
    """Return where a database or queue is, without who asks it and with which password."""
    url = make_url(text)
    where = f"{url.host}:{url.port}" if url.port else url.host or ""
    return f"{url.get_backend_name()}://{where}/{url.database or ''}"
