"""M25, M48, M66, M68: what a plan says before anybody works on it, from registers, policy and record."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures import common, effort
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.model import Task
from svc_plugin.domain.figures.plan_model import (
    LastPeriod,
    OpenWork,
    ReportDay,
    Served,
    StaffLine,
    Target,
    WorkPlan,
)
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.figures.window import Window, is_open, text_of, window_of
from svc_plugin.domain.model import Issue
from svc_plugin.domain.moments import period_before
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Customer, Product, Registers, TrainingKind
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.reports_due import report_due
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind, Role
from svc_plugin.domain.working_time import WorkCalendar

_QUARTER = 3


def work_plan(
    issues: Iterable[Issue],
    registers: Registers,
    policies: Policies | Policy,
    *,
    track: Track,
    product: str,
    period: str,
    now: datetime,
    last: ServiceReport | MaintenanceReport | None = None,
) -> WorkPlan:
    """Draft the plan of one track of a product for a period.

    ``issues`` are all that are known of the product. Beside the budget stand the actual costs of the period
    before, as the report on it (``last``) said; without one, as far as they are known at ``now``.

    Raises ``ValueError`` for a period that is not understood and ``KeyError`` for a product that is not in
    the register.
    """
    known = [issue for issue in issues if issue.product == product]
    calendar, registered = registers.calendar, registers.products[product]
    window, policy = _worked_under(policies, window_of(period, calendar.zone), now)
    plan = WorkPlan(
        track=track,
        product=product,
        period=period.strip(),
        first=window.first,
        last=window.last,
        registered=registered,
        staff=tuple(_staff(registers, registered, track)),
        leader=registers.name_of(registered.leader),
        customers=tuple(_served(registers, product, window)),
        hours=tuple(_hours(calendar)),
        closed_days=tuple(_otherwise(calendar, calendar.holidays - calendar.workdays, window, works=True)),
        open_days=tuple(_otherwise(calendar, calendar.workdays, window, works=False)),
        responses=_targets(policy.first_response, Field.REQUEST_KIND),
        resolutions=_targets(policy.resolution, Field.SEVERITY),
        small_change_hours=policy.small_change_hours,
        new_project_hours=policy.new_project_hours,
        tester_differs=policy.tester_differs,
        tasks=tuple(_tasks(known, registers, window, track)),
        works=tuple(_open_work(known, registers)),
        escalation=policy.escalation,
        reports=tuple(_reports(period.strip(), window, policy, calendar)),
        costs=effort.costs((), registers, window, product, track),
        before=_last_period(last or _counted(known, registers, policies, track, product, period, now)),
    )
    return _with_labels(plan, known)


def _worked_under(policies: Policies | Policy, window: Window, now: datetime) -> tuple[Window, Policy]:
    """Return the plan's window and the policy under which it will be worked."""
    return window, policies.at(max(now, window.start))


def _with_labels(plan: WorkPlan, known: Iterable[Issue]) -> WorkPlan:
    refs = plan.refs
    labels = sorted((one.ref, one.label) for one in known if one.label and one.ref in refs)
    return replace(plan, labels=tuple(labels))


def _tasks(issues: Iterable[Issue], registers: Registers, window: Window, track: Track) -> Iterator[Task]:
    for issue, task in common.tasks(issues, registers, window):
        if common.track_of(issue, registers) is track:
            yield task


def _hours(calendar: WorkCalendar) -> Iterator[tuple[int, str]]:
    for day, spans in sorted(calendar.hours.items()):
        if spans:
            yield day, ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)


def _staff(registers: Registers, product: Product, track: Track) -> Iterator[StaffLine]:
    appointed = {(a.role, a.account): a for a in product.appointments}
    for account in registers.staff_of(track, product.key):
        person, appointment = registers.people.get(account), appointed.get((Role(track), account))
        days = {
            kind: max(
                (t.on for t in person.trainings if t.kind is kind and t.product in {"", product.key}),
                default=None,
            )
            if person
            else None
            for kind in TrainingKind
        }
        yield StaffLine(
            name=registers.name_of(account),
            city=person.city if person else "",
            appointed_by=registers.name_of(appointment.appointed_by) if appointment else "",
            appointed_on=appointment.on if appointment else None,
            trained_product=days[TrainingKind.PRODUCT],
            trained_handling=days[TrainingKind.CUSTOMER_HANDLING],
        )


def _served(registers: Registers, product: str, window: Window) -> Iterator[Served]:
    for customer in registers.customers.values():
        delivery = registers.delivery_of(customer, product, window.last)
        if delivery is None:
            continue
        contract = next(
            (
                c
                for c in sorted(customer.contracts, key=lambda c: c.starts_on, reverse=True)
                if c.product == product and c.starts_on <= window.last and window.first <= c.ends_on
            ),
            None,
        )
        yield Served(
            name=customer.name,
            city=customer.city,
            contacts=tuple(_contact(customer)),
            version=delivery.version,
            delivered_on=delivery.delivered_on,
            contract=contract.number if contract else "",
            contract_starts=contract.starts_on if contract else None,
            contract_ends=contract.ends_on if contract else None,
            fee=contract.fee if contract else None,
            service_level=contract.service_level if contract else "",
        )


def _contact(customer: Customer) -> Iterator[str]:
    for contact in customer.contacts:
        yield " ".join(part for part in (contact.name, contact.phone or contact.email) if part)


def _otherwise(calendar: WorkCalendar, days: Iterable[date], window: Window, *, works: bool) -> list[date]:
    """Pick the days of the period whose weekday is a working day (``works``) or a free one."""
    return sorted(
        day for day in days if window.holds_day(day) and bool(calendar.hours.get(day.weekday())) is works
    )


def _targets(given: Mapping[str, timedelta], field: Field) -> tuple[Target, ...]:
    names = (*FIELD_SPECS[field].choices, "default")
    return tuple(Target(name, given[name].total_seconds() / 3600) for name in names if name in given)


def _open_work(issues: Iterable[Issue], registers: Registers) -> Iterator[OpenWork]:
    for issue in common.of_kind(issues, IssueKind.MAINTENANCE):
        if is_open(issue):
            yield OpenWork(
                ref=issue.ref,
                title=issue.title,
                maintenance_class=text_of(issue, Field.MAINTENANCE_CLASS),
                severity=text_of(issue, Field.SEVERITY),
                owner=registers.name_of(issue.assignee),
                stage=issue.stage,
                status=issue.status,
            )


def _reports(period: str, window: Window, policy: Policy, calendar: WorkCalendar) -> Iterator[ReportDay]:
    """Name the reports of a plan's period: of its quarters when it is a year, else of itself (M72)."""
    months = window.months()
    quarters = [f"{months[0][:4]}-Q{number}" for number in range(1, len(months) // _QUARTER + 1)]
    for named in quarters if len(months) > _QUARTER else [period]:
        due = report_due(named, policy.report_within, calendar) if calendar.works else None
        yield ReportDay(named, due.date() if due else None)


def _counted(
    issues: list[Issue],
    registers: Registers,
    policies: Policies | Policy,
    track: Track,
    product: str,
    period: str,
    now: datetime,
) -> ServiceReport | MaintenanceReport:
    """Count the period before anew."""
    report = customer_service_report if track is Track.SERVICE else product_maintenance_report
    before = period_before(period)
    return report(issues, registers, policies, product=product, period=before, now=now)


def _last_period(report: ServiceReport | MaintenanceReport) -> LastPeriod:
    if isinstance(report, ServiceReport):
        tally, clock = report.statistics.kinds[-1], report.statistics.responses[-1]
    else:
        tally, clock = report.statistics.classes[-1], report.statistics.resolutions[-1]
    return LastPeriod(
        report.period, tally.received, tally.done, clock.rate, report.effort_total, report.costs
    )
