"""Chapter 1: what the report is about, and its figures at a glance."""

from docgen.content.pen import NOTHING, Form, Pen
from docgen.model import Align, Block, FormRow, Front, Paragraph, Row, Section
from docgen.model import Form as FormBlock
from svc_plugin.domain.figures.model import Figure, Plan, ServiceReport
from svc_plugin.domain.vocabulary import Field, Stage


def overview(pen: Pen, report: ServiceReport, front: Front) -> Section:
    """Return the chapter: scope, people, plan in force, key figures."""
    heading = pen.heading("overview")
    columns = pen.columns(("figure", 2.6), ("value", 1.1, Align.CENTER), ("explanation", 4.6))
    blocks: tuple[Block, ...] = (
        pen.body("overview.purpose", product=product_name(pen, report), first=report.first, last=report.last),
        _as_of(pen, report, front),
        _facts(pen, report),
        pen.table("caption.key_figures", columns, _key_figures(pen, report)),
    )
    return Section(heading, blocks)


def product_name(pen: Pen, report: ServiceReport) -> str:
    """Return the product's name, its key when the register does not know it."""
    product = pen.registers.products.get(report.product)
    return product.name if product else report.product


def approved_plans(report: ServiceReport) -> tuple[Plan, ...]:
    """Return the service plans that were in force (M75)."""
    return tuple(plan for plan in report.plans if plan.stage is Stage.APPROVED)


def _as_of(pen: Pen, report: ServiceReport, front: Front) -> Paragraph:
    if front.day <= report.last:
        return pen.body("overview.running", last=report.last, day=front.day)
    return pen.body("overview.frozen", last=report.last)


def _facts(pen: Pen, report: ServiceReport) -> FormBlock:
    product = pen.registers.products.get(report.product)
    name_of = pen.registers.name_of
    values = {
        "kind": pen.say(f"product_kind.{product.kind}") if product else NOTHING,
        "staff": pen.texts.listed([name_of(a) for a in product.service_staff]) if product else NOTHING,
        "leader": name_of(product.leader) if product else NOTHING,
        "plan": _plans(pen, report),
    }
    rows = tuple(FormRow(pen.say(f"overview.{key}"), value or NOTHING) for key, value in values.items())
    return FormBlock(rows, pen.say("overview.description"))


def _plans(pen: Pen, report: ServiceReport) -> str:
    if not report.plans:
        return pen.say("overview.no_plan")
    return "\n".join(
        pen.say(
            "overview.plan_line",
            number=pen.number(plan.ref),
            period=plan.period,
            stage=pen.stage(plan.stage, plan.status),
            decision=pen.choice(Field.APPROVAL_DECISION, plan.decision),
            approver=plan.approver or NOTHING,
        )
        for plan in report.plans
    )


def _key_figures(pen: Pen, report: ServiceReport) -> list[Row]:
    statistics = report.statistics
    total, response = statistics.kinds[-1], statistics.responses[-1]
    complaints = Figure.count(tuple(c.ref for c in report.complaints))
    adopted = Figure.count(tuple(s.ref for s in report.suggestions if s.decision == "adopted"))
    unsettled = sum(1 for c in report.complaints if not c.outcome)
    figures: tuple[tuple[str, Figure, Form, dict[str, object]], ...] = (
        (
            "received",
            total.received,
            Form.COUNT,
            {"previous": _count(total.previous), "late": _count(total.late)},
        ),
        ("done", total.done, Form.COUNT, {"hours": _decimal(total.hours)}),
        ("open", total.open, Form.COUNT, {}),
        (
            "rate",
            response.rate,
            Form.SHARE,
            {
                "in_time": _count(response.in_time),
                "late": _count(response.late),
                "pending": _count(response.pending),
            },
        ),
        ("complaints", complaints, Form.COUNT, {"unsettled": unsettled}),
        ("adopted", adopted, Form.COUNT, {"all": len(report.suggestions)}),
        ("effort", report.effort_total, Form.DECIMAL, {"people": len(report.efforts)}),
        ("score_product", statistics.score_product, Form.DECIMAL, {"n": len(statistics.score_product.refs)}),
        ("score_service", statistics.score_service, Form.DECIMAL, {"n": len(statistics.score_service.refs)}),
    )
    return [_line(pen, key, figure, form, facts) for key, figure, form, facts in figures]


def _line(pen: Pen, key: str, figure: Figure, form: Form, facts: dict[str, object]) -> Row:
    label = pen.say(f"key.{key}")
    return label, pen.figure(label, figure, form), pen.say(f"key.{key}.explained", **facts)


def _count(figure: Figure) -> str:
    return Form.COUNT.value.format(figure.value or 0)


def _decimal(figure: Figure) -> str:
    return NOTHING if figure.value is None else Form.DECIMAL.value.format(figure.value)
