"""What a product's figures count of one issue: a heading, moments, clocks, hours."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from svc_plugin.domain.clocks import clocks_of, received_at
from svc_plugin.domain.figures.common import track_of
from svc_plugin.domain.figures.window import done_at, text_of
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.vocabulary import Field, IssueKind

WARNED_AT = 0.8
"""The share of a clock's target from which on it is at risk."""
_HEADINGS = {
    IssueKind.SERVICE_REQUEST: Field.REQUEST_KIND,
    IssueKind.MAINTENANCE: Field.MAINTENANCE_CLASS,
    IssueKind.SERVICE_TASK: Field.TASK_KIND,
    IssueKind.DOCUMENT: Field.DOCUMENT_KIND,
}


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock as it stood: at risk from ``warn_at`` on and missed after ``due_at`` unless it was stopped."""

    name: str
    state: str
    warn_at: datetime
    due_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that a person booked in a month (``2026-11``)."""

    account: str
    month: str
    hours: float


@dataclass(frozen=True, slots=True)
class Facts:
    """One issue as it is counted: under ``heading``, as received and done at some moments.

    ``owner`` is the issue that it serves (``main/12``), ``track`` whose work it is, "" where there is none.
    """

    heading: str
    received_at: datetime
    done_at: datetime | None
    owner: str
    track: str
    timers: tuple[Timer, ...]
    hours: tuple[Hours, ...]


def facts_of(seen: Snapshot, policies: Policies | Policy) -> Facts:
    """Return what is counted of an issue, by the same definitions as in the reports."""
    issue, registers = seen.issue, seen.registers
    named = _HEADINGS.get(issue.kind) if issue.kind else None
    return Facts(
        heading=text_of(issue, named) if named else "",
        received_at=received_at(issue, registers),
        done_at=done_at(issue),
        owner=str(issue.owner or ""),
        track=track_of(issue, registers) or "",
        timers=tuple(
            Timer(spec.name, clock.state, clock.reached_at(WARNED_AT), clock.due_at, clock.stopped_at)
            for spec, clock in clocks_of(seen, policies)
        ),
        hours=_hours(issue),
    )


def _hours(issue: Issue) -> tuple[Hours, ...]:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for entry in issue.time_entries:
        sums[entry.account, f"{entry.spent_on:%Y-%m}"] += entry.hours
    return tuple(Hours(account, month, hours) for (account, month), hours in sorted(sums.items()))
