"""The queue, for administrators of the site: what waits, what is set aside and why, what was delivered."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.domain.model import IssueRef
from svc_plugin.web.pages.guard import administrators_only
from svc_plugin.web.pages.hinting import hinted
from svc_plugin.web.pages.parts import PageParts, present, spoken

_ROWS = 100
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Queue:
    """The views."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/queue", "queue", self.show)
        pages.add_url_rule("/queue/release", "release", self.release, methods=["POST"])

    def show(self) -> ResponseReturnValue:
        """Show how the work goes on the administrator's own site."""
        administrators_only()
        now, work, site = self.parts.clock(), self.parts.work, present().site
        parked = [one for one in work.parked(limit=_ROWS) if one.ref.site == site]
        waiting = [one for one in work.waiting(until=now, limit=_ROWS) if one.ref.site == site]
        views = self.parts.views
        return render_template(
            "pages/queue.html",
            backlog=work.pending(now=now),
            parked=parked,
            waiting=waiting,
            received=[one for one in views.deliveries(limit=_ROWS) if one.ref.site == site],
            count=dict(views.deliveries_since(now - timedelta(days=_DAYS))).get(site, 0),
            days=_DAYS,
            unreported=self.parts.cursors.unreported(site),
        )

    def release(self) -> ResponseReturnValue:
        """Let an issue that was set aside be tried again."""
        administrators_only()
        key = request.form.get("key", "")
        ref = IssueRef(present().site, key)
        if not key.isprintable() or self.parts.work.queued(ref) is None:
            abort(404)
        hinted(self.parts, ref)
        flash(spoken().say("pages.queue.released", issue=str(ref)))
        return redirect(url_for("pages.queue"), 303)
