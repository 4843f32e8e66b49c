"""How the work goes, for administrators: sites' health, queue, deliveries, syncs with their progress."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.domain.model import IssueRef
from svc_plugin.running.pulse import FRESH
from svc_plugin.store.heartbeats import Contact
from svc_plugin.web.pages.admin_parts import ROWS, AdminParts, asked_number, asked_text
from svc_plugin.web.pages.guard import administrators_only
from svc_plugin.web.pages.hinting import hint_safely
from svc_plugin.web.pages.parts import PageParts, present, spoken

_DAYS = 7
_SYNCS = 10
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AdminWork:
    """The views. Issues and deliveries are those of the administrator's own site."""

    parts: PageParts
    admin: AdminParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/admin", "sites", self.sites)
        pages.add_url_rule("/admin/brake/release", "release_site", self.release_site, methods=["POST"])
        pages.add_url_rule("/queue", "queue", self.queue)
        pages.add_url_rule("/queue/release", "release", self.release, methods=["POST"])
        pages.add_url_rule("/admin/deliveries", "deliveries", self.deliveries)
        pages.add_url_rule("/admin/deliveries/again", "redeliver", self.redeliver, methods=["POST"])
        pages.add_url_rule("/admin/sync", "syncs", self.syncs)
        pages.add_url_rule("/admin/sync/start", "start_sync", self.start_sync, methods=["POST"])

    def sites(self) -> ResponseReturnValue:
        """Show how each site answers, and which processes work."""
        administrators_only()
        now, cursors = self.parts.clock(), self.parts.cursors
        seen = self.admin.contacts.all()
        sites, zone = self.admin.settings.sites, self.admin.settings.registers.calendar.zone
        counts = dict(self.parts.views.deliveries_since(now - timedelta(days=_DAYS)))
        rows = [
            {
                "site": site,
                "state": state,
                "told": state.told(spoken(), now=now, zone=zone),
                "mine": name == present().site,
                "contact": seen.get(name, Contact()),
                "swept": cursors.read(name),
                "unreported": cursors.unreported(name),
                "count": counts.get(name, 0),
            }
            for (name, site), state in zip(sites.items(), self.admin.site_states.states(sites), strict=True)
        ]
        beats = [(one, now - one.at < FRESH) for one in self.admin.heartbeats.all()]
        return render_template("pages/admin/sites.html", rows=rows, beats=beats, days=_DAYS)

    def release_site(self) -> ResponseReturnValue:
        """Let the administrator's own site be changed for a day without counting."""
        administrators_only()
        mine = present()
        self.admin.desk.release_site(mine.site, account=mine.access.account, at=self.parts.clock())
        flash(spoken().say("admin.sites.released", site=mine.site))
        return redirect(url_for("pages.sites"), 303)

    def queue(self) -> ResponseReturnValue:
        """Show what waits and what was set aside on the administrator's own site."""
        administrators_only()
        now, work, site = self.parts.clock(), self.parts.work, present().site
        page = asked_number("page") or 1
        first = (page - 1) * ROWS
        parked = work.parked(site=site, limit=ROWS + 1, offset=first)
        waiting = work.waiting(until=now, site=site, limit=ROWS + 1, offset=first)
        return render_template(
            "pages/queue.html",
            backlog=work.pending(now=now),
            parked=parked[:ROWS],
            waiting=waiting[:ROWS],
            page=page,
            more=len(parked) > ROWS or len(waiting) > ROWS,
        )

    def release(self) -> ResponseReturnValue:
        """Let an issue that was set aside be tried again."""
        administrators_only()
        key, mine = request.form.get("key", ""), present()
        ref = IssueRef(mine.site, key)
        account = mine.access.account
        if not key.isprintable() or not self.admin.desk.release(ref, account=account, at=self.parts.clock()):
            abort(404)
        hint_safely(self.parts, ref)
        flash(spoken().say("pages.queue.released", issue=str(ref)))
        return redirect(url_for("pages.queue"), 303)

    def deliveries(self) -> ResponseReturnValue:
        """List the deliveries of the administrator's own site, with what came of them."""
        administrators_only()
        key, before = asked_text("key"), asked_number("before")
        found = self.admin.desk.deliveries(present().site, key=key, before=before, limit=ROWS + 1)
        return render_template(
            "pages/admin/deliveries.html",
            rows=found[:ROWS],
            key=key,
            paged=before is not None,
            older=found[ROWS - 1].id if len(found) > ROWS else None,
        )

    def redeliver(self) -> ResponseReturnValue:
        """Have the issue of a delivery looked at again."""
        administrators_only()
        mine, number = present(), request.form.get("id", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            abort(404)
        account, now = mine.access.account, self.parts.clock()
        ref = self.admin.desk.redeliver(mine.site, int(number), account=account, at=now)
        if ref is None:
            abort(404)
        hint_safely(self.parts, ref)
        flash(spoken().say("admin.deliveries.again.done", issue=str(ref)))
        return redirect(url_for("pages.deliveries"), 303)

    def syncs(self) -> ResponseReturnValue:
        """Show the last syncs of the administrator's own site; one that runs, with its progress."""
        administrators_only()
        now = self.parts.clock()
        found = self.admin.syncs.latest(present().site, now=now, limit=_SYNCS)
        going = any(one.ended_at is None for one in found)
        return render_template("pages/admin/sync.html", rows=found, going=going)

    def start_sync(self) -> ResponseReturnValue:
        """Ask for a sync of the administrator's own site; a worker carries it out."""
        administrators_only()
        mine, full = present(), request.form.get("full", "") == "yes"
        account, now = mine.access.account, self.parts.clock()
        asked = self.admin.syncs.ask(mine.site, full=full, account=account, at=now)
        try:
            self.admin.send_sync()
        except Exception as error:  # noqa: BLE001 -- it is written down: the minute's tick finds it
            _log.warning("hint.failed", sync=mine.site, cause=type(error).__name__)
        flash(spoken().say("admin.sync.asked" if asked else "admin.sync.already"))
        return redirect(url_for("pages.syncs"), 303)
