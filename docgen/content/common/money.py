"""Budget and actual costs (M71)."""

from docgen.content.common.charts import spent
from docgen.content.common.tallies import label
from docgen.content.pen import NOTHING, Form, Pen
from docgen.model import Align, Block, Row, Section
from svc_plugin.domain.figures.model import CostRow, Costs, Report

_RIGHT = Align.RIGHT


def costs(pen: Pen, report: Report) -> Section:
    """Return the section that holds what was spent against the budget of the period."""
    heading = pen.heading("plan.costs")
    found = report.costs
    columns = pen.columns(
        ("cost_line", 2), ("budget", 1.3, _RIGHT), ("actual", 1.3, _RIGHT), ("variance", 1.3, _RIGHT)
    )

    def line(name: str, budget: float | None, row: CostRow | Costs) -> Row:
        actual = pen.figure(label(pen, name, "actual"), row.actual, Form.MONEY)
        left = None if budget is None else budget - (row.actual.value or 0.0)
        return name, money(budget), actual, money(left)

    lines = [row for row in found.lines if row.budget is not None or row.actual.value]
    rows = [line(pen.say(f"cost_line.{row.line}"), row.budget, row) for row in lines]
    if not rows:
        return Section(heading, (pen.empty(), *remarks(pen, found)), level=2)
    total = line(pen.say("total"), found.budget, found)
    table = pen.table("caption.costs", columns, rows, total=total)
    shown = spent(pen, "costs", table, lines)
    return Section(heading, (pen.note("costs.note"), *shown, *remarks(pen, found)), level=2)


def remarks(pen: Pen, found: Costs) -> tuple[Block, ...]:
    """Return what the table cannot say: hours without a rate, and the contracts' fees."""
    unrated: tuple[Block, ...] = ()
    if found.unrated.value:
        hours = pen.figure(pen.say("costs.unrated.label"), found.unrated, Form.DECIMAL)
        unrated = (pen.note("costs.unrated", hours=hours),)
    fee = (pen.note("costs.fee", fee=money(found.fee)),) if found.fee is not None else ()
    return (*unrated, *fee)


def money(amount: float | None) -> str:
    """Write CNY to the cent."""
    return NOTHING if amount is None else Form.MONEY.value.format(amount)
