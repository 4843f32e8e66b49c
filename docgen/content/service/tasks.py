"""Chapters 6 to 9: surveys, hand-overs and visits, plan and effort, waivers (M29, M32-M34, M71, M73)."""

from datetime import timedelta

from docgen.content.pen import NOTHING, Form, Pen, or_nothing
from docgen.model import Align, Block, Row, Section
from svc_plugin.domain.figures.model import HandOver, ServiceReport, Survey, Task, TaskTally, Visit
from svc_plugin.domain.vocabulary import Field

_CENTER, _RIGHT = Align.CENTER, Align.RIGHT
_OWN_CHAPTER = frozenset({"survey", "visit"})


def surveys(pen: Pen, report: ServiceReport) -> Section:
    """Return the chapter on proactive surveys with the two scores (M29, M64)."""
    heading = pen.heading("surveys")
    columns = pen.columns(
        ("number", 0.9),
        ("customer", 1.8),
        ("survey", 3),
        ("owner", 1.1),
        ("done", 1.3, _CENTER),
        ("score_product", 1, _RIGHT),
        ("score_service", 1, _RIGHT),
    )

    def line(survey: Survey) -> tuple[str, ...]:
        task = survey.task
        scores = (_score(survey.score_product), _score(survey.score_service))
        return (
            pen.number(task.ref),
            pen.named(task.customer),
            task.title,
            or_nothing(task.owner),
            _done(pen, task),
            *scores,
        )

    if not report.surveys:
        return Section(heading, (pen.empty(),))
    done = sum(1 for survey in report.surveys if not survey.task.open)
    intro = pen.body("surveys.intro", all=len(report.surveys), done=done)
    return Section(
        heading, (intro, pen.table("caption.surveys", columns, [line(s) for s in report.surveys], ruled=True))
    )


def hand_overs(pen: Pen, report: ServiceReport) -> tuple[Section, ...]:
    """Return the chapter on faults handed over to maintenance and on visits (M32-M35)."""
    return (
        Section(pen.heading("handovers"), ()),
        _hand_overs(pen, report),
        _visits(pen, report),
    )


def plan_and_actual(pen: Pen, report: ServiceReport) -> tuple[Section, ...]:
    """Return the chapter on tasks done and hours spent (M71)."""
    return (
        Section(pen.heading("plan"), ()),
        _tasks(pen, report),
        _effort(pen, report),
    )


def waivers(pen: Pen, report: ServiceReport) -> Section:
    """Return the chapter on waivers: what was allowed, by whom, when (M73)."""
    heading = pen.heading("waivers")
    columns = pen.columns(
        ("number", 0.9), ("title", 2.6), ("waiver", 3.4), ("granted_by", 1.1), ("granted_at", 1.3, _CENTER)
    )
    rows = [(pen.number(w.ref), w.title, w.text, or_nothing(w.by), pen.moment(w.at)) for w in report.waivers]
    return Section(heading, (pen.table("caption.waivers", columns, rows, ruled=True),))


def _hand_overs(pen: Pen, report: ServiceReport) -> Section:
    heading = pen.heading("handovers.faults")
    columns = pen.columns(
        ("number", 0.9),
        ("request", 2.6),
        ("work", 0.95),
        ("class", 1.1),
        ("maintainer", 1.25),
        ("stage", 1.2),
        ("visit", 1.5),
        ("done", 1.35, _CENTER),
    )

    def line(over: HandOver) -> tuple[str, ...]:
        return (
            pen.number(over.ref),
            over.title,
            pen.number(over.work) if over.work else pen.say("handovers.none"),
            pen.choice(Field.MAINTENANCE_CLASS, over.maintenance_class),
            or_nothing(over.owner),
            pen.stage(over.stage),
            _visit_wanted(pen, over),
            pen.day(over.done_at),
        )

    rows = [line(over) for over in report.handovers]
    return Section(heading, (pen.table("caption.handovers", columns, rows, ruled=True),), level=2)


def _visits(pen: Pen, report: ServiceReport) -> Section:
    heading = pen.heading("handovers.visits")
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
            _verdict(pen, "city", visit.same_city),
            f"{_due(pen, visit)}{agreed}",
            pen.moment(visit.arrived),
            pen.moment(visit.left),
            _verdict(pen, "kept", visit.kept),
            or_nothing(visit.signed_by),
        )

    rows = [line(visit) for visit in report.visits]
    return Section(heading, (pen.table("caption.visits", columns, rows, ruled=True),), level=2)


def _tasks(pen: Pen, report: ServiceReport) -> Section:
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
            _done(pen, task),
        )
        for task in report.tasks
        if task.kind not in _OWN_CHAPTER
    ]
    listed = (pen.table("caption.tasks", columns, rows, ruled=True),) if rows else ()
    return Section(heading, (_task_counts(pen, report), *listed), level=2)


def _task_counts(pen: Pen, report: ServiceReport) -> Block:
    columns = pen.columns(
        ("task_kind", 2), ("all_count", 1, _RIGHT), ("done_count", 1, _RIGHT), ("open_count", 1, _RIGHT)
    )

    def line(tally: TaskTally) -> Row:
        kind = pen.named(pen.texts.choice(Field.TASK_KIND, tally.kind))
        counted = (tally.all, tally.done, tally.open)
        labels = (pen.say("trace.label", row=kind, column=column.title) for column in columns[1:])
        return kind, *(pen.figure(label, figure) for label, figure in zip(labels, counted, strict=True))

    return pen.table("caption.task_counts", columns, [line(tally) for tally in report.task_tallies])


def _effort(pen: Pen, report: ServiceReport) -> Section:
    heading = pen.heading("plan.effort")
    if not report.efforts:
        return Section(heading, (pen.empty(), pen.note("plan.cost")), level=2)
    columns = pen.columns(("person", 3), ("hours", 1.2, _RIGHT), ("issues", 1.2, _RIGHT))
    rows = [
        (e.name, pen.figure(e.name, e.hours, Form.DECIMAL), str(len(e.hours.refs))) for e in report.efforts
    ]
    whole = report.effort_total
    total = (pen.say("total"), pen.figure(pen.say("total"), whole, Form.DECIMAL), str(len(whole.refs)))
    table = pen.table("caption.effort", columns, rows, total=total)
    return Section(heading, (pen.note("plan.cost"), table), level=2)


def _visit_wanted(pen: Pen, over: HandOver) -> str:
    if over.visit_at:
        return pen.moment(over.visit_at)
    return pen.say(f"visit_needed.{over.visit_needed}") if over.visit_needed in {"yes", "no"} else NOTHING


def _due(pen: Pen, visit: Visit) -> str:
    if visit.due is None:
        return NOTHING
    if visit.agreed:
        return pen.moment(visit.due)
    # due is the midnight that ends the day
    return pen.say("visits.same_day", day=pen.day(visit.due - timedelta(seconds=1)))


def _verdict(pen: Pen, what: str, verdict: bool | None) -> str:
    return NOTHING if verdict is None else pen.say(f"{what}.{str(verdict).lower()}")


def _done(pen: Pen, task: Task) -> str:
    return pen.say("state.open") if task.open else pen.day(task.done_at)


def _score(score: float | None) -> str:
    return NOTHING if score is None else Form.DECIMAL.value.format(score)
