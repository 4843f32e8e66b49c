"""What the reports consist of, before anybody writes it down: what both share."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from svc_plugin.domain.costs import CostLine
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, Stage

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report with the issues behind it, so that a reader can count again.

    ``value`` is a count, hours or a share between 0 and 1; None when there was nothing to measure.
    """

    value: float | None
    refs: tuple[IssueRef, ...] = ()

    @classmethod
    def count(cls, refs: tuple[IssueRef, ...]) -> "Figure":
        """Count issues."""
        return cls(float(len(refs)), refs)


@dataclass(frozen=True, slots=True)
class Response:
    """What stopped a clock: when, after how much working time, within its target or not.

    ``at`` and ``used`` are None while it runs; ``in_time`` is None when that cannot be said
    yet, or when the policy sets no target.
    """

    at: datetime | None
    used: timedelta | None
    in_time: bool | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests or maintenance under one heading: a kind, a class, a customer or a channel (M41, M62).

    ``received`` came in within the period, ``previous`` within the period before; ``late`` were received
    before this period and registered only in it; ``done`` were closed within the period and ``open`` not
    by its end. ``hours`` is the mean working time from receipt to done.
    """

    name: str
    received: Figure
    previous: Figure
    late: Figure
    done: Figure
    open: Figure
    hours: Figure


@dataclass(frozen=True, slots=True)
class MonthTally:
    """One month of the period, ``2026-11``: received in it, registered late in it, done in it."""

    name: str
    received: Figure
    late: Figure
    done: Figure


@dataclass(frozen=True, slots=True)
class ResponseTally:
    """How one clock was kept by the issues received within the period (M06, M30, M44).

    ``rate`` is in time / (in time + late); ``hours`` the mean working time until the clock was stopped.
    """

    name: str
    in_time: Figure
    late: Figure
    pending: Figure
    rate: Figure
    hours: Figure


@dataclass(frozen=True, slots=True)
class Task:
    """One service task: training, survey, visit, update or planned task."""

    ref: IssueRef
    kind: str
    title: str
    customer: str
    owner: str
    stage: Stage | None
    status: str
    done_at: datetime | None
    open: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to a customer (M33, M34).

    ``same_city`` compares the customer's city with the assignee's, None when one is unknown. ``due`` is
    the time ``agreed`` with the customer, or in the same city the end of the working day on which the visit
    became necessary; ``kept`` is None until somebody arrived or when there is no due time.
    """

    task: Task
    same_city: bool | None
    agreed: bool
    agreed_with: str
    due: datetime | None
    arrived: datetime | None
    left: datetime | None
    signed_by: str
    kept: bool | None


@dataclass(frozen=True, slots=True)
class TaskTally:
    """Service tasks of one kind within the period: all, done, open at its end."""

    kind: str
    all: Figure
    done: Figure
    open: Figure


@dataclass(frozen=True, slots=True)
class Effort:
    """Hours booked within the period under one heading: a person, a class, a month (M62, M71)."""

    name: str
    hours: Figure


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver in force on an issue: what was allowed, by whom, when (M73)."""

    ref: IssueRef
    title: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan for a time that the report covers, with its approval (M26, M75)."""

    ref: IssueRef
    period: str
    stage: Stage | None
    status: str
    decision: str
    approver: str


@dataclass(frozen=True, slots=True)
class Workload:
    """What one person had in hand within the period, to justify how many people there are (M17)."""

    name: str
    handled: Figure
    done: Figure
    open: Figure
    hours: Figure


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of a budget: CNY planned for the period (None: no budget), CNY spent (M71)."""

    line: CostLine
    budget: float | None
    actual: Figure


@dataclass(frozen=True, slots=True)
class Costs:
    """Budget and actual costs of one track of a product (M71).

    ``unrated`` are booked hours of people without a rate: they are in no line. ``fee`` is the part of the
    contracts' fees that falls into the period (M03), None for a product that has none.
    """

    lines: tuple[CostRow, ...]
    budget: float | None
    actual: Figure
    unrated: Figure
    fee: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure of the period before that the record tells otherwise now (M76).

    ``key`` names the kind of figure and ``name`` the heading it is counted under; ``refs`` are the issues
    that came in or went out, all of them when only their amounts changed.
    """

    key: str
    name: str
    before: float | None
    after: float | None
    refs: tuple[IssueRef, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A fact of an earlier period's issue that somebody changed afterwards (M76)."""

    ref: IssueRef
    title: str
    field: Field
    old: str
    new: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What both reports tell; ``last`` is the last day of the period.

    ``corrected`` is the period whose report was issued and is held against the record now, "" when there
    is none.

    ``labels`` is what people call those issues whose key is not their name.
    """

    product: str
    period: str
    first: date
    last: date
    plans: tuple[Plan, ...]
    visits: tuple[Visit, ...]
    tasks: tuple[Task, ...]
    task_tallies: tuple[TaskTally, ...]
    efforts: tuple[Effort, ...]
    effort_total: Figure
    workloads: tuple[Workload, ...]
    costs: Costs
    waivers: tuple[Waiver, ...]
    corrected: str
    corrections: tuple[Correction, ...]
    edits: tuple[Edit, ...]
    labels: tuple[tuple[IssueRef, str], ...]
