"""M12: corrective maintenance is mandatory; it is not refused, not made to wait, not renamed at the end."""

from collections.abc import Iterator

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.evidence import Act, last_set
from svc_plugin.domain.explain import came_from, explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, SetStage, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.classification import is_classified, judged_anew
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage
from svc_plugin.domain.working_time import add_working

_REFUSALS = frozenset({Stage.REJECTED, Stage.CONVERTED, Stage.AWAITING_DECISION})
_NOT_STARTED = frozenset({Stage.REGISTERED, Stage.CLASSIFIED})


def corrective_is_not_refused(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Bring a corrective issue back from a stage in which it would not be corrected.

    One that was called perfective when its time was nearly up is reported to the leader, and goes on only
    by the leader's own decision, made after that.
    """
    issue = seen.issue
    if issue.kind is not IssueKind.MAINTENANCE or issue.stage is None or not is_classified(seen):
        return
    if issue.value(Field.MAINTENANCE_CLASS) == "corrective":
        if issue.stage in _REFUSALS:
            fact = seen.texts.say("M12.fact", stage=seen.texts.stage(issue.stage))
            yield explained(seen, policy, "M12", fact, SetStage(_back_to(seen)))
        return
    act = judged_anew(seen)
    if act and _is_late(seen, policy, act) and not _confirmed(seen, act):
        leader = seen.registers.products[issue.product].leader
        held = () if issue.stage in _NOT_STARTED else (SetStage(Stage.AWAITING_DECISION),)
        yield explained(seen, policy, "M12", _fact(seen, act, leader), Watch(leader), *held)


def _back_to(seen: Snapshot) -> Stage:
    origin = came_from(seen.issue)
    return origin if origin and origin not in _REFUSALS | {Stage.REGISTERED} else Stage.CLASSIFIED


def _is_late(seen: Snapshot, policy: Policy, act: Act) -> bool:
    """Tell whether the clock of the corrective issue, had it run on, was in its last part at the act."""
    target = policy.resolution_target(seen.issue.value(Field.SEVERITY))
    if target is None:
        return False
    started = received_at(seen.issue, seen.registers)
    return act.at >= add_working(seen.registers.calendar, started, target * (1 - policy.reclassify_watch))


def _confirmed(seen: Snapshot, act: Act) -> bool:
    decision = last_set(seen.issue, Field.DECISION)
    if decision is None or decision.entry < act.entry:
        return False
    return seen.registers.acts_as(decision.account, Role.LEADER, seen.issue.product)


def _fact(seen: Snapshot, act: Act, leader: str) -> str:
    return seen.texts.say(
        "M12.fact.late",
        person=seen.registers.name_of(act.account),
        at=seen.texts.moment(act.at, seen.registers.calendar.zone),
        leader=seen.registers.name_of(leader),
    )
