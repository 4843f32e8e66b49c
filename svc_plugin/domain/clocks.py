"""Clocks, recomputed from an issue's history at every look and never counted up (M06, M30, M44)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from svc_plugin.domain.model import HistoryEntry, Issue
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage
from svc_plugin.domain.working_time import add_working, elapsed_working

_RESOLVED = frozenset({Stage.DONE, Stage.CLOSED})
_ANSWERED_AT_ONCE = frozenset({"phone", "on_site"})


@dataclass(frozen=True, slots=True)
class Clock:
    """One measured span: when it began, when it is due, when it was stopped (None: still running)."""

    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    used: timedelta

    def breached(self, now: datetime) -> bool:
        """Tell whether the span went past its target, stopped or not."""
        return (self.stopped_at or now) > self.due_at


def first_response(issue: Issue, registers: Registers, policy: Policy, now: datetime) -> Clock | None:
    """Measure how fast a customer's request was responded to, in working time (M06, M30).

    The clock starts when the customer asked (``received_at``; the issue's creation when that is missing
    or later). None for what is not a request or has no target.
    """
    target = policy.response_target(issue.value(Field.REQUEST_KIND))
    if issue.kind is not IssueKind.SERVICE_REQUEST or target is None:
        return None
    return _clock(registers, received_at(issue, registers), target, responded_at(issue, registers), now)


def resolution(issue: Issue, registers: Registers, policy: Policy, now: datetime) -> Clock | None:
    """Measure how fast a fault is removed, in working time by severity (M44, M52).

    The clock runs from the customer's words to the last move to done; reopening lets it run on. None for
    what is not corrective maintenance or has no target.
    """
    target = policy.resolution_target(issue.value(Field.SEVERITY))
    corrective = issue.value(Field.MAINTENANCE_CLASS) == "corrective"
    if issue.kind is not IssueKind.MAINTENANCE or not corrective or target is None:
        return None
    return _clock(registers, received_at(issue, registers), target, _resolved_at(issue), now)


def _clock(
    registers: Registers, started: datetime, target: timedelta, stopped: datetime | None, now: datetime
) -> Clock:
    calendar = registers.calendar
    used = elapsed_working(calendar, started, stopped or now)
    return Clock(started, add_working(calendar, started, target), stopped, used)


def _resolved_at(issue: Issue) -> datetime | None:
    if issue.stage not in _RESOLVED:
        return None
    entered = (
        e for e in reversed(issue.history) if e.moved_to in _RESOLVED and e.moved_from not in _RESOLVED
    )
    last = next(entered, None)
    return last.at if last else issue.created_at


def received_at(issue: Issue, registers: Registers) -> datetime:
    """Return when the customer asked: the recorded moment, or the issue's creation."""
    recorded = read_moment(issue.value(Field.RECEIVED_AT), registers.calendar.zone)
    return min(recorded, issue.created_at) if recorded else issue.created_at


def responded_at(issue: Issue, registers: Registers) -> datetime | None:
    """Return when our side first answered the customer: a public note or a move by one of our people.

    A call or visit that service staff records themselves was responded to while it lasted.
    """
    by_staff = registers.acts_as(issue.author, Role.SERVICE, issue.product)
    if by_staff and issue.value(Field.CHANNEL) in _ANSWERED_AT_ONCE:
        return received_at(issue, registers)
    return next((e.at for e in issue.history if _is_response(e, registers)), None)


def _is_response(entry: HistoryEntry, registers: Registers) -> bool:
    if entry.account not in registers.people:
        return False
    moved = entry.moved_to not in {None, Stage.REGISTERED}
    return moved or bool(entry.note and not entry.private)
