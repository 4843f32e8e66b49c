"""M54: perfective work beyond the resources at hand is done only when the leader has decided so."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.classification import is_classified
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage

_STARTED = frozenset({Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED})


def leader_decides(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Hold perfective work until the leader's own decision, and carry that decision out."""
    issue = seen.issue
    perfective = issue.value(Field.MAINTENANCE_CLASS) == "perfective"
    if issue.kind is not IssueKind.MAINTENANCE or not perfective or not is_classified(seen):
        return
    if _fits_resources(seen, policy):
        return
    decided = _decided_by_leader(seen)
    if decided == "approved":
        if issue.stage is Stage.AWAITING_DECISION:
            yield Finding("M54", seen.texts.say("M54.fact.approved"), (SetStage(Stage.SCHEDULED),))
    elif decided == "declined":
        if issue.stage in _STARTED | {Stage.AWAITING_DECISION}:
            yield explained(seen, policy, "M54", _fact(seen), SetStage(Stage.REJECTED))
    elif issue.stage in _STARTED:
        yield explained(seen, policy, "M54", _fact(seen), SetStage(Stage.AWAITING_DECISION))
    elif issue.stage is Stage.AWAITING_DECISION:
        yield explained(seen, policy, "M54", _fact(seen))


def _fits_resources(seen: Snapshot, policy: Policy) -> bool:
    estimate = read_number(seen.issue.value(Field.ESTIMATE_HOURS))
    return estimate is not None and 0 < estimate <= policy.small_change_hours


def _decided_by_leader(seen: Snapshot) -> str:
    act = last_set(seen.issue, Field.DECISION)
    if act and seen.registers.acts_as(act.account, Role.LEADER, seen.issue.product):
        return act.value
    return ""


def _fact(seen: Snapshot) -> str:
    texts, registers = seen.texts, seen.registers
    product = registers.products.get(seen.issue.product)
    leader = registers.name_of(product.leader) if product else "?"
    act = last_set(seen.issue, Field.DECISION)
    if act is None:
        estimate = seen.issue.value(Field.ESTIMATE_HOURS) or "?"
        return texts.say("M54.fact.missing", leader=leader, estimate=estimate)
    person, value = registers.name_of(act.account), texts.choice(Field.DECISION, act.value)
    key = "M54.fact.declined" if _decided_by_leader(seen) else "M54.fact.person"
    return texts.say(key, person=person, value=value, leader=leader)
