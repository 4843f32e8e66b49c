"""Chapters 6 and 7: surveys, hand-overs (M29, M32, M35, M64)."""

from docgen.content.common.tasks import done_day, visits
from docgen.content.pen import NOTHING, Form, Pen, or_nothing
from docgen.model import Align, Section
from svc_plugin.domain.figures.service_model import HandOver, ServiceReport, Survey
from svc_plugin.domain.vocabulary import Field

_CENTER, _RIGHT = Align.CENTER, Align.RIGHT


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
            done_day(pen, task),
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
        visits(pen, report, "handovers.visits"),
    )


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


def _visit_wanted(pen: Pen, over: HandOver) -> str:
    if over.visit_at:
        return pen.moment(over.visit_at)
    return pen.say(f"visit_needed.{over.visit_needed}") if over.visit_needed in {"yes", "no"} else NOTHING


def _score(score: float | None) -> str:
    return NOTHING if score is None else Form.DECIMAL.value.format(score)
