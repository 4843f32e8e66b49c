"""Chapters 2, 4 and 5: the requests with their measures, the complaints, the suggestions (M36, M37, M39)."""

from collections.abc import Iterable, Iterator
from functools import partial

from docgen.content.annexes import Annex, where_the_rest_is
from docgen.content.common.months import by_month
from docgen.content.pen import Pen, or_nothing
from docgen.model import Align, Block, Group, Row, Section, Table
from svc_plugin.domain.figures.model import Response
from svc_plugin.domain.figures.service_model import RequestRow, ServiceReport
from svc_plugin.domain.vocabulary import Field


def requests(pen: Pen, report: ServiceReport, annex: Annex | None = None) -> Section:
    """Return the chapter with every request of the period, by the month in which it was received.

    With an ``annex`` only what is open or was answered late stands here.
    """
    heading = pen.heading("requests")
    columns = pen.columns(
        ("number", 700),
        ("customer", 1500),
        ("channel", 900),
        ("received", 1060),
        ("kind", 950),
        ("request", 2200),
        ("measure", 2700),
        ("first_response", 1700),
        ("done", 1080),
        ("satisfaction", 1060),
        ("owner", 750),
    )
    name = pen.name("caption.requests", columns)
    if not report.requests:
        return Section(heading, (pen.empty(),))
    caption = pen.say("caption.requests")
    shown = [row for row in report.requests if annex is None or _is_notable(row)]
    description = pen.describe(caption, columns, len(shown))
    unfinished = sum(1 for row in report.requests if row.open)
    intro = pen.body("requests.intro", all=len(report.requests), open=unfinished)
    table = Table(caption, description, columns, partial(_groups, pen, report, shown), ruled=True, name=name)
    rest = (where_the_rest_is(pen, annex, len(shown)),) if annex else ()
    return Section(heading, (intro, *rest, table if shown else pen.empty()), landscape=True)


def complaints(pen: Pen, report: ServiceReport) -> Section:
    """Return the chapter with every complaint and what came of it (M27)."""
    heading = pen.heading("complaints")
    columns = pen.columns(
        ("number", 0.9),
        ("customer", 1.5),
        ("complaint", 2.2),
        ("received_day", 1.25, Align.CENTER),
        ("measure", 2.4),
        ("outcome", 2.2),
        ("state", 0.9, Align.CENTER),
    )
    rows = [
        (
            pen.number(c.ref),
            pen.named(c.customer),
            c.title,
            pen.day(c.received),
            or_nothing(c.measure),
            or_nothing(c.outcome),
            _state(pen, is_open=c.open),
        )
        for c in report.complaints
    ]
    return Section(heading, (pen.table("caption.complaints", columns, rows, ruled=True),))


def suggestions(pen: Pen, report: ServiceReport) -> Section:
    """Return the chapter with every suggestion, the decision, the thanks and the explanation (M36, M37)."""
    heading = pen.heading("suggestions")
    columns = pen.columns(
        ("number", 0.9),
        ("customer", 1.6),
        ("suggestion", 2.6),
        ("decision", 1.25, Align.CENTER),
        ("thanks", 1.25, Align.CENTER),
        ("explained", 2.85),
        ("state", 0.9, Align.CENTER),
    )
    rows = [
        (
            pen.number(s.ref),
            pen.named(s.customer),
            s.title,
            pen.choice(Field.SUGGESTION_DECISION, s.decision),
            or_nothing(s.thanks_on),
            or_nothing(s.explanation),
            _state(pen, is_open=s.open),
        )
        for s in report.suggestions
    ]
    blocks: tuple[Block, ...] = (pen.table("caption.suggestions", columns, rows, ruled=True),)
    return Section(heading, blocks)


def _is_notable(row: RequestRow) -> bool:
    return row.open or row.response.in_time is False


def _groups(pen: Pen, report: ServiceReport, shown: Iterable[RequestRow]) -> Iterator[Group]:
    def total(rows: list[RequestRow], unfinished: int) -> str:
        return pen.say("requests.total", all=len(rows), done=len(rows) - unfinished, open=unfinished)

    return by_month(pen, shown, report.first, line=partial(_row, pen), total=total)


def _row(pen: Pen, row: RequestRow) -> Row:
    return (
        pen.number(row.ref),
        pen.named(row.customer),
        pen.choice(Field.CHANNEL, row.channel),
        pen.moment(row.received),
        pen.choice(Field.REQUEST_KIND, row.kind),
        row.title,
        or_nothing(row.measure),
        _response(pen, row.response),
        pen.say("requests.open", stage=pen.stage(row.stage, row.status))
        if row.open
        else pen.moment(row.done_at),
        pen.choice(Field.SATISFACTION_EVIDENCE, row.satisfaction),
        or_nothing(row.owner),
    )


def _response(pen: Pen, response: Response) -> str:
    if response.at is None or response.used is None:
        return pen.say("response.missed" if response.in_time is False else "response.pending")
    return pen.say(
        "response.given",
        at=pen.texts.moment(response.at, pen.registers.calendar.zone),
        used=pen.texts.duration(response.used),
        verdict=pen.say(f"response.{str(response.in_time).lower()}"),
    )


def _state(pen: Pen, *, is_open: bool) -> str:
    return pen.say("state.open" if is_open else "state.done")
