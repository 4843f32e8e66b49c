"""Tables of numbers: kinds, clocks, customers, months, and figures one below the other (M41, M62)."""

from collections.abc import Callable, Iterable, Sequence

from docgen.content.pen import NOTHING, Form, Pen
from docgen.model import Align, Block, Row
from svc_plugin.domain.figures.model import TOTAL, Figure, MonthTally, ResponseTally, Tally
from svc_plugin.domain.vocabulary import Field

_RIGHT = Align.RIGHT


def kinds(pen: Pen, caption: str, column: str, field: Field, tallies: Sequence[Tally]) -> Block:
    """Return the table of kinds or classes; the last of ``tallies`` is the total."""
    columns = pen.columns(
        (column, 1.5),
        ("received_count", 1, _RIGHT),
        ("previous_count", 1, _RIGHT),
        ("difference", 0.9, _RIGHT),
        ("late_count", 1, _RIGHT),
        ("done_count", 1, _RIGHT),
        ("open_count", 1.1, _RIGHT),
        ("mean_hours", 1.5, _RIGHT),
    )

    def line(tally: Tally) -> Row:
        name = chosen(pen, field, tally.name)

        def written(key: str, figure: Figure, form: Form = Form.COUNT) -> str:
            return pen.figure(label(pen, name, key), figure, form)

        return (
            name,
            written("received_count", tally.received),
            written("previous_count", tally.previous),
            difference(tally),
            written("late_count", tally.late),
            written("done_count", tally.done),
            written("open_count", tally.open),
            written("mean_hours", tally.hours, Form.DECIMAL),
        )

    *parts, whole = tallies
    return pen.table(caption, columns, [line(tally) for tally in parts], total=line(whole))


def clocks(
    pen: Pen, caption: str, column: str, field: Field, tallies: Sequence[ResponseTally], used: str
) -> Block:
    """Return the table of how a clock was kept; ``used`` is the title key of its mean time."""
    columns = pen.columns(
        (column, 1.5),
        ("in_time_count", 1, _RIGHT),
        ("late_response_count", 1, _RIGHT),
        ("pending_count", 1.3, _RIGHT),
        ("rate", 1, _RIGHT),
        (used, 1.6, _RIGHT),
    )

    def line(tally: ResponseTally) -> Row:
        name = chosen(pen, field, tally.name)

        def written(key: str, figure: Figure, form: Form = Form.COUNT) -> str:
            return pen.figure(label(pen, name, key), figure, form)

        return (
            name,
            written("in_time_count", tally.in_time),
            written("late_response_count", tally.late),
            written("pending_count", tally.pending),
            written("rate", tally.rate, Form.SHARE),
            written(used, tally.hours, Form.DECIMAL),
        )

    *parts, whole = tallies
    return pen.table(caption, columns, [line(tally) for tally in parts], total=line(whole))


def names(
    pen: Pen, caption: str, column: str, tallies: Iterable[Tally], name_of: Callable[[str], str]
) -> Block:
    """Return the table by customer, channel or source."""
    columns = pen.columns(
        (column, 3),
        ("received_count", 1, _RIGHT),
        ("previous_count", 1, _RIGHT),
        ("difference", 1, _RIGHT),
        ("done_count", 1, _RIGHT),
        ("open_count", 1.1, _RIGHT),
    )
    rows: list[Row] = []
    for tally in tallies:
        name = pen.named(name_of(tally.name))
        counted = (
            ("received_count", tally.received),
            ("previous_count", tally.previous),
            ("done_count", tally.done),
            ("open_count", tally.open),
        )
        received, previous, *rest = (pen.figure(label(pen, name, key), figure) for key, figure in counted)
        rows.append((name, received, previous, difference(tally), *rest))
    return pen.table(caption, columns, rows)


def months(pen: Pen, caption: str, tallies: Iterable[MonthTally]) -> Block:
    """Return the table by month."""
    columns = pen.columns(
        ("month", 1.5), ("received_count", 1, _RIGHT), ("late_count", 1, _RIGHT), ("done_count", 1, _RIGHT)
    )
    rows = [
        (
            month.name,
            pen.figure(label(pen, month.name, "received_count"), month.received),
            pen.figure(label(pen, month.name, "late_count"), month.late),
            pen.figure(label(pen, month.name, "done_count"), month.done),
        )
        for month in tallies
    ]
    return pen.table(caption, columns, rows)


def key_figures(
    pen: Pen, caption: str, figures: Iterable[tuple[str, Figure, Form, dict[str, object]]]
) -> Block:
    """Return figures one below the other, each explained: key, figure, form, facts of the explanation."""
    columns = pen.columns(("figure", 2.6), ("value", 1.1, Align.CENTER), ("explanation", 4.6))
    rows: list[Row] = []
    for key, figure, form, facts in figures:
        name = pen.say(f"key.{key}")
        rows.append((name, pen.figure(name, figure, form), pen.say(f"key.{key}.explained", **facts)))
    return pen.table(caption, columns, rows)


def chosen(pen: Pen, field: Field, name: str) -> str:
    """Write one choice of a field under which things are counted, or the word for their total."""
    return pen.say("total") if name == TOTAL else pen.named(pen.texts.choice(field, name))


def label(pen: Pen, name: str, key: str) -> str:
    """Name a figure of a table by its row and column, for the annex."""
    column = pen.say(f"column.{key}").replace("\n", " ")
    return pen.say("trace.label", row=name, column=column)


def difference(tally: Tally) -> str:
    """Write how many more were received than in the period before."""
    if tally.received.value is None or tally.previous.value is None:
        return NOTHING
    change = tally.received.value - tally.previous.value
    return f"{change:+.0f}" if change else "0"


def counted(figure: Figure) -> str:
    """Write a count within a sentence."""
    return Form.COUNT.value.format(figure.value or 0)


def decimal(figure: Figure) -> str:
    """Write a mean or a sum within a sentence."""
    return NOTHING if figure.value is None else Form.DECIMAL.value.format(figure.value)
