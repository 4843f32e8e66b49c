"""产品维护计划 / Product Maintenance Plan: registers, policy and record in, a document as data out (6.3)."""

from docgen.content.approval import approval_section
from docgen.content.pen import Pen
from docgen.content.plan.budget import budget
from docgen.content.plan.frame import plan_frame, plan_pen
from docgen.content.plan.maintenance import arrangement, scope
from docgen.model import Document, Front, Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts


def build(plan: WorkPlan, registers: Registers, texts: Texts, front: Front) -> Document:
    """Return the product maintenance plan as a document in the language of ``texts``.

    The arguments are those of ``service_plan.build``.
    """
    pen = plan_pen(plan, registers, texts)
    chapters = {"work_scope": "1", "arrangement": "2", "budget": "3"}
    return plan_frame(pen, plan, front, _sections(pen, plan), chapters)


def _sections(pen: Pen, plan: WorkPlan) -> tuple[Section, ...]:
    return (*scope(pen, plan), *arrangement(pen, plan), budget(pen, plan), approval_section(pen))
