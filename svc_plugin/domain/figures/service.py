"""What surrounds the requests: plans, tasks, surveys, visits, hand-overs, effort, waivers (M29, M32, M73)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.figures.model import (
    Effort,
    Figure,
    HandOver,
    Plan,
    Survey,
    Task,
    TaskTally,
    Visit,
    Waiver,
)
from svc_plugin.domain.figures.requests import customer_name
from svc_plugin.domain.figures.window import Window, done_at, is_open, text_of, touched
from svc_plugin.domain.model import Issue, IssueRef, origin_marker
from svc_plugin.domain.moments import period_bounds, read_moment, read_number
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind
from svc_plugin.domain.working_time import add_working

_SERVICE_PAPERS = frozenset({"service_plan", "service_report"})


def plans(issues: Iterable[Issue], registers: Registers, window: Window) -> Iterator[Plan]:
    """Describe the service plans whose time overlaps the period, approved or not (M26, M75)."""
    for issue in _of_kind(issues, IssueKind.DOCUMENT):
        bounds = period_bounds(issue.value(Field.PERIOD))
        if text_of(issue, Field.DOCUMENT_KIND) != "service_plan" or bounds is None:
            continue
        if bounds[0] <= window.last and window.first < bounds[1]:
            decided = last_set(issue, Field.APPROVAL_DECISION)
            yield Plan(
                ref=issue.ref,
                period=text_of(issue, Field.PERIOD),
                stage=issue.stage,
                status=issue.status,
                decision=text_of(issue, Field.APPROVAL_DECISION),
                approver=registers.name_of(decided.account) if decided else "",
            )


def tasks(issues: Iterable[Issue], registers: Registers, window: Window) -> Iterator[tuple[Issue, Task]]:
    """Describe the service tasks of the period, each beside its issue."""
    for issue in _of_kind(issues, IssueKind.SERVICE_TASK):
        if touched(issue, window):
            yield (
                issue,
                Task(
                    ref=issue.ref,
                    kind=text_of(issue, Field.TASK_KIND),
                    title=issue.title,
                    customer=customer_name(issue, registers),
                    owner=registers.name_of(issue.assignee),
                    stage=issue.stage,
                    status=issue.status,
                    done_at=done_at(issue),
                    open=is_open(issue),
                ),
            )


def surveys(found: Iterable[tuple[Issue, Task]]) -> Iterator[Survey]:
    """Pick the surveys with their scores (M29, M64)."""
    for issue, task in found:
        if task.kind == "survey":
            product, service = (
                read_number(issue.value(name)) for name in (Field.SCORE_PRODUCT, Field.SCORE_SERVICE)
            )
            yield Survey(task, product, service)


def visits(
    found: Iterable[tuple[Issue, Task]], requests: Iterable[Issue], registers: Registers
) -> Iterator[Visit]:
    """Pick the visits, with the time they were due and whether it was kept (M33, M34)."""
    asked = {issue.ref: received_at(issue, registers) for issue in requests}
    zone = registers.calendar.zone
    for issue, task in found:
        if task.kind != "visit":
            continue
        nearby = _same_city(issue, registers)
        agreed = due = read_moment(issue.value(Field.VISIT_AT), zone)
        if due is None and nearby:
            # owner is None for a visit that no rule created: it was asked for when it was registered
            due = _end_of_working_day(asked.get(issue.owner or issue.ref, issue.created_at), registers)
        arrived = read_moment(issue.value(Field.ARRIVED_AT), zone)
        yield Visit(
            task=task,
            same_city=nearby,
            agreed=agreed is not None,
            agreed_with=text_of(issue, Field.VISIT_AGREED_WITH),
            due=due,
            arrived=arrived,
            left=read_moment(issue.value(Field.LEFT_AT), zone),
            signed_by=text_of(issue, Field.VISIT_SIGNED_BY),
            kept=arrived <= due if arrived and due else None,
        )


def hand_overs(
    requests: Iterable[Issue], issues: Iterable[Issue], registers: Registers
) -> Iterator[HandOver]:
    """Describe every fault, and every other request that has a maintenance issue of its own (M32)."""
    works: dict[str, Issue] = {}
    for work in sorted(_of_kind(issues, IssueKind.MAINTENANCE), key=lambda i: (i.created_at, i.ref)):
        works.setdefault(work.value(Field.ORIGIN), work)  # the elder, should two exist
    for request in requests:
        found = works.get(origin_marker("M32", request.ref))
        if found is None and text_of(request, Field.REQUEST_KIND) != "fault":
            continue
        yield HandOver(
            ref=request.ref,
            title=request.title,
            work=found.ref if found else None,
            owner=registers.name_of(found.assignee) if found else "",
            maintenance_class=text_of(found, Field.MAINTENANCE_CLASS) if found else "",
            stage=found.stage if found else None,
            visit_needed=text_of(found, Field.VISIT_NEEDED) if found else "",
            visit_at=read_moment(found.value(Field.VISIT_AT), registers.calendar.zone) if found else None,
            done_at=done_at(found) if found else None,
        )


def task_tallies(found: Sequence[Task], window: Window) -> tuple[TaskTally, ...]:
    """Count the tasks of the period by kind: those there were, done in it, open at its end."""
    others = sorted({task.kind for task in found} - set(FIELD_SPECS[Field.TASK_KIND].choices))
    return tuple(
        TaskTally(
            kind=kind,
            all=Figure.count(tuple(t.ref for t in found if t.kind == kind)),
            done=Figure.count(
                tuple(t.ref for t in found if t.kind == kind and t.done_at and window.holds(t.done_at))
            ),
            open=Figure.count(tuple(t.ref for t in found if t.kind == kind and t.open)),
        )
        for kind in (*FIELD_SPECS[Field.TASK_KIND].choices, *others)
    )


def efforts(issues: Iterable[Issue], registers: Registers, window: Window) -> tuple[Effort, ...]:
    """Add up the hours booked within the period on service issues, by person, most hours first (M71).

    Work on maintenance issues belongs into the maintenance report.
    """
    spent: dict[str, float] = {}
    where: dict[str, dict[IssueRef, None]] = {}
    for issue in issues:
        if not _is_service(issue):
            continue
        for entry in issue.time_entries:
            if window.holds_day(entry.spent_on):
                spent[entry.account] = spent.get(entry.account, 0.0) + entry.hours
                where.setdefault(entry.account, {})[issue.ref] = None
    ranked = sorted(spent, key=lambda account: (-spent[account], account))
    return tuple(
        Effort(registers.name_of(account), Figure(spent[account], tuple(sorted(where[account]))))
        for account in ranked
    )


def waivers(issues: Iterable[Issue], registers: Registers) -> Iterator[Waiver]:
    """Describe the waivers on the report's issues: what, by whom, when (M73)."""
    for issue in issues:
        granted = last_set(issue, Field.WAIVER)
        if granted is not None and granted.value.strip():
            yield Waiver(
                issue.ref, issue.title, granted.value.strip(), registers.name_of(granted.account), granted.at
            )


def _of_kind(issues: Iterable[Issue], kind: IssueKind) -> list[Issue]:
    return sorted((issue for issue in issues if issue.kind is kind), key=lambda issue: issue.ref)


def _is_service(issue: Issue) -> bool:
    if issue.kind is IssueKind.DOCUMENT:
        return text_of(issue, Field.DOCUMENT_KIND) in _SERVICE_PAPERS
    return issue.kind in {IssueKind.SERVICE_REQUEST, IssueKind.SERVICE_TASK}


def _same_city(issue: Issue, registers: Registers) -> bool | None:
    customer = registers.customer_named(text_of(issue, Field.CUSTOMER))
    person = registers.people.get(issue.assignee)
    return customer.city == person.city if customer and person else None


def _end_of_working_day(asked: datetime, registers: Registers) -> datetime:
    """Return the midnight that ends the working day in which the next working minute lies."""
    calendar = registers.calendar
    day = add_working(calendar, asked, timedelta(minutes=1)).astimezone(calendar.zone).date()
    return datetime.combine(day + timedelta(days=1), time(0), calendar.zone)
