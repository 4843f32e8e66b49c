"""Cover, front pages and annexes around a plan's own sections."""

from docgen.content.annexes import clause_coverage, data_traceability
from docgen.content.common.overview import product_name
from docgen.content.frame import frame
from docgen.content.pen import Pen
from docgen.content.plan.clauses import clauses
from docgen.identity import data_sha256
from docgen.model import Document, Front, Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts


def plan_pen(plan: WorkPlan, registers: Registers, texts: Texts) -> Pen:
    """Return the pen that writes a plan."""
    return Pen(texts, registers, frozenset(ref.site for ref in plan.refs), dict(plan.labels))


def plan_frame(
    pen: Pen, plan: WorkPlan, front: Front, sections: tuple[Section, ...], chapters: dict[str, str]
) -> Document:
    """Return the whole document; ``chapters`` gives the number of a chapter by its key."""
    mark = data_sha256(plan)
    places = chapters | {"cover": pen.say("cover.name"), "approval": pen.say("approval.name")}
    source = pen.say("annex.data.source.plan", before=plan.before.period)
    annexes = (
        clause_coverage(pen, clauses(pen, plan, mark, places)),
        data_traceability(pen, mark, source),
    )
    return frame(
        pen,
        front,
        kind=f"{plan.track}_plan",
        product=product_name(pen, plan.product),
        period=pen.say("period", period=plan.period, first=plan.first, last=plan.last),
        data_sha256=mark,
        sections=(*sections, *annexes),
    )
