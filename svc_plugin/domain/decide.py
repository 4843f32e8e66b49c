"""The one decision: what the rules find on a snapshot, and what must change because of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from svc_plugin.domain.errors import RuleConflictError
from svc_plugin.domain.explain import settled, waived
from svc_plugin.domain.model import Snapshot
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
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.rules import RULES, Rule
from svc_plugin.domain.vocabulary import STAGES, Stage
from svc_plugin.domain.waivers import is_waived


def decide(seen: Snapshot, policy: Policy, rules: Sequence[Rule] = RULES) -> Plan:
    """Ask every rule in force and sum up what must change; the order of the rules does not matter.

    Raises ``RuleConflictError`` when two rules want different values of one thing.
    """
    # an issue of a project that serves no product of ours is none of our business
    ours = seen.issue.product in seen.registers.products
    findings = tuple(f for rule in rules for f in _judged(seen, policy, rule)) if ours else ()
    wanted = _united(seen, [change for finding in findings for change in finding.changes])
    return Plan(
        ref=seen.issue.ref,
        findings=findings,
        changes=tuple(change for change in wanted if not is_satisfied(seen, change)),
        recheck_at=min((f.recheck_at for f in findings if f.recheck_at), default=None),
    )


def _judged(seen: Snapshot, policy: Policy, rule: Rule) -> Iterator[Finding]:
    mode = policy.mode(rule.id)
    if mode is Mode.OFF:
        return
    if rule.soft and is_waived(seen, rule.id):
        if rule.id in seen.issue.comments:
            yield Finding(rule.id, seen.texts.say("fact.waived"), (waived(seen, rule.id),))
        return
    commented = False
    for finding in rule.check(seen, policy):
        kept = finding if mode is Mode.ENFORCED else replace(finding, changes=_comments(finding.changes))
        commented = commented or bool(_comments(kept.changes))
        yield kept
    if rule.id in seen.issue.comments and not commented:
        comment = settled(seen, rule.id)
        yield Finding(rule.id, comment.text, (comment,))


def _comments(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(change for change in changes if isinstance(change, PutComment))


def _united(seen: Snapshot, wanted: Sequence[Change]) -> tuple[Change, ...]:
    """Drop repetitions, refuse contradictions, let the move that goes furthest back win."""
    moves = {change.stage for change in wanted if isinstance(change, SetStage)}
    others = tuple(dict.fromkeys(change for change in wanted if not isinstance(change, SetStage)))
    _refuse_conflicts(others)
    return (SetStage(_furthest_back(seen, moves)), *others) if moves else others


def _furthest_back(seen: Snapshot, moves: set[Stage]) -> Stage:
    order = STAGES[seen.issue.kind] if seen.issue.kind else tuple(Stage)
    return min(moves, key=lambda stage: (order.index(stage) if stage in order else len(order), stage))


def _refuse_conflicts(changes: Sequence[Change]) -> None:
    targets: dict[object, Change] = {}
    for change in changes:
        target = _target(change)
        if target is not None and targets.setdefault(target, change) != change:
            raise RuleConflictError(f"rules disagree: {targets[target]} and {change}")


def _target(change: Change) -> object:
    match change:
        case SetField(name, _):
            return name
        case Assign():
            return Assign
        case PutComment(marker, _):
            return marker
        case _:
            return None
