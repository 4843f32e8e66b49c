"""Whom a plan serves: the product, its customers, their contracts and documents (M03, M04, M19-M22)."""

from docgen.content.common.money import money
from docgen.content.common.overview import product_name
from docgen.content.pen import NOTHING, Pen, or_nothing
from docgen.model import Align, Block, Form, FormRow, Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.registers import ProductKind

_CENTER = Align.CENTER


def scope(pen: Pen, plan: WorkPlan) -> Section:
    """Return the front section of the service plan: the product and the customers it is for."""
    heading = pen.heading("scope")
    return Section(heading, (_product(pen, plan), *contracts(pen, plan)), annex=True)


def _product(pen: Pen, plan: WorkPlan) -> Form:
    known = plan.registered
    values = {
        "product": product_name(pen, plan.product),
        "kind": pen.say(f"product_kind.{known.kind}"),
        "versions": pen.texts.listed(known.versions),
        "period": f"{plan.first} – {plan.last}",
        "until": until(pen, plan),
        "customers": pen.say("scope.customers.count", count=len(plan.customers)),
        "entry": _entry(pen, plan),
        "handover": handed_over(pen, plan),
    }
    rows = tuple(FormRow(pen.say(f"scope.{key}"), value or NOTHING) for key, value in values.items())
    return Form(rows, pen.say("scope.description"))


def _entry(pen: Pen, plan: WorkPlan) -> str:
    """Say whether the product was delivered: the entry criterion (M19)."""
    delivered = [served.delivered_on for served in plan.customers]
    return pen.say("scope.entry.met", first=min(delivered)) if delivered else pen.say("scope.entry.open")


def handed_over(pen: Pen, plan: WorkPlan) -> str:
    """Say how development handed the product over (M02)."""
    handover = plan.registered.handover
    if handover is None:
        return pen.say("scope.handover.none")
    done = sum(1 for item in handover.checklist if item.done)
    return pen.say("scope.handover.done", day=handover.released_on, done=done, all=len(handover.checklist))


def until(pen: Pen, plan: WorkPlan) -> str:
    """Say until when the product is served: contracts, retirement, or no end yet (M03, M04)."""
    if plan.registered.retired_on:
        return pen.say("until.retired", day=plan.registered.retired_on)
    contract = plan.registered.kind is ProductKind.CONTRACT
    return pen.say("until.contract" if contract else "until.open")


def contracts(pen: Pen, plan: WorkPlan) -> tuple[Block, ...]:
    """Return the table of customers with what they were delivered and what was agreed."""
    columns = pen.columns(
        ("customer", 2.3),
        ("delivered_version", 0.8, _CENTER),
        ("delivered_on", 1.25, _CENTER),
        ("contract", 1.7),
        ("contract_term", 1.4),
        ("fee", 1.2, Align.RIGHT),
    )
    rows = [
        (
            served.name,
            served.version,
            served.delivered_on.isoformat(),
            or_nothing(served.contract),
            f"{served.contract_starts}\n{served.contract_ends}" if served.contract else NOTHING,
            money(None if served.fee is None else float(served.fee)),
        )
        for served in plan.customers
    ]
    return (pen.table("caption.served", columns, rows, ruled=True),)


def contacts(pen: Pen, plan: WorkPlan) -> Block:
    """Return the table of where customers sit and whom to ask (M20)."""
    columns = pen.columns(("customer", 2.4), ("base", 0.9), ("contacts", 2.8), ("service_level", 2.8))
    rows = [
        (served.name, served.city, or_nothing("\n".join(served.contacts)), or_nothing(served.service_level))
        for served in plan.customers
    ]
    return pen.table("caption.contacts", columns, rows, ruled=True)


def guides(pen: Pen, plan: WorkPlan) -> Block:
    """Return the table of the product's documents and where they are kept (M21, M46)."""
    columns = pen.columns(("delivered_version", 0.8, _CENTER), ("guide", 2.2), ("location", 4.5))
    rows = [(guide.version, guide.title, guide.location) for guide in plan.registered.documents]
    return pen.table("caption.guides", columns, rows)


def baselines(pen: Pen, plan: WorkPlan) -> Block:
    """Return the table of versions: how many customers have each, and where it is kept (M46)."""
    columns = pen.columns(
        ("delivered_version", 1, _CENTER), ("customers_count", 1.2, Align.RIGHT), ("location", 4.5)
    )
    rows = [
        (
            version,
            str(sum(1 for served in plan.customers if served.version == version)),
            or_nothing(plan.registered.repository),
        )
        for version in plan.registered.versions
    ]
    return pen.table("caption.baselines", columns, rows)
