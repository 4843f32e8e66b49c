"""Clocks of a customer's request: the first response, and thanks for a suggestion (M06, M30, M36, M37)."""

from datetime import date, datetime, time

from svc_plugin.domain.clocks.measure import measured
from svc_plugin.domain.clocks.model import Clock
from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.model import HistoryEntry, Issue, Snapshot
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage

_ANSWERED_AT_ONCE = frozenset({"phone", "on_site"})
_DECIDED = frozenset({"adopted", "not_adopted"})


def first_response(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how fast a customer's request was responded to, in working time (M06, M30).

    The clock starts when the customer asked (``received_at``; the issue's creation when that is missing
    or later). None for what is not a request or has no target.
    """
    target = policy.response_target(seen.issue.value(Field.REQUEST_KIND))
    stopped = responded_at(seen.issue, seen.registers)
    return measured(seen, policy, "first_response", target, response_started(seen), stopped)


def response_started(seen: Snapshot) -> datetime | None:
    """Return when the customer asked; None for what is not a request."""
    request = seen.issue.kind is IssueKind.SERVICE_REQUEST
    return received_at(seen.issue, seen.registers) if request else None


def thanks(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how soon the customer is thanked for a suggestion that was decided on (M36, M37).

    The record knows the day of the thanks, not the hour: the clock stops when that day begins, so that
    thanks on the day they are due are in time. A day that is yet to come stops nothing.
    """
    stopped = _thanked_at(seen)
    return measured(seen, policy, "thanks", policy.thanks, thanks_started(seen), stopped)


def thanks_started(seen: Snapshot) -> datetime | None:
    """Return when the suggestion was decided on; None while it is not."""
    issue = seen.issue
    if issue.kind is not IssueKind.SERVICE_REQUEST or issue.value(Field.REQUEST_KIND) != "suggestion":
        return None
    act = last_set(issue, Field.SUGGESTION_DECISION)
    return act.at if act and act.value in _DECIDED else None


def _thanked_at(seen: Snapshot) -> datetime | None:
    try:
        day = date.fromisoformat(seen.issue.value(Field.THANKS_SENT_ON))
    except ValueError:
        return None
    begins = datetime.combine(day, time(0), seen.registers.calendar.zone)
    return begins if begins <= seen.now else None


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
