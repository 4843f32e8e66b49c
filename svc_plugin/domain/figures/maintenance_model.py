"""What a product maintenance report consists of (section 6.4 of the process)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from svc_plugin.domain.figures.model import (
    Effort,
    Figure,
    MonthTally,
    Report,
    Response,
    ResponseTally,
    Tally,
    Visit,
)
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One maintenance requirement with its measure (M60), as it stood at the end of the period.

    ``judged_by`` and ``judged_at`` tell who gave the class its value (M50). ``hours`` were booked within the
    period, ``duration`` is the working time from receipt to done, ``resolution`` how the clock of a defect
    was kept (M44). Texts are "" where the record has none.
    """

    ref: IssueRef
    source: str
    customer: str
    title: str
    received: datetime
    registered: datetime
    maintenance_class: str
    maintenance_type: str
    severity: str
    judged_by: str
    judged_at: datetime | None
    cause: str
    measure: str
    test_result: str
    tester: str
    evidence: str
    base_version: str
    fixed_version: str
    change_refs: str
    hours: Figure
    resolution: Response
    done_at: datetime | None
    duration: timedelta | None
    satisfaction: str
    owner: str
    stage: Stage | None
    status: str
    open: bool


@dataclass(frozen=True, slots=True)
class DefectAge:
    """Open defects of one severity at the end of the period, and for how many days they have been (M42)."""

    severity: str
    open: Figure
    mean_days: Figure
    oldest_days: Figure


@dataclass(frozen=True, slots=True)
class MaintenanceStatistics:
    """Kinds, numbers and effort (M42, M62); the last of ``classes`` and of ``resolutions`` is the total.

    ``resolutions`` and ``defects`` are by severity, of corrective maintenance only. The scores are those
    that customers gave on the requests behind the work (M64).
    """

    classes: tuple[Tally, ...]
    sources: tuple[Tally, ...]
    customers: tuple[Tally, ...]
    months: tuple[MonthTally, ...]
    effort_by_class: tuple[Effort, ...]
    effort_by_month: tuple[Effort, ...]
    resolutions: tuple[ResponseTally, ...]
    defects: tuple[DefectAge, ...]
    score_product: Figure
    score_service: Figure
    capacity: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """How a perfective requirement was decided on (M13, M53, M54).

    ``fits`` is the resource check: whether the estimate in hours was within the resources of its month, None
    for what was never scheduled or has no estimate. ``project`` tells that it was converted into a new
    project (M11).
    """

    ref: IssueRef
    title: str
    customer: str
    estimate: float | None
    fits: bool | None
    decision: str
    by: str
    at: datetime | None
    opinion: str
    factors: str
    explanation: str
    project: bool
    stage: Stage | None
    status: str

    @property
    def waits(self) -> bool:
        """Whether the leader has still to decide."""
        return not self.decision and (self.fits is False or self.stage is Stage.AWAITING_DECISION)

    @property
    def accepted(self) -> bool:
        """Whether it is to be done: the leader approved, or nobody had to be asked."""
        return self.decision == "approved" or (not self.decision and self.fits is True)


@dataclass(frozen=True, slots=True)
class OnSite:
    """Whether and when somebody went to a customer for a defect (M51); ``visit`` is the task of it."""

    ref: IssueRef
    customer: str
    title: str
    needed: str
    at: datetime | None
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class Patch:
    """A version of broad value on its way to the customers (M58).

    ``works`` are the changes in it, ``affected`` and ``updated`` count update tasks, ``coverage`` is their
    ratio, and ``waiting`` names the customers without it.
    """

    version: str
    works: tuple[IssueRef, ...]
    titles: tuple[str, ...]
    affected: Figure
    updated: Figure
    coverage: Figure
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaintenanceReport(Report):
    """Everything a product maintenance report says."""

    works: tuple[WorkRow, ...]
    statistics: MaintenanceStatistics
    decisions: tuple[Decision, ...]
    on_site: tuple[OnSite, ...]
    patches: tuple[Patch, ...]
