"""The one decision: what the rules find on a snapshot, and what must change because of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from svc_plugin.domain.errors import RuleConflictError
from svc_plugin.domain.explain import settled, waived
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import (
    Assign,
    Change,
    Finding,
    Plan,
    PutComment,
    SetField,
    SetStage,
    is_satisfied,
)
from svc_plugin.domain.policy import Mode, Policies, Policy
from svc_plugin.domain.rules import RULES, Rule
from svc_plugin.domain.stays import present_since
from svc_plugin.domain.vocabulary import STAGES, Field, Stage
from svc_plugin.domain.waivers import is_waived


def decide(seen: Snapshot, policies: Policies | Policy, rules: Sequence[Rule] = RULES) -> Plan:
    """Ask every rule in force and sum up what must change; the order of the rules does not matter.

    Each rule judges by the policy that was in force when what it judges began.
    Raises ``RuleConflictError`` when two rules want different values of one thing.
    """
    # an issue of a project that serves no product of ours is none of our business
    ours = seen.issue.product in seen.registers.products
    present = present_since(seen.issue)
    asked = [(rule, policies.at(_began(seen, rule) or present)) for rule in rules] if ours else []
    findings = tuple(f for rule, policy in asked for f in _judged(seen, policy, rule))
    wanted = _united(seen, [change for finding in findings for change in finding.changes])
    return Plan(
        ref=seen.issue.ref,
        findings=findings,
        changes=tuple(change for change in wanted if not is_satisfied(seen, change)),
        recheck_at=min((f.recheck_at for f in findings if f.recheck_at), default=None),
    )


def _began(seen: Snapshot, rule: Rule) -> datetime | None:
    return rule.since(seen) if rule.since else None


def _judged(seen: Snapshot, policy: Policy, rule: Rule) -> Iterator[Finding]:
    mode = policy.mode(rule.id)
    if mode is Mode.OFF:
        return
    if rule.soft and is_waived(seen, rule.id):
        if rule.id in seen.issue.comments:
            yield Finding(rule.id, seen.texts.say("fact.waived"), (waived(seen, rule.id),))
        return
    spoke = False
    for finding in rule.check(seen, policy):
        kept = finding if mode is Mode.ENFORCED else replace(finding, changes=_comments(finding.changes))
        # a comment under another marker, such as that of a step, says nothing of the demand itself
        spoke = spoke or any(comment.marker == rule.id for comment in _comments(kept.changes))
        yield kept
    if rule.id in seen.issue.comments and not spoke:
        comment = settled(seen, rule.id)
        yield Finding(rule.id, comment.text, (comment,))


def _comments(changes: Iterable[Change]) -> tuple[PutComment, ...]:
    return tuple(change for change in changes if isinstance(change, PutComment))


def _united(seen: Snapshot, wanted: Iterable[Change]) -> tuple[Change, ...]:
    """Drop repetitions; of several wishes for one thing take the strongest, refuse what contradicts it."""
    groups: dict[object, list[Change]] = {}
    for change in dict.fromkeys(wanted):
        groups.setdefault(_target(change), []).append(change)
    chosen = [_strongest(seen, group) for group in groups.values()]
    # a move comes first, as everything after it may depend on the stage
    return tuple(sorted(chosen, key=lambda change: not isinstance(change, SetStage)))


def _strongest(seen: Snapshot, wishes: Sequence[Change]) -> Change:
    highest = max(_rank(seen, wish) for wish in wishes)
    first, *others = (wish for wish in wishes if _rank(seen, wish) == highest)
    if others:
        raise RuleConflictError(f"rules disagree: {first} and {others[0]}")
    return first


def _rank(seen: Snapshot, change: Change) -> float:
    """Tell how strong a wish is: the move furthest back, the highest escalation, the furthest assignment."""
    match change:
        case SetStage(stage):
            order = STAGES[seen.issue.kind] if seen.issue.kind else ()
            return -(order.index(stage) if stage in order else len(order) + list(Stage).index(stage))
        case SetField(Field.ESCALATION_LEVEL, value):
            return read_number(value) or 0
        case Assign(_, rank):
            return rank
        case _:
            return 0


def _target(change: Change) -> object:
    match change:
        case SetStage():
            return SetStage
        case SetField(name, _):
            return name
        case Assign():
            return Assign
        case PutComment(marker, _):
            return marker
        case _:
            return change
