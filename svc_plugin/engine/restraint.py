"""Stopping ourselves: before we go on with a fight, before we change too much of a site."""

from datetime import datetime

import structlog

from svc_plugin.domain.errors import BrakeHeldError
from svc_plugin.domain.limits import (
    BRAKE_SPAN,
    FIGHT_ROUNDS,
    FIGHT_SPAN,
    Act,
    Fight,
    counts_for_brake,
    fight,
)
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Plan
from svc_plugin.engine.pacing import Brakes
from svc_plugin.engine.ports import Ledger
from svc_plugin.engine.refusal import Refusals

_MOST_ACTS = 100  # more than make a fight

log = structlog.get_logger(__name__)


def fought(ledger: Ledger, refusals: Refusals, plan: Plan, now: datetime) -> Fight | None:
    """Tell whether the plan would go on with a fight; what was before a person's release does not count."""
    since = max(filter(None, (now - FIGHT_SPAN, refusals.released_at(plan.ref))))
    if ledger.acts_since(plan.ref, since) < FIGHT_ROUNDS:
        return None
    done = ledger.done_on(plan.ref, limit=_MOST_ACTS)
    found = fight([Act(one.at, one.plan.changes) for one in done if one.at >= since], plan.changes, now)
    if found:
        log.warning("reconcile.fight", acts=found.count, hours=found.hours, until=str(found.until))
    return found


def refuse_braked(brakes: Brakes | None, seen: Snapshot, now: datetime) -> None:
    """Count a change of the issue. Raises ``BrakeHeldError`` when the brake of its site holds."""
    issue, site = seen.issue, seen.issue.ref.site
    if brakes is None or not counts_for_brake(issue.created_at, now):
        return
    if held := brakes.press(issue.ref, now=now):
        log.warning("brake.held", site=site, changed=held.changed, known=held.known)
        reason = seen.texts.say("brake.held", site=site, changed=held.changed, known=held.known)
        error = BrakeHeldError(reason)
        error.recheck_at = now + BRAKE_SPAN
        raise error
