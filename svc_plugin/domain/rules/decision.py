"""M53 to M55: perfective work within the resources goes on; beyond them only the leader's decision counts."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.resources import (
    COMMITTED,
    STARTED,
    WITHIN,
    check_resources,
    figures,
    is_small,
    written_check,
)
from svc_plugin.domain.rules.classification import is_classified
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage


def resources_are_checked(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Write down that started perfective work fits what was free of its month, with the figures (M53)."""
    stage = seen.issue.stage
    begun = stage in COMMITTED or (stage in STARTED and "M53" in seen.issue.comments)
    if not begun or not _is_perfective(seen) or _decided_by_leader(seen):
        return
    check = check_resources(seen)
    if check and check.fits and not is_small(seen.issue, policy):
        # figures once written stay those of their moment, whatever becomes of the others
        fact = figures(seen, WITHIN, written_check(seen, check) or check)
        yield explained(seen, policy, "M53", fact)


def leader_decides(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Hold perfective work beyond the resources until the leader's own decision, and carry that out."""
    issue = seen.issue
    if not _is_perfective(seen):
        return
    decided = _decided_by_leader(seen)
    if decided == "approved":
        if issue.stage is Stage.AWAITING_DECISION:
            yield Finding("M54", seen.texts.say("M54.fact.approved"), (SetStage(Stage.SCHEDULED),))
    elif decided == "declined":
        if issue.stage in STARTED | {Stage.AWAITING_DECISION}:
            yield explained(seen, policy, "M54", _fact(seen), SetStage(Stage.REJECTED))
    elif issue.stage in STARTED | {Stage.AWAITING_DECISION} and not _within_resources(seen, policy):
        yield explained(seen, policy, "M54", _fact(seen), SetStage(Stage.AWAITING_DECISION))


def _is_perfective(seen: Snapshot) -> bool:
    perfective = seen.issue.value(Field.MAINTENANCE_CLASS) == "perfective"
    return seen.issue.kind is IssueKind.MAINTENANCE and perfective and is_classified(seen)


def _within_resources(seen: Snapshot, policy: Policy) -> bool:
    check = check_resources(seen)
    return is_small(seen.issue, policy) or (check is not None and check.fits)


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
        check = check_resources(seen)
        estimate = seen.issue.value(Field.ESTIMATE_HOURS) or "?"
        missing = texts.say("M54.fact.missing", leader=leader, estimate=estimate)
        return missing if check is None or check.fits else figures(seen, "M53.fact.beyond", check) + missing
    person, value = registers.name_of(act.account), texts.choice(Field.DECISION, act.value)
    key = "M54.fact.declined" if _decided_by_leader(seen) else "M54.fact.person"
    return texts.say(key, person=person, value=value, leader=leader)
