"""What both reports tell of tasks: visits, plan and actual, people, waivers (M17, M33, M34, M71, M73)."""

from datetime import timedelta

from docgen.content.common.money import costs
from docgen.content.common.tallies import label
from docgen.content.pen import NOTHING, Form, Pen, or_nothing
from docgen.model import Align, Block, Row, Section
from svc_plugin.domain.figures.model import Effort, Figure, Report, Task, TaskTally, Visit
from svc_plugin.domain.vocabulary import Field

_CENTER, _RIGHT = Align.CENTER, Align.RIGHT
_OWN_CHAPTER = frozenset({"survey", "visit"})


def plan_and_actual(pen: Pen, report: Report) -> tuple[Section, ...]:
    """Return the chapter on tasks done and hours spent (M71)."""
    return (
        Section(pen.heading("plan"), ()),
        _tasks(pen, report),
        _effort(pen, report),
        costs(pen, report),
        _workloads(pen, report),
    )


def waivers(pen: Pen, report: Report) -> Section:
    """Return the chapter on waivers: what was allowed, by whom, when (M73)."""
    heading = pen.heading("waivers")
    columns = pen.columns(
        ("number", 0.9), ("title", 2.6), ("waiver", 3.4), ("granted_by", 1.1), ("granted_at", 1.3, _CENTER)
    )
    rows = [(pen.number(w.ref), w.title, w.text, or_nothing(w.by), pen.moment(w.at)) for w in report.waivers]
    return Section(heading, (pen.table("caption.waivers", columns, rows, ruled=True),))


def visits(pen: Pen, report: Report, key: str) -> Section:
    """Return the section on visits: when they were due, and whether that was kept (M33, M34)."""
    heading = pen.heading(key)
    columns = pen.columns(
        ("number", 0.85),
        ("customer", 1.5),
        ("visit_task", 1.6),
        ("owner", 0.9),
        ("city", 0.85, _CENTER),
        ("due", 1.4),
        ("arrived", 1.3),
        ("left", 1.3),
        ("kept", 0.75, _CENTER),
        ("signed", 1),
    )

    def line(visit: Visit) -> tuple[str, ...]:
        task = visit.task
        agreed = f"\n{pen.say('visits.agreed', name=visit.agreed_with)}" if visit.agreed_with else ""
        return (
            pen.number(task.ref),
            pen.named(task.customer),
            task.title,
            or_nothing(task.owner),
            verdict(pen, "city", visit.same_city),
            f"{due(pen, visit)}{agreed}",
            pen.moment(visit.arrived),
            pen.moment(visit.left),
            verdict(pen, "kept", visit.kept),
            or_nothing(visit.signed_by),
        )

    rows = [line(visit) for visit in report.visits]
    return Section(heading, (pen.table("caption.visits", columns, rows, ruled=True),), level=2)


def _tasks(pen: Pen, report: Report) -> Section:
    heading = pen.heading("plan.tasks")
    columns = pen.columns(
        ("number", 0.9),
        ("task_kind", 1.2),
        ("task", 4),
        ("owner", 1.1),
        ("stage", 1.2),
        ("done", 1.3, _CENTER),
    )
    rows = [
        (
            pen.number(task.ref),
            pen.named(pen.texts.choice(Field.TASK_KIND, task.kind)),
            task.title,
            or_nothing(task.owner),
            pen.stage(task.stage, task.status),
            done_day(pen, task),
        )
        for task in report.tasks
        if task.kind not in _OWN_CHAPTER
    ]
    table = pen.table("caption.tasks", columns, rows, ruled=True)
    listed = (table,) if rows else ()
    return Section(heading, (_task_counts(pen, report), *listed), level=2)


def _task_counts(pen: Pen, report: Report) -> Block:
    columns = pen.columns(
        ("task_kind", 2), ("all_count", 1, _RIGHT), ("done_count", 1, _RIGHT), ("open_count", 1, _RIGHT)
    )

    def line(tally: TaskTally) -> Row:
        kind = pen.named(pen.texts.choice(Field.TASK_KIND, tally.kind))
        counted = (tally.all, tally.done, tally.open)
        labels = (pen.say("trace.label", row=kind, column=column.title) for column in columns[1:])
        return kind, *(pen.figure(label, figure) for label, figure in zip(labels, counted, strict=True))

    return pen.table("caption.task_counts", columns, [line(tally) for tally in report.task_tallies])


def _effort(pen: Pen, report: Report) -> Section:
    heading = pen.heading("plan.effort")
    if not report.efforts:
        return Section(heading, (pen.empty(),), level=2)
    table = efforts(pen, "caption.effort", "person", report.efforts, report.effort_total)
    return Section(heading, (table,), level=2)


def efforts(pen: Pen, caption: str, column: str, found: tuple[Effort, ...], whole: Figure) -> Block:
    """Return a table of hours under one kind of heading."""
    columns = pen.columns((column, 3), ("hours", 1.2, _RIGHT), ("issues", 1.2, _RIGHT))
    rows = [
        (pen.named(e.name), pen.figure(pen.named(e.name), e.hours, Form.DECIMAL), str(len(e.hours.refs)))
        for e in found
    ]
    total = (pen.say("total"), pen.figure(pen.say("total"), whole, Form.DECIMAL), str(len(whole.refs)))
    return pen.table(caption, columns, rows, total=total)


def _workloads(pen: Pen, report: Report) -> Section:
    heading = pen.heading("plan.workload")
    columns = pen.columns(
        ("person", 2.4),
        ("handled_count", 1, _RIGHT),
        ("done_count", 1, _RIGHT),
        ("open_count", 1.1, _RIGHT),
        ("hours", 1.2, _RIGHT),
    )
    rows: list[Row] = []
    for load in report.workloads:
        figures = (
            ("handled_count", load.handled, Form.COUNT),
            ("done_count", load.done, Form.COUNT),
            ("open_count", load.open, Form.COUNT),
            ("hours", load.hours, Form.DECIMAL),
        )
        written = (pen.figure(label(pen, load.name, key), figure, form) for key, figure, form in figures)
        rows.append((load.name, *written))
    return Section(heading, (pen.table("caption.workload", columns, rows),), level=2)


def due(pen: Pen, visit: Visit) -> str:
    """Write when somebody had to be there."""
    if visit.due is None:
        return NOTHING
    if visit.agreed:
        return pen.moment(visit.due)
    # due is the midnight that ends the day
    return pen.say("visits.same_day", day=pen.day(visit.due - timedelta(seconds=1)))


def verdict(pen: Pen, what: str, given: bool | None) -> str:
    """Write yes or no in the words of ``what``; a dash when it cannot be said."""
    return NOTHING if given is None else pen.say(f"{what}.{str(given).lower()}")


def done_day(pen: Pen, task: Task) -> str:
    """Write when a task was done, or that it is open."""
    return pen.say("state.open") if task.open else pen.day(task.done_at)
