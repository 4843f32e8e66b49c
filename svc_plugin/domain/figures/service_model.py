"""What a customer service report consists of (section 6.2 of the process)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from svc_plugin.domain.figures.model import Figure, MonthTally, Report, Response, ResponseTally, Tally, Task
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage


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
class Statistics:
    """Kinds and numbers (M41); the last entry of ``kinds`` and of ``responses`` is the total.

    ``recording_delay`` is the mean working time, in hours, from a customer's words to their record, and
    ``longest_delay`` the longest (M28). Of the ``inquiries`` received, ``first_contact`` were done on the
    day they were received (M31).
    """

    kinds: tuple[Tally, ...]
    customers: tuple[Tally, ...]
    channels: tuple[Tally, ...]
    months: tuple[MonthTally, ...]
    responses: tuple[ResponseTally, ...]
    score_product: Figure
    score_service: Figure
    recording_delay: Figure
    longest_delay: Figure
    inquiries: Figure
    first_contact: Figure


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
class Survey:
    """One proactive survey and the two scores it brought (M29, M64)."""

    task: Task
    score_product: float | None
    score_service: float | None


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
class ServiceReport(Report):
    """Everything a customer service report says."""

    requests: tuple[RequestRow, ...]
    statistics: Statistics
    complaints: tuple[Complaint, ...]
    suggestions: tuple[Suggestion, ...]
    surveys: tuple[Survey, ...]
    handovers: tuple[HandOver, ...]
