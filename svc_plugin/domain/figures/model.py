"""What a customer service report consists of, before anybody writes it down (section 6.2 of the process)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage

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
        return cls(len(refs), refs)


@dataclass(frozen=True, slots=True)
class Response:
    """The first response to a request: when, after how much working time, within its target or not.

    ``at`` and ``used`` are None while nobody has responded; ``in_time`` is None when that cannot be said
    yet, or when the policy sets no target.
    """

    at: datetime | None
    used: timedelta | None
    in_time: bool | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One customer request with its measure (M39), as it stood at the end of the period.

    ``duration`` is the working time from receipt to done; texts are "" where the record has none.
    """

    ref: IssueRef
    customer: str
    channel: str
    received: datetime
    registered: datetime
    kind: str
    title: str
    measure: str
    response: Response
    done_at: datetime | None
    duration: timedelta | None
    satisfaction: str
    score_product: float | None
    score_service: float | None
    owner: str
    stage: Stage | None
    status: str
    open: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests under one heading: a kind, a customer or a channel (M41).

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
    """Requests of one month of the period, ``2026-11``: received in it, registered late in it, done in it."""

    name: str
    received: Figure
    late: Figure
    done: Figure


@dataclass(frozen=True, slots=True)
class ResponseTally:
    """How fast the requests received within the period were responded to (M06, M30).

    ``rate`` is in time / (in time + late); ``hours`` the mean working time to the first response.
    """

    name: str
    in_time: Figure
    late: Figure
    pending: Figure
    rate: Figure
    hours: Figure


@dataclass(frozen=True, slots=True)
class Statistics:
    """Kinds and numbers (M41); the last entry of ``kinds`` and of ``responses`` is the total."""

    kinds: tuple[Tally, ...]
    customers: tuple[Tally, ...]
    channels: tuple[Tally, ...]
    months: tuple[MonthTally, ...]
    responses: tuple[ResponseTally, ...]
    score_product: Figure
    score_service: Figure


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint and what came of it (M27)."""

    ref: IssueRef
    customer: str
    title: str
    received: datetime
    measure: str
    outcome: str
    open: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: adopted or not, thanked for when, explained how (M36, M37)."""

    ref: IssueRef
    customer: str
    title: str
    decision: str
    thanks_on: str
    explanation: str
    open: bool


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
class Survey:
    """One proactive survey and the two scores it brought (M29, M64)."""

    task: Task
    score_product: float | None
    score_service: float | None


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
class HandOver:
    """One fault and the maintenance issue it became; ``work`` is None while there is none (M32)."""

    ref: IssueRef
    title: str
    work: IssueRef | None
    owner: str
    maintenance_class: str
    stage: Stage | None
    visit_needed: str
    visit_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskTally:
    """Service tasks of one kind within the period: all, done, open at its end."""

    kind: str
    all: Figure
    done: Figure
    open: Figure


@dataclass(frozen=True, slots=True)
class Effort:
    """Hours that one person booked within the period on this product's service issues."""

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
    """One customer service plan for a time that the report covers, with its approval (M26, M75)."""

    ref: IssueRef
    period: str
    stage: Stage | None
    status: str
    decision: str
    approver: str


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """Everything a customer service report says; ``last`` is the last day of the period."""

    product: str
    period: str
    first: date
    last: date
    plans: tuple[Plan, ...]
    requests: tuple[RequestRow, ...]
    statistics: Statistics
    complaints: tuple[Complaint, ...]
    suggestions: tuple[Suggestion, ...]
    surveys: tuple[Survey, ...]
    handovers: tuple[HandOver, ...]
    visits: tuple[Visit, ...]
    tasks: tuple[Task, ...]
    task_tallies: tuple[TaskTally, ...]
    efforts: tuple[Effort, ...]
    effort_total: Figure
    waivers: tuple[Waiver, ...]
