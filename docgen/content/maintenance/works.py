"""Chapters 2, 4 and 7: the requirements with their measures, decisions, tests and versions (M50-M57, M60)."""

from collections.abc import Iterable, Iterator
from functools import partial

from docgen.content.annexes import Annex, where_the_rest_is
from docgen.content.common.months import by_month
from docgen.content.common.tasks import verdict
from docgen.content.pen import NOTHING, Form, Pen, or_nothing
from docgen.model import Align, Group, Row, Section, Table
from svc_plugin.domain.figures.maintenance_model import Decision, MaintenanceReport, WorkRow
from svc_plugin.domain.vocabulary import Field, Stage

_CENTER, _RIGHT = Align.CENTER, Align.RIGHT
_TESTED = frozenset({Stage.TESTING, Stage.DONE, Stage.CLOSED})


def works(pen: Pen, report: MaintenanceReport, annex: Annex | None = None) -> Section:
    """Return the chapter with every requirement of the period, by the month in which it was received.

    With an ``annex`` only what is open or was done late stands here.
    """
    heading = pen.heading("works")
    columns = pen.columns(
        ("number", 680),
        ("source", 1350),
        ("class", 1020),
        ("judged", 1130),
        ("received_day", 1080),
        ("problem", 2530),
        ("measure", 2100),
        ("test", 900),
        ("fixed_version", 850),
        ("work_hours", 680, _RIGHT),
        ("stage", 1130),
        ("satisfaction", 1000),
    )
    name = pen.name("caption.works", columns)
    if not report.works:
        return Section(heading, (pen.empty(),))
    caption = pen.say("caption.works")
    unfinished = sum(1 for row in report.works if row.open)
    intro = pen.body("works.intro", all=len(report.works), open=unfinished)
    shown = [row for row in report.works if annex is None or _is_notable(row)]
    description = pen.describe(caption, columns, len(shown))
    table = Table(caption, description, columns, partial(_groups, pen, report, shown), ruled=True, name=name)
    rest = (where_the_rest_is(pen, annex, len(shown)),) if annex else ()
    return Section(heading, (intro, *rest, table if shown else pen.empty()), landscape=True)


def decisions(pen: Pen, report: MaintenanceReport) -> Section:
    """Return the chapter on perfective requirements: resource check, leader's decision, conversion."""
    heading = pen.heading("decisions")
    columns = pen.columns(
        ("number", 0.75),
        ("requirement", 1.7),
        ("estimate", 1.05, _RIGHT),
        ("resources", 1.1, _CENTER),
        ("decision_made", 1.1, _CENTER),
        ("granted_by", 0.95),
        ("granted_at", 1.3, _CENTER),
        ("opinion", 1.9),
        ("outcome", 1.2),
    )
    rows = [_decision(pen, decision) for decision in report.decisions]
    return Section(heading, (pen.table("caption.decisions", columns, rows, ruled=True),))


def testing(pen: Pen, report: MaintenanceReport, annex: Annex | None) -> Section:
    """Return the chapter on tests and versions: the evidence of every change (M56, M57).

    With an ``annex`` only what is open or was done late stands here.
    """
    heading = pen.heading("testing")
    columns = pen.columns(
        ("number", 0.8),
        ("base_version", 0.9, _CENTER),
        ("fixed_version", 0.9, _CENTER),
        ("change_refs", 2.2),
        ("owner", 0.9),
        ("tester", 0.9),
        ("test_result", 0.85, _CENTER),
        ("evidence", 2.4),
    )
    rows = [
        (
            pen.number(row.ref),
            or_nothing(row.base_version),
            or_nothing(row.fixed_version),
            or_nothing(row.change_refs),
            or_nothing(row.owner),
            or_nothing(row.tester),
            pen.choice(Field.TEST_RESULT, row.test_result),
            or_nothing(row.evidence),
        )
        for row in changed(report)
        if annex is None or _is_notable(row)
    ]
    rest = (where_the_rest_is(pen, annex, len(rows)),) if annex else ()
    return Section(heading, (*rest, pen.table("caption.testing", columns, rows, ruled=True)))


def changed(report: MaintenanceReport) -> list[WorkRow]:
    """Pick the requirements for which the product was changed: tests and versions are due."""
    return [row for row in report.works if row.stage in _TESTED]


def _is_notable(row: WorkRow) -> bool:
    return row.open or row.resolution.in_time is False


def _groups(pen: Pen, report: MaintenanceReport, shown: Iterable[WorkRow]) -> Iterator[Group]:
    def total(rows: list[WorkRow], unfinished: int) -> str:
        hours = sum(row.hours.value or 0.0 for row in rows)
        done = len(rows) - unfinished
        return pen.say("works.total", all=len(rows), done=done, open=unfinished, hours=f"{hours:.1f}")

    return by_month(pen, shown, report.first, line=partial(_row, pen), total=total)


def _row(pen: Pen, row: WorkRow) -> Row:
    source = "\n".join(part for part in (pen.choice(Field.SOURCE, row.source), row.customer) if part)
    judged = f"{or_nothing(row.judged_by)}\n{pen.day(row.judged_at)}" if row.judged_at else NOTHING
    problem = f"{row.title}\n{pen.say('works.cause', cause=row.cause)}" if row.cause else row.title
    test = "\n".join(part for part in (pen.choice(Field.TEST_RESULT, row.test_result), row.tester) if part)
    return (
        pen.number(row.ref),
        source,
        pen.choice(Field.MAINTENANCE_CLASS, row.maintenance_class),
        judged,
        pen.day(row.received),
        problem,
        or_nothing(row.measure),
        test,
        or_nothing(row.fixed_version),
        Form.DECIMAL.value.format(row.hours.value or 0.0),
        f"{pen.stage(row.stage, row.status)}\n{pen.day(row.done_at) if row.done_at else ''}".strip(),
        pen.choice(Field.SATISFACTION_EVIDENCE, row.satisfaction),
    )


def _decision(pen: Pen, decision: Decision) -> Row:
    said = [decision.opinion]
    if decision.factors:
        said.append(pen.say("decisions.factors", factors=decision.factors))
    if decision.explanation:
        said.append(pen.say("decisions.explained", text=decision.explanation))
    return (
        pen.number(decision.ref),
        decision.title,
        NOTHING if decision.estimate is None else f"{decision.estimate:.1f}",
        verdict(pen, "fits", decision.fits),
        pen.choice(Field.DECISION, decision.decision),
        or_nothing(decision.by),
        pen.moment(decision.at),
        or_nothing("\n".join(text for text in said if text)),
        pen.say("decisions.project") if decision.project else pen.stage(decision.stage, decision.status),
    )
