"""Chapter 3 of both plans: the budget beside what the period before cost (M03, M71)."""

from docgen.content.common.charts import beside, chart
from docgen.content.common.money import money
from docgen.content.common.tallies import key_figures, label
from docgen.content.pen import Form, Pen
from docgen.model import Align, Block, Chart, ChartKind, Row, Section
from svc_plugin.domain.costs import CostLine, Track
from svc_plugin.domain.figures.plan_model import WorkPlan

_RIGHT = Align.RIGHT


def budget(pen: Pen, plan: WorkPlan) -> Section:
    """Return the chapter."""
    heading = pen.heading("budget")
    before = plan.before.costs
    columns = pen.columns(
        ("cost_line", 2), ("last_budget", 1.4, _RIGHT), ("last_actual", 1.4, _RIGHT), ("budget", 1.4, _RIGHT)
    )

    def line(name: str, last: float | None, actual: str, planned: float | None) -> Row:
        return name, money(last), actual, money(planned)

    rows: list[Row] = []
    for planned, last in zip(plan.costs.lines, before.lines, strict=True):
        if planned.line is CostLine.TEST_ENVIRONMENT and plan.track is Track.SERVICE:
            continue
        name = pen.say(f"cost_line.{planned.line}")
        actual = pen.figure(label(pen, name, "last_actual"), last.actual, Form.MONEY)
        rows.append(line(name, last.budget, actual, planned.budget))
    name = pen.say("total")
    actual = pen.figure(label(pen, name, "last_actual"), before.actual, Form.MONEY)
    total = line(name, before.budget, actual, plan.costs.budget)
    table = pen.table("caption.budget", columns, rows, total=total)
    intro = pen.body("budget.intro", period=plan.period, before=plan.before.period)
    shown = beside(pen, table, _chart(pen, plan))
    return Section(heading, (intro, *shown, *_remarks(pen, plan), _last(pen, plan)))


def _chart(pen: Pen, plan: WorkPlan) -> Chart | None:
    planned, last = plan.costs.lines, plan.before.costs.lines
    series = [
        (pen.say("column.last_actual"), [line.actual.value for line in last]),
        (pen.say("column.budget"), [line.budget for line in planned]),
    ]
    return chart(
        pen, "budget", ChartKind.COLUMN, [pen.say(f"cost_line.{line.line}") for line in planned], series
    )


def _remarks(pen: Pen, plan: WorkPlan) -> tuple[Block, ...]:
    found: list[Block] = []
    if plan.costs.fee is not None:
        found.append(pen.note("costs.fee", fee=money(plan.costs.fee)))
    if plan.before.costs.unrated.value:
        hours = pen.figure(pen.say("costs.unrated.label"), plan.before.costs.unrated, Form.DECIMAL)
        found.append(pen.note("costs.unrated", hours=hours))
    return tuple(found)


def _last(pen: Pen, plan: WorkPlan) -> Block:
    """Return what the period before brought: the measure for this one."""
    last = plan.before
    return key_figures(
        pen,
        "caption.last_period",
        (
            ("last_received", last.received, Form.COUNT, {"period": last.period}),
            ("last_done", last.done, Form.COUNT, {"period": last.period}),
            (f"last_rate.{plan.track}", last.rate, Form.SHARE, {"period": last.period}),
            ("last_hours", last.hours, Form.DECIMAL, {"period": last.period}),
        ),
    )
