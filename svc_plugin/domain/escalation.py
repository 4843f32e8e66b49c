"""What happens at the end of a clock's target, the same for every clock (rule 13 of the process design)."""

from collections.abc import Iterator

from svc_plugin.domain.clocks import Clock
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import Change, Finding, SetField, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field


def clock_is_kept(seen: Snapshot, policy: Policy, rule: str, clock: Clock) -> Iterator[Finding]:
    """Watch a clock: look again when it is due; past it raise the issue one step, to the product's leader.

    A breach stays on record, also after the clock has been stopped.
    """
    if clock.breached(seen.now):
        running = clock.stopped_at is None and seen.issue.stage not in FINAL_STAGES
        yield explained(seen, policy, rule, _fact(seen, rule, clock), *(_raised(seen) if running else ()))
    elif clock.stopped_at is None:
        yield Finding(rule, _fact(seen, rule, clock), recheck_at=clock.due_at)


def _raised(seen: Snapshot) -> tuple[Change, ...]:
    issue = seen.issue
    level = read_number(issue.value(Field.ESCALATION_LEVEL)) or 0
    raised: tuple[Change, ...] = (SetField(Field.ESCALATION_LEVEL, "1"),) if level < 1 else ()
    product = seen.registers.products.get(issue.product)
    return (*raised, Watch(product.leader)) if product else raised


def _fact(seen: Snapshot, rule: str, clock: Clock) -> str:
    texts, zone = seen.texts, seen.registers.calendar.zone
    times = {
        "started": texts.moment(clock.started_at, zone),
        "due": texts.moment(clock.due_at, zone),
    }
    if clock.stopped_at is None:
        return texts.say(f"{rule}.fact.running", **times)
    stopped = texts.moment(clock.stopped_at, zone)
    return texts.say(f"{rule}.fact.stopped", **times, stopped=stopped, used=texts.duration(clock.used))
