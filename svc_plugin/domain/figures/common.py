"""What surrounds both kinds of work: plans, tasks, visits, waivers (M26, M33, M73, M75)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.costs import Track
from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.figures.model import Edit, Figure, Plan, Task, TaskTally, Visit, Waiver
from svc_plugin.domain.figures.requests import customer_name
from svc_plugin.domain.figures.tallies import grouped
from svc_plugin.domain.figures.window import Window, done_at, is_open, text_of, touched
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.moments import period_bounds, read_moment
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind
from svc_plugin.domain.working_time import add_working

# what an issue was counted under: correcting it afterwards corrects a report (M76)
_COUNTED_UNDER = frozenset(
    {
        Field.REQUEST_KIND,
        Field.CUSTOMER,
        Field.CHANNEL,
        Field.RECEIVED_AT,
        Field.MAINTENANCE_CLASS,
        Field.SEVERITY,
        Field.SOURCE,
    }
)


def track_of(issue: Issue, registers: Registers) -> Track | None:
    """Tell whose work an issue is; a task is that of its assignee, of service when that cannot be told."""
    match issue.kind:
        case IssueKind.SERVICE_REQUEST:
            return Track.SERVICE
        case IssueKind.MAINTENANCE:
            return Track.MAINTENANCE
        case IssueKind.DOCUMENT:
            kind = text_of(issue, Field.DOCUMENT_KIND).partition("_")[0]
            return Track(kind) if kind in set(Track) else None
        case IssueKind.SERVICE_TASK:
            staff = {track: registers.staff_of(track, issue.product) for track in Track}
            maintains = issue.assignee in staff[Track.MAINTENANCE]
            serves = issue.assignee in staff[Track.SERVICE]
            return Track.MAINTENANCE if maintains and not serves else Track.SERVICE
        case None:
            return None


def plans(issues: Iterable[Issue], registers: Registers, window: Window, track: Track) -> Iterator[Plan]:
    """Describe the plans of a track whose time overlaps the period, approved or not (M26, M75)."""
    for issue in of_kind(issues, IssueKind.DOCUMENT):
        bounds = period_bounds(issue.value(Field.PERIOD))
        if text_of(issue, Field.DOCUMENT_KIND) != f"{track}_plan" or bounds is None:
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
    for issue in of_kind(issues, IssueKind.SERVICE_TASK):
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


def visits(
    found: Iterable[tuple[Issue, Task]], asked: Mapping[IssueRef, datetime], registers: Registers
) -> Iterator[Visit]:
    """Pick the visits, with the time they were due and whether it was kept (M33, M34).

    ``asked`` tells when the customer asked for what an issue is about.
    """
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


def task_tallies(found: Sequence[Task], window: Window) -> tuple[TaskTally, ...]:
    """Count the tasks of the period by kind: those there were, done in it, open at its end."""
    kinds = grouped(found, lambda task: task.kind)
    choices = FIELD_SPECS[Field.TASK_KIND].choices
    return tuple(
        TaskTally(
            kind=kind,
            all=Figure.count(tuple(t.ref for t in kinds[kind])),
            done=Figure.count(tuple(t.ref for t in kinds[kind] if t.done_at and window.holds(t.done_at))),
            open=Figure.count(tuple(t.ref for t in kinds[kind] if t.open)),
        )
        for kind in (*choices, *sorted(set(kinds) - set(choices)))
    )


def waivers(issues: Iterable[Issue], registers: Registers) -> Iterator[Waiver]:
    """Describe the waivers on the report's issues: what, by whom, when (M73)."""
    for issue in issues:
        granted = last_set(issue, Field.WAIVER)
        if granted is not None and granted.value.strip():
            yield Waiver(
                issue.ref, issue.title, granted.value.strip(), registers.name_of(granted.account), granted.at
            )


def edits(issues: Iterable[Issue], registers: Registers, window: Window) -> Iterator[Edit]:
    """Find what earlier issues were counted under and somebody changed within the period (M76).

    Filling in what was empty is progress, not a correction.
    """
    for issue in sorted(issues, key=lambda i: i.ref):
        if received_at(issue, registers) >= window.start:
            continue
        for entry in issue.history:
            for change in entry.changes if window.holds(entry.at) else ():
                if change.field in _COUNTED_UNDER and change.old.strip() not in {"", change.new.strip()}:
                    by = registers.name_of(entry.account)
                    yield Edit(issue.ref, issue.title, change.field, change.old, change.new, by, entry.at)


def of_kind(issues: Iterable[Issue], kind: IssueKind) -> list[Issue]:
    """Pick the issues of a kind, in the order of their numbers."""
    return sorted((issue for issue in issues if issue.kind is kind), key=lambda issue: issue.ref)


def _same_city(issue: Issue, registers: Registers) -> bool | None:
    customer = registers.customer_named(text_of(issue, Field.CUSTOMER))
    person = registers.people.get(issue.assignee)
    return customer.city == person.city if customer and person else None


def _end_of_working_day(asked: datetime, registers: Registers) -> datetime:
    """Return the midnight that ends the working day in which the next working minute lies."""
    calendar = registers.calendar
    day = calendar.day_of(add_working(calendar, asked, timedelta(minutes=1)))
    return datetime.combine(day + timedelta(days=1), time(0), calendar.zone)
