"""The check page of one issue, and its button "look again"."""

from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from svc_plugin.domain.decide import decide
from svc_plugin.domain.deciding import asked_of
from svc_plugin.domain.explain import settled
from svc_plugin.web.pages.checking import change_shown, clocks_shown, missing_to_close, native_shown
from svc_plugin.web.pages.deciding import bound_document
from svc_plugin.web.pages.hinting import hinted
from svc_plugin.web.pages.parts import PageParts, present, spoken
from svc_plugin.web.pages.seeing import seen_issue

_DEEDS = 10  # of the ledger, the newest


@dataclass(frozen=True, slots=True)
class Check:
    """The views. An issue that a person may not see is not there for them."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the views."""
        pages.add_url_rule("/issues/<site>/<key>", "check", self.show)
        pages.add_url_rule("/issues/<site>/<key>/look", "look", self.look_again, methods=["POST"])

    def show(self, site: str, key: str) -> ResponseReturnValue:
        """Read the issue from its site, decide, and do nothing."""
        seen = seen_issue(self.parts, site, key)
        mine, texts, reconciler, ref = present(), spoken(), self.parts.reconciler, seen.issue.ref
        # what would be written is in the site's language, what is said of it in the reader's
        changes = decide(seen, reconciler.policies).changes
        told = replace(seen, texts=texts)
        plan = decide(told, reconciler.policies)
        shown = partial(change_shown, texts, seen.registers)
        met = [one.rule for one in plan.findings if one.fact == settled(told, one.rule).text]
        return render_template(
            "pages/check.html",
            issue=seen.issue,
            document=bound_document(self.parts, seen),
            question=asked_of(seen.issue, seen.registers, mine.access.account),
            findings=[one for one in plan.findings if one.rule not in met],
            met=met,
            recheck_at=plan.recheck_at,
            changes=[shown(one) for one in changes],
            missing=missing_to_close(told, reconciler.policies, mine.access.account),
            clocks=list(clocks_shown(told, reconciler.policies)),
            native=native_shown(told, self.parts.native(ref)),
            done=self.parts.ledger.done_on(ref, limit=_DEEDS),
            queued=self.parts.work.queued(ref),
            shown=shown,
        )

    def look_again(self, site: str, key: str) -> ResponseReturnValue:
        """Have the issue looked at soon, even if it was set aside."""
        hinted(self.parts, seen_issue(self.parts, site, key).issue.ref)
        flash(spoken().say("pages.check.asked"))
        return redirect(url_for("pages.check", site=site, key=key), 303)
