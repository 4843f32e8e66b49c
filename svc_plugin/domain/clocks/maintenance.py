"""Clocks of maintenance: judging it, deciding on it, resolving it, bringing it to every customer."""

from datetime import datetime

from svc_plugin.domain.clocks.measure import measured
from svc_plugin.domain.clocks.model import Clock
from svc_plugin.domain.clocks.requests import received_at
from svc_plugin.domain.evidence import acts_on, last_set, last_set_as
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.stays import Stay, stays
from svc_plugin.domain.vocabulary import FIELD_SPECS, FINAL_STAGES, Field, IssueKind, Role, Stage

_RESOLVED = frozenset({Stage.DONE, Stage.CLOSED})
_CLASSES = FIELD_SPECS[Field.MAINTENANCE_CLASS].choices


def classification(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how soon maintenance staff judge a requirement (M50).

    The clock stops at their first judgement, also when it was changed later; when it was taken back, or
    somebody else's stands, the clock runs on.
    """
    stopped = _judged_at(seen)
    return measured(seen, policy, "classification", policy.classification, asked(seen), stopped)


def asked(seen: Snapshot) -> datetime | None:
    """Return when the requirement was raised; None for what is no maintenance."""
    maintenance = seen.issue.kind is IssueKind.MAINTENANCE
    return received_at(seen.issue, seen.registers) if maintenance else None


def _judged_at(seen: Snapshot) -> datetime | None:
    issue, registers = seen.issue, seen.registers
    present = last_set_as(issue, Field.MAINTENANCE_CLASS, Role.MAINTENANCE, registers)
    if present is None or present.value not in _CLASSES:
        return None
    judgements = (
        act.at
        for act in acts_on(issue, Field.MAINTENANCE_CLASS)
        if act.value in _CLASSES and registers.acts_as(act.account, Role.MAINTENANCE, issue.product)
    )
    return next(judgements, present.at)


def resolution(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how fast a fault is removed, in working time by severity (M44, M52).

    The clock runs from the customer's words to the last move to done; reopening lets it run on. None for
    what is not corrective maintenance or has no target.
    """
    target = policy.resolution_target(seen.issue.value(Field.SEVERITY))
    stopped = _done_at(seen.issue)
    return measured(seen, policy, "resolution", target, resolution_started(seen), stopped)


def resolution_started(seen: Snapshot) -> datetime | None:
    """Return when the fault was reported; None for what is not corrective maintenance."""
    return asked(seen) if seen.issue.value(Field.MAINTENANCE_CLASS) == "corrective" else None


def _done_at(issue: Issue) -> datetime | None:
    if issue.stage not in _RESOLVED:
        return None
    entered = (
        e for e in reversed(issue.history) if e.moved_to in _RESOLVED and e.moved_from not in _RESOLVED
    )
    last = next(entered, None)
    return last.at if last else issue.created_at


def decision(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how soon the leader decides on what was put before them (M54).

    The clock stops with the leader's own decision, or when the issue left the stage without needing one.
    """
    waited = _last_wait(seen)
    if waited is None:
        return None
    decided = last_set_as(seen.issue, Field.DECISION, Role.LEADER, seen.registers)
    stopped = decided.at if decided and decided.at >= waited[0].since else waited[-1].until
    return measured(seen, policy, "decision", policy.decision, waited[0].since, stopped)


def decision_started(seen: Snapshot) -> datetime | None:
    """Return when the issue was put before the leader; None when it never was."""
    waited = _last_wait(seen)
    return waited[0].since if waited else None


def _last_wait(seen: Snapshot) -> tuple[Stay, ...] | None:
    """Return the stays before the leader that belong to the last question: no decision lies between them.

    Who moves the issue out without a decision and has it sent back does not start the clock anew.
    """
    issue = seen.issue
    waits = [stay for stay in stays(issue) if stay.stage is Stage.AWAITING_DECISION]
    if issue.kind is not IssueKind.MAINTENANCE or not waits:
        return None
    decisions = [
        act.at
        for act in acts_on(issue, Field.DECISION)
        if act.value and seen.registers.acts_as(act.account, Role.LEADER, issue.product)
    ]
    before = max((at for at in decisions if at < waits[-1].since), default=None)
    return tuple(stay for stay in waits if before is None or stay.since > before)


def update_coverage(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how soon a finished change of broad value has reached every customer (M58).

    It stops when the last of the update tasks made for this issue is closed; without tasks there is none.
    """
    tasks = _update_tasks(seen)
    ended = [task for task in tasks if task.stage in FINAL_STAGES]
    stopped = max(stays(task)[-1].since for task in tasks) if len(ended) == len(tasks) > 0 else None
    started = coverage_started(seen) if tasks else None
    return measured(seen, policy, "update_coverage", policy.update_coverage, started, stopped)


def coverage_started(seen: Snapshot) -> datetime | None:
    """Return when the change was done and judged to be of broad value; None while it is not both."""
    issue = seen.issue
    done, judged = _done_at(issue), last_set(issue, Field.BROAD_VALUE)
    if issue.kind is not IssueKind.MAINTENANCE or done is None or judged is None or judged.value != "yes":
        return None
    return max(done, judged.at)


def _update_tasks(seen: Snapshot) -> list[Issue]:
    return [
        one
        for one in seen.linked
        if one.value(Field.TASK_KIND) == "patch_update" and one.owner == seen.issue.ref
    ]
