"""What a plan consists of, before anybody writes it down (sections 6.1 and 6.3 of the process)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.model import Costs, Figure, Task
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.policy import Ladder
from svc_plugin.domain.registers import Product
from svc_plugin.domain.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One appointed person with the day of the last training of both kinds, None without one (M24, M63)."""

    name: str
    city: str
    appointed_by: str
    appointed_on: date | None
    trained_product: date | None
    trained_handling: date | None


@dataclass(frozen=True, slots=True)
class Served:
    """One customer that has the product, with the contract in force on some day of the period (M03, M22)."""

    name: str
    city: str
    contacts: tuple[str, ...]
    version: str
    delivered_on: date
    contract: str
    contract_starts: date | None
    contract_ends: date | None
    fee: Decimal | None
    service_level: str


@dataclass(frozen=True, slots=True)
class Target:
    """The working time, in hours, within which something must be done; ``name`` is a kind or a severity."""

    name: str
    hours: float


@dataclass(frozen=True, slots=True)
class ReportDay:
    """By when a report on which period is handed to the leader (M72); None: the policy sets no day."""

    period: str
    due: date | None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One maintenance requirement that waits to be done."""

    ref: IssueRef
    title: str
    maintenance_class: str
    severity: str
    owner: str
    stage: Stage | None
    status: str


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """What the period before brought, as far as the record tells at the time of planning."""

    period: str
    received: Figure
    done: Figure
    rate: Figure
    hours: Figure
    costs: Costs


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """Everything that one track's plan of a product says; ``last`` is the last day of the period.

    ``closed_days`` and ``open_days`` are the days of the period on which the company works otherwise than
    on that weekday. ``tasks`` are those of the period and those still open. ``small_change_hours``,
    ``new_project_hours``, ``tester_differs`` and the ladders of ``escalation`` are the policy's. ``labels``
    is what people call those issues whose key is not their name.
    """

    track: Track
    product: str
    period: str
    first: date
    last: date
    registered: Product
    staff: tuple[StaffLine, ...]
    leader: str
    customers: tuple[Served, ...]
    hours: tuple[tuple[int, str], ...]
    closed_days: tuple[date, ...]
    open_days: tuple[date, ...]
    responses: tuple[Target, ...]
    resolutions: tuple[Target, ...]
    small_change_hours: float
    new_project_hours: float
    tester_differs: bool
    tasks: tuple[Task, ...]
    works: tuple[OpenWork, ...]
    escalation: tuple[Ladder, ...]
    reports: tuple[ReportDay, ...]
    costs: Costs
    before: LastPeriod
    labels: tuple[tuple[IssueRef, str], ...] = ()

    @property
    def refs(self) -> frozenset[IssueRef]:
        """Every issue that the plan speaks of."""
        last = self.before
        rows = (*(task.ref for task in self.tasks), *(work.ref for work in self.works))
        return frozenset((*rows, *last.received.refs, *last.done.refs, *last.hours.refs))
