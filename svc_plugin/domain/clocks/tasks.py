"""Clocks of what is done at a customer's: a visit, and a survey (M29, M33, M34)."""

from datetime import datetime

from svc_plugin.domain.clocks.measure import measured_until
from svc_plugin.domain.clocks.model import Clock
from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.moments import read_day, read_moment
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.visits import VISIT_TASK, due_at, is_on_site
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.domain.working_time import closes_by


def visit(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure a visit from the decision to somebody's arrival, which its task tells (M33).

    None for an issue without a visit whose time is known.
    """
    due, decided = due_at(seen, policy), visit_started(seen)
    if due is None or decided is None:
        return None
    task = seen.made(VISIT_TASK)
    arrived = read_moment(task.value(Field.ARRIVED_AT), seen.registers.calendar.zone) if task else None
    return measured_until(seen, "visit", decided, due, arrived)


def visit_started(seen: Snapshot) -> datetime | None:
    """Return when a visit was decided on; None when none is wanted."""
    decided = last_set(seen.issue, Field.VISIT_NEEDED)
    return decided.at if is_on_site(seen.issue) and decided and decided.value == "yes" else None


def survey(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure one survey task from its creation until it is closed; None for any other issue (M29).

    It is due when the last working day ends that is not after the task's due date.
    """
    due_on, started = read_day(seen.issue.value(Field.DUE_ON)), survey_started(seen)
    if due_on is None or started is None:
        return None
    return measured_until(
        seen, "survey", started, closes_by(seen.registers.calendar, due_on), _closed_at(seen.issue)
    )


def survey_started(seen: Snapshot) -> datetime | None:
    """Return when the survey was given to somebody; None for what is no survey."""
    task = seen.issue.kind is IssueKind.SERVICE_TASK and seen.issue.value(Field.TASK_KIND) == "survey"
    return seen.issue.created_at if task else None


def _closed_at(issue: Issue) -> datetime | None:
    if issue.stage is not Stage.CLOSED:
        return None
    moves = (entry.at for entry in reversed(issue.history) if entry.moved_to is Stage.CLOSED)
    return next(moves, issue.created_at)
