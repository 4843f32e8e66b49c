"""Chapter 3: kinds and numbers, and how fast the requests were responded to (M06, M30, M41)."""

from docgen.content.pen import NOTHING, Form, Pen
from docgen.model import Align, Block, Row, Section
from svc_plugin.domain.figures.model import TOTAL, Figure, ResponseTally, ServiceReport, Tally
from svc_plugin.domain.vocabulary import Field

_RIGHT = Align.RIGHT


def statistics(pen: Pen, report: ServiceReport) -> tuple[Section, ...]:
    """Return the chapter with its five tables."""
    return (
        Section(pen.heading("statistics"), (pen.body("statistics.intro"),)),
        Section(pen.heading("statistics.kinds"), (_kinds(pen, report),), level=2),
        Section(pen.heading("statistics.responses"), (_responses(pen, report),), level=2),
        Section(pen.heading("statistics.customers"), (_names(pen, "customer", report),), level=2),
        Section(pen.heading("statistics.channels"), (_names(pen, "channel", report),), level=2),
        Section(pen.heading("statistics.months"), (_months(pen, report),), level=2),
    )


def _kinds(pen: Pen, report: ServiceReport) -> Block:
    columns = pen.columns(
        ("kind", 1.5),
        ("received_count", 1, _RIGHT),
        ("previous_count", 1, _RIGHT),
        ("difference", 0.9, _RIGHT),
        ("late_count", 1, _RIGHT),
        ("done_count", 1, _RIGHT),
        ("open_count", 1.1, _RIGHT),
        ("mean_hours", 1.5, _RIGHT),
    )

    def line(tally: Tally, name: str) -> Row:
        def written(key: str, figure: Figure, form: Form = Form.COUNT) -> str:
            return pen.figure(_label(pen, name, key), figure, form)

        return (
            name,
            written("received_count", tally.received),
            written("previous_count", tally.previous),
            _difference(tally),
            written("late_count", tally.late),
            written("done_count", tally.done),
            written("open_count", tally.open),
            written("mean_hours", tally.hours, Form.DECIMAL),
        )

    *kinds, whole = report.statistics.kinds
    rows = [line(tally, _kind(pen, tally.name)) for tally in kinds]
    return pen.table("caption.kinds", columns, rows, total=line(whole, pen.say("total")))


def _responses(pen: Pen, report: ServiceReport) -> Block:
    columns = pen.columns(
        ("kind", 1.5),
        ("in_time_count", 1, _RIGHT),
        ("late_response_count", 1, _RIGHT),
        ("pending_count", 1.3, _RIGHT),
        ("rate", 1, _RIGHT),
        ("mean_response", 1.6, _RIGHT),
    )

    def line(tally: ResponseTally, name: str) -> Row:
        def written(key: str, figure: Figure, form: Form = Form.COUNT) -> str:
            return pen.figure(_label(pen, name, key), figure, form)

        return (
            name,
            written("in_time_count", tally.in_time),
            written("late_response_count", tally.late),
            written("pending_count", tally.pending),
            written("rate", tally.rate, Form.SHARE),
            written("mean_response", tally.hours, Form.DECIMAL),
        )

    *kinds, whole = report.statistics.responses
    rows = [line(tally, _kind(pen, tally.name)) for tally in kinds]
    return pen.table("caption.responses", columns, rows, total=line(whole, pen.say("total")))


def _names(pen: Pen, what: str, report: ServiceReport) -> Block:
    """Return the table by customer or by channel."""
    columns = pen.columns(
        (what, 3),
        ("received_count", 1, _RIGHT),
        ("previous_count", 1, _RIGHT),
        ("difference", 1, _RIGHT),
        ("done_count", 1, _RIGHT),
        ("open_count", 1.1, _RIGHT),
    )
    by_customer = what == "customer"
    tallies = report.statistics.customers if by_customer else report.statistics.channels
    rows: list[Row] = []
    for tally in tallies:
        name = pen.named(tally.name if by_customer else pen.texts.choice(Field.CHANNEL, tally.name))
        counted = (
            ("received_count", tally.received),
            ("previous_count", tally.previous),
            ("done_count", tally.done),
            ("open_count", tally.open),
        )
        received, previous, *rest = (pen.figure(_label(pen, name, key), figure) for key, figure in counted)
        rows.append((name, received, previous, _difference(tally), *rest))
    return pen.table(f"caption.{what}s", columns, rows)


def _months(pen: Pen, report: ServiceReport) -> Block:
    columns = pen.columns(
        ("month", 1.5), ("received_count", 1, _RIGHT), ("late_count", 1, _RIGHT), ("done_count", 1, _RIGHT)
    )
    rows = [
        (
            month.name,
            pen.figure(_label(pen, month.name, "received_count"), month.received),
            pen.figure(_label(pen, month.name, "late_count"), month.late),
            pen.figure(_label(pen, month.name, "done_count"), month.done),
        )
        for month in report.statistics.months
    ]
    return pen.table("caption.months", columns, rows)


def _kind(pen: Pen, kind: str) -> str:
    return pen.say("total") if kind == TOTAL else pen.named(pen.texts.choice(Field.REQUEST_KIND, kind))


def _label(pen: Pen, name: str, key: str) -> str:
    column = pen.say(f"column.{key}").replace("\n", " ")
    return pen.say("trace.label", row=name, column=column)


def _difference(tally: Tally) -> str:
    if tally.received.value is None or tally.previous.value is None:
        return NOTHING
    change = tally.received.value - tally.previous.value
    return f"{change:+.0f}" if change else "0"
