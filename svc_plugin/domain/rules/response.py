"""M06, M30: a customer's request is responded to within its target, or the leader hears of it."""

from collections.abc import Iterator

from svc_plugin.domain.clocks import Clock, first_response
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import Change, Finding, SetField, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field


def first_response_is_in_time(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Watch the first-response clock; at its target raise the request one step, to the product's leader."""
    clock = first_response(seen.issue, seen.registers, policy, seen.now)
    if clock is None:
        return
    if clock.breached(seen.now):
        running = clock.stopped_at is None and seen.issue.stage not in FINAL_STAGES
        yield explained(seen, policy, "M06", _fact(seen, clock), *(_escalation(seen) if running else ()))
    elif clock.stopped_at is None:
        yield Finding("M06", _fact(seen, clock), recheck_at=clock.due_at)


def _escalation(seen: Snapshot) -> tuple[Change, ...]:
    issue = seen.issue
    level = read_number(issue.value(Field.ESCALATION_LEVEL)) or 0
    raised: tuple[Change, ...] = (SetField(Field.ESCALATION_LEVEL, "1"),) if level < 1 else ()
    product = seen.registers.products.get(issue.product)
    return (*raised, Watch(product.leader)) if product else raised


def _fact(seen: Snapshot, clock: Clock) -> str:
    texts, zone = seen.texts, seen.registers.calendar.zone
    times = {
        "received": texts.moment(clock.started_at, zone),
        "due": texts.moment(clock.due_at, zone),
    }
    if clock.stopped_at is None:
        return texts.say("M06.fact.running", **times)
    return texts.say(
        "M06.fact.responded",
        **times,
        responded=texts.moment(clock.stopped_at, zone),
        used=texts.duration(clock.used),
    )
