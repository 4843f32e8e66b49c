"""Capacity of a product's month: what was committed before, what is free, and whether an estimate fits (M53).

An issue is judged at the moment at which it was scheduled. Only what was scheduled before it in the same
month counts against it, with the hours known at that moment: what comes later never takes away what fitted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from svc_plugin.domain.evidence import value_at
from svc_plugin.domain.model import Commitment, Issue, IssueRef, Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

STARTED = frozenset({Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED})
"""Stages that only scheduled work is in."""

COMMITTED = frozenset({Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING})
"""Stages in which an issue holds hours of its month."""

WITHIN = "M53.fact.within"


@dataclass(frozen=True, slots=True)
class ResourceCheck:
    """The check of one estimate: hours of a month (``YYYY-MM``) that are available, taken and asked for."""

    scheduled_at: datetime
    month: str
    capacity: float
    committed: float
    estimate: float

    @property
    def free(self) -> float:
        """What others left of the month."""
        return max(0.0, self.capacity - self.committed)

    @property
    def fits(self) -> bool:
        """Whether the estimate is within the resources."""
        return self.estimate <= self.free


def scheduled_at(issue: Issue) -> datetime | None:
    """Return when the issue was last scheduled, or tried to be; None when it never was."""
    for entry in reversed(issue.history):
        if entry.moved_to in STARTED and entry.moved_from not in STARTED:
            return entry.at
    return issue.created_at if issue.stage in STARTED else None


def commitment(issue: Issue, at: datetime | None = None) -> Commitment | None:
    """Return the hours that an issue holds; None when it holds none.

    With ``at`` a later, larger estimate does not count: it must not take away what fitted before.
    """
    begun = scheduled_at(issue)
    if issue.kind is not IssueKind.MAINTENANCE or issue.stage not in COMMITTED or begun is None:
        return None
    hours = _hours(issue.value(Field.ESTIMATE_HOURS))
    if at is not None:
        hours = min(hours, _hours(value_at(issue, Field.ESTIMATE_HOURS, at)))
    return Commitment(issue.ref, begun, hours) if hours > 0 else None


def before(issue: Issue, others: Iterable[Issue], zone: tzinfo) -> tuple[Commitment, ...]:
    """Return what others had taken of the issue's month before it was scheduled; the smaller key is first."""
    at = scheduled_at(issue)
    if at is None:
        return ()
    found = (commitment(other, at) for other in others if other.ref != issue.ref)
    earlier = (one for one in found if one and (one.scheduled_at, one.ref) < (at, issue.ref))
    return tuple(
        sorted((c for c in earlier if month_of(c.scheduled_at, zone) == month_of(at, zone)), key=_order)
    )


def month_of(at: datetime, zone: tzinfo) -> date:
    """Return the first day of the month of a moment, as the company's calendar has it."""
    return at.astimezone(zone).date().replace(day=1)


def check_resources(seen: Snapshot) -> ResourceCheck | None:
    """Compare the estimate with what is free; None when it was never scheduled or a figure is missing.

    A capacity that was lowered after the check had been written on the issue does not undo it.
    """
    fresh = fresh_check(seen.issue, seen.context.commitments, seen.registers)
    written = written_check(seen, fresh) if fresh else None
    return replace(fresh, capacity=max(fresh.capacity, written.capacity)) if fresh and written else fresh


def fresh_check(
    issue: Issue, commitments: Iterable[Commitment], registers: Registers
) -> ResourceCheck | None:
    """Compare the estimate with what ``commitments`` left of the capacity that the register has now."""
    product, at = registers.products.get(issue.product), scheduled_at(issue)
    estimate = _hours(issue.value(Field.ESTIMATE_HOURS))
    if product is None or product.capacity_hours is None or at is None or estimate <= 0:
        return None
    month = month_of(at, registers.calendar.zone).strftime("%Y-%m")
    committed = sum(one.hours for one in commitments)
    return ResourceCheck(at, month, product.capacity_hours, committed, estimate)


def is_small(issue: Issue, policy: Policy) -> bool:
    """Tell whether the policy lets an estimate pass without a look at the resources."""
    return 0 < _hours(issue.value(Field.ESTIMATE_HOURS)) <= policy.small_change_hours


def written_check(seen: Snapshot, check: ResourceCheck) -> ResourceCheck | None:
    """Return the figures of this check as they were written on the issue; None when they were not."""
    facts = seen.texts.heard(WITHIN, seen.issue.comments.get("M53", ""))
    asked = (seen.texts.moment(check.scheduled_at, seen.registers.calendar.zone), f"{check.estimate:g}")
    if facts is None or (facts["at"], facts["estimate"]) != asked:
        return None
    return replace(check, capacity=_hours(facts["capacity"]), committed=_hours(facts["committed"]))


def figures(seen: Snapshot, key: str, check: ResourceCheck) -> str:
    """Say the figures of a check in the sentence for ``key``."""
    return seen.texts.say(
        key,
        at=seen.texts.moment(check.scheduled_at, seen.registers.calendar.zone),
        month=check.month,
        estimate=f"{check.estimate:g}",
        capacity=f"{check.capacity:g}",
        committed=f"{check.committed:g}",
        free=f"{check.free:g}",
    )


def _hours(text: str) -> float:
    return max(0.0, read_number(text) or 0.0)


def _order(one: Commitment) -> tuple[datetime, IssueRef]:
    return one.scheduled_at, one.ref
