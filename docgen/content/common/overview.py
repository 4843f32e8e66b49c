"""What every first chapter tells: product, people, plan in force, as of when (M75, M76)."""

from docgen.content.pen import NOTHING, Pen
from docgen.model import Form as FormBlock
from docgen.model import FormRow, Front, Paragraph
from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.model import Plan, Report
from svc_plugin.domain.vocabulary import Field, Stage


def product_name(pen: Pen, product: str) -> str:
    """Return the product's name, its key when the register does not know it."""
    known = pen.registers.products.get(product)
    return known.name if known else product


def approved_plans(report: Report) -> tuple[Plan, ...]:
    """Return the plans that were in force (M75)."""
    return tuple(plan for plan in report.plans if plan.stage is Stage.APPROVED)


def as_of(pen: Pen, report: Report, front: Front) -> Paragraph:
    """Say whether the figures are final, or of what day they are (M76)."""
    if front.day <= report.last:
        return pen.body("overview.running", last=report.last, day=front.day)
    return pen.body("overview.frozen", last=report.last)


def facts(pen: Pen, report: Report, track: Track) -> FormBlock:
    """Return kind and versions of the product, its people, and the plans for the period."""
    product = pen.registers.products.get(report.product)
    name_of = pen.registers.name_of
    staff = pen.registers.staff_of(track, report.product)
    values = {
        "kind": pen.say(f"product_kind.{product.kind}") if product else NOTHING,
        "versions": pen.texts.listed(product.versions) if product else NOTHING,
        f"staff.{track}": pen.texts.listed([name_of(account) for account in staff]),
        "leader": name_of(product.leader) if product else NOTHING,
        f"plan.{track}": _plans(pen, report),
    }
    rows = tuple(FormRow(pen.say(f"overview.{key}"), value or NOTHING) for key, value in values.items())
    return FormBlock(rows, pen.say("overview.description"))


def _plans(pen: Pen, report: Report) -> str:
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
