"""M38-M41, M59-M62, M72, M76: what the reports say, computed from issues alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures import common, effort, maintenance, requests, service
from svc_plugin.domain.figures.corrections import corrections
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.maintenance_statistics import statistics as maintenance_statistics
from svc_plugin.domain.figures.model import Correction, Report, Task, Visit
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.figures.statistics import statistics
from svc_plugin.domain.figures.tallies import Past
from svc_plugin.domain.figures.window import Window, as_of, before, text_of, window_of
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind


@dataclass(frozen=True, slots=True)
class Basis:
    """From what a report is computed: one product's issues as they stood at the period's end."""

    issues: tuple[Issue, ...]
    registers: Registers
    product: str
    period: str
    window: Window
    until: datetime

    @property
    def capacity(self) -> float | None:
        """The product's maintenance effort available in a month, in hours, None when it has no limit."""
        known = self.registers.products.get(self.product)
        return known.capacity_hours if known else None

    def of_kind(self, kind: IssueKind) -> list[Issue]:
        """Pick the issues of a kind."""
        return common.of_kind(self.issues, kind)

    def past(self, kind: IssueKind, *names: Field) -> list[Past]:
        """List what was received within the period before, under what ``names`` tell of it."""
        span = before(self.window)
        return [
            Past(
                issue.ref,
                {Field.CUSTOMER: requests.customer_name(issue, self.registers)}
                | {name: text_of(issue, name) for name in names},
            )
            for issue in self.of_kind(kind)
            if span.holds(received_at(issue, self.registers))
        ]


def customer_service_report(
    issues: Iterable[Issue],
    registers: Registers,
    policies: Policies | Policy,
    *,
    product: str,
    period: str,
    now: datetime,
    issued: ServiceReport | None = None,
) -> ServiceReport:
    """Compute the customer service report of one product and period.

    ``issues`` are all that are known of the product (others are left out), with their history and time
    entries; give those of the period before too, and the report compares. Everything is told as it stood
    at the period's end, so a report made later says the same (M76); before that end, as it stands at
    ``now``. Each clock is judged by the policy in force at its start. Days are those of the company's
    calendar. ``issued`` is the report of the period before as it was issued: what the record tells otherwise
    now is listed. Raises ``ValueError`` for a period that is
    not understood.
    """
    known = [issue for issue in issues if issue.product == product]
    basis = _basis(known, registers, product, period, now)
    window = basis.window
    found = requests.in_period(basis.of_kind(IssueKind.SERVICE_REQUEST), registers, window)
    rows = tuple(requests.rows(found, registers, policies, basis.until))
    tasks = [
        (issue, task)
        for issue, task in common.tasks(basis.issues, registers, window)
        if task.kind == "visit" or common.track_of(issue, registers) is Track.SERVICE
    ]
    surveys = tuple(service.surveys(tasks))
    past = basis.past(IssueKind.SERVICE_REQUEST, Field.REQUEST_KIND, Field.CHANNEL)

    again = partial(customer_service_report, known, registers, policies, product=product, now=now)
    return ServiceReport(
        **_common(basis, Track.SERVICE, found, tasks, _corrected(issued, again)),
        requests=rows,
        statistics=statistics(rows, past, surveys, window, registers.calendar),
        complaints=tuple(requests.complaints(found, registers)),
        suggestions=tuple(requests.suggestions(found, registers)),
        surveys=surveys,
        handovers=tuple(service.hand_overs(found, basis.issues, registers)),
    )


def product_maintenance_report(
    issues: Iterable[Issue],
    registers: Registers,
    policies: Policies | Policy,
    *,
    product: str,
    period: str,
    now: datetime,
    issued: MaintenanceReport | None = None,
) -> MaintenanceReport:
    """Compute the product maintenance report of one product and period.

    The arguments are those of ``customer_service_report``.
    """
    known = [issue for issue in issues if issue.product == product]
    basis = _basis(known, registers, product, period, now)
    found = requests.in_period(basis.of_kind(IssueKind.MAINTENANCE), registers, basis.window)
    everything = list(common.tasks(basis.issues, registers, basis.window))
    tasks = [(i, t) for i, t in everything if common.track_of(i, registers) is Track.MAINTENANCE]
    booked = effort.booked(basis.issues, registers, basis.window, Track.MAINTENANCE)
    rows = tuple(maintenance.rows(found, booked, registers, policies, basis.until))
    behind = _behind(found, basis)
    visits = _visits((*found, *behind.values()), everything, registers)

    again = partial(product_maintenance_report, known, registers, policies, product=product, now=now)
    return MaintenanceReport(
        **_common(basis, Track.MAINTENANCE, found, tasks, _corrected(issued, again)),
        works=rows,
        statistics=maintenance_statistics(
            rows,
            basis.past(IssueKind.MAINTENANCE, Field.MAINTENANCE_CLASS, Field.SOURCE),
            booked,
            basis.window,
            basis.until,
            behind=behind,
            capacity=basis.capacity,
        ),
        decisions=tuple(
            maintenance.decisions(found, basis.of_kind(IssueKind.MAINTENANCE), registers, policies)
        ),
        on_site=tuple(maintenance.on_site(found, visits, registers)),
        patches=maintenance.patches(basis.issues, registers, basis.window),
    )


def _behind(found: Iterable[Issue], basis: Basis) -> dict[IssueRef, Issue]:
    """Return the customers' requests by the work they became."""
    known = {issue.ref: issue for issue in basis.of_kind(IssueKind.SERVICE_REQUEST)}
    return {issue.ref: known[issue.owner] for issue in found if issue.owner and issue.owner in known}


def _visits(
    issues: Iterable[Issue], tasks: Iterable[tuple[Issue, Task]], registers: Registers
) -> dict[IssueRef, Visit]:
    """Return the visits by the issue for which they were made."""
    asked = {issue.ref: received_at(issue, registers) for issue in issues}
    return {
        issue.owner: visit
        for issue, task in tasks
        if issue.owner
        for visit in common.visits([(issue, task)], asked, registers)
    }


def _basis(issues: Iterable[Issue], registers: Registers, product: str, period: str, now: datetime) -> Basis:
    window = window_of(period, registers.calendar.zone)
    known = (issue for issue in issues if _was_known(issue, registers, window))
    seen = tuple(as_of(issue, window.end) for issue in known)
    return Basis(seen, registers, product, period.strip(), window, min(now, window.end))


def _was_known(issue: Issue, registers: Registers, window: Window) -> bool:
    """Tell whether a report on the period may know of the issue: asked before its end, or worked on in it."""
    booked = (window.holds_day(entry.spent_on) for entry in issue.time_entries)
    return received_at(issue, registers) < window.end or any(booked)


def _common(
    basis: Basis,
    track: Track,
    found: Sequence[Issue],
    tasks: Sequence[tuple[Issue, Task]],
    corrected: tuple[str, tuple[Correction, ...]],
) -> dict[str, Any]:
    """Compute what both reports tell; ``found`` are the track's issues of the period, ``tasks`` its tasks."""
    registers, window, product = basis.registers, basis.window, basis.product
    entries = effort.booked(basis.issues, registers, window, track)
    asked = {issue.ref: received_at(issue, registers) for issue in found}
    of_period = [*found, *(issue for issue, _ in tasks)]
    told = Report(
        product=product,
        period=basis.period,
        first=window.first,
        last=window.last,
        plans=tuple(common.plans(basis.issues, registers, window, track)),
        visits=tuple(common.visits(tasks, asked, registers)),
        tasks=tuple(task for _, task in tasks),
        task_tallies=common.task_tallies([task for _, task in tasks], window),
        efforts=effort.by_person(entries, registers),
        effort_total=effort.total(entries),
        workloads=effort.workloads(of_period, entries, registers, window, product, track),
        costs=effort.costs(entries, registers, window, product, track),
        waivers=tuple(common.waivers(of_period, registers)),
        corrected=corrected[0],
        corrections=corrected[1],
        edits=tuple(common.edits(found, registers, window)),
        labels=tuple(sorted((issue.ref, issue.label) for issue in basis.issues if issue.label)),
    )
    return {field.name: getattr(told, field.name) for field in fields(Report)}


def _corrected(issued: Report | None, again: Callable[..., Report]) -> tuple[str, tuple[Correction, ...]]:
    """Hold the report of the period before, as it was issued, against what the record tells now (M76).

    ``again`` computes the report of a ``period`` from the same record.
    """
    return (issued.period, tuple(corrections(issued, again(period=issued.period)))) if issued else ("", ())
