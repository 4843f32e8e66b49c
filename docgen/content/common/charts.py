"""Charts beside the tables that hold their numbers, and the sentence that names both (M41, M44, M62)."""

from collections.abc import Sequence
from dataclasses import replace

from docgen.content.common.tallies import chosen
from docgen.content.pen import Pen
from docgen.model import Align, Block, Chart, ChartKind, Column, Reference, Row, Series, Table
from svc_plugin.domain.figures.model import CostRow, Figure, ResponseTally
from svc_plugin.domain.figures.tallies import MonthlyLine
from svc_plugin.domain.vocabulary import Field

_RIGHT = Align.RIGHT
_MONTHS_IN_ONE_LINE = 6
_FEWEST_CATEGORIES, _FEWEST_NUMBERS = 2, 3


def by_month(
    pen: Pen, key: str, column: str, field: Field, months: Sequence[str], counted: Sequence[MonthlyLine]
) -> tuple[Block, ...]:
    """Return the table of what was received under each choice of a field, month by month, with its chart.

    There is neither when nothing was received. ``column`` is the key of the first column's title; the last
    line of ``counted`` is the total.
    """
    if not counted:
        return ()
    short = len(months) <= _MONTHS_IN_ONE_LINE
    titles = months if short else tuple(month.replace("-", "-\n") for month in months)
    columns = (
        *pen.columns((column, 1.8)),
        *(Column(title, 1, _RIGHT, f"month_{number}") for number, title in enumerate(titles, 1)),
        Column(pen.say("total"), 1, _RIGHT, "total"),
    )

    def line(name: str, figures: Sequence[Figure]) -> Row:
        words = chosen(pen, field, name)
        written = (
            pen.figure(pen.say("trace.label", row=words, column=month), figure)
            for month, figure in zip(months, figures, strict=True)
        )
        return words, *written, str(sum(len(figure.refs) for figure in figures))

    *parts, whole = counted
    rows = [line(*part) for part in parts]
    table = pen.table(f"caption.{key}", columns, rows, total=line(*whole))
    series = [(chosen(pen, field, name), [figure.value for figure in figures]) for name, figures in parts]
    return beside(pen, table, chart(pen, key, ChartKind.STACKED, months, series, every=True))


def kept(
    pen: Pen, key: str, field: Field, table: Block, tallies: Sequence[ResponseTally]
) -> tuple[Block, ...]:
    """Return the table of how a clock was kept, with its chart; the last of ``tallies`` is the total."""
    parts = tallies[:-1]
    series = [
        (pen.say("column.in_time_count"), [tally.in_time.value for tally in parts]),
        (pen.say("column.late_response_count"), [tally.late.value for tally in parts]),
        (pen.say("column.pending_count"), [tally.pending.value for tally in parts]),
    ]
    names = [chosen(pen, field, tally.name) for tally in parts]
    return beside(pen, table, chart(pen, key, ChartKind.STACKED, names, series))


def spent(pen: Pen, key: str, table: Block, lines: Sequence[CostRow]) -> tuple[Block, ...]:
    """Return the table of budget and actual costs, with its chart in whole CNY."""
    names = [pen.say(f"cost_line.{row.line}") for row in lines]
    series = [
        (pen.say("column.budget"), [row.budget for row in lines]),
        (pen.say("column.actual"), [row.actual.value for row in lines]),
    ]
    whole = [(name, [value and float(round(value)) for value in values]) for name, values in series]
    return beside(pen, table, chart(pen, key, ChartKind.COLUMN, names, whole))


def chart(
    pen: Pen,
    key: str,
    kind: ChartKind,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    every: bool = False,
) -> Chart | None:
    """Return a chart of what is not zero; None when too few numbers are left to compare.

    With ``every`` those without a value are drawn too: a month in which nothing came in says something.
    """
    shown = [place for place in range(len(categories)) if every or any(values[place] for _, values in series)]
    numbers = sum(1 for _, values in series for value in values if value)
    if len(shown) < _FEWEST_CATEGORIES or numbers < _FEWEST_NUMBERS:
        return None
    drawn = tuple(
        Series(name.replace("\n", " "), tuple(_rounded(values[place]) for place in shown))
        for name, values in series
        if any(values)
    )
    return Chart(kind, pen.say(f"figure.{key}"), tuple(categories[place] for place in shown), drawn, key=key)


def beside(pen: Pen, table: Block, drawn: Chart | None) -> tuple[Block, ...]:
    """Return a sentence that names table and chart, then both; the table alone where no chart is."""
    if drawn is None or not isinstance(table, Table):
        return (table,)
    key = f"{drawn.key}.numbers"
    see = pen.prose(f"see.{drawn.key}", table=Reference(key), figure=Reference(drawn.key))
    return see, replace(table, key=key), drawn


def _rounded(value: float | None) -> float | None:
    return round(value, 1) if value else None
