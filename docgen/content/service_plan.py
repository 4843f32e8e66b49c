"""客户服务计划 / Customer Service Plan: registers, policy and record in, a document out (6.1)."""

from docgen.content.approval import approval_section
from docgen.content.pen import Pen
from docgen.content.plan.budget import budget
from docgen.content.plan.customers import scope
from docgen.content.plan.frame import plan_frame, plan_pen
from docgen.content.plan.infrastructure import arrangement, infrastructure
from docgen.model import Document, Front, Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts


def build(plan: WorkPlan, registers: Registers, texts: Texts, front: Front) -> Document:
    """Return the customer service plan as a document in the language of ``texts``.

    ``registers`` give names and the company's time zone; ``front`` is what the register of documents knows
    of this version.
    """
    pen = plan_pen(plan, registers, texts)
    chapters = {"scope": pen.say("front.name"), "infrastructure": "1", "arrangement": "2", "budget": "3"}
    return plan_frame(pen, plan, front, _sections(pen, plan), chapters)


def _sections(pen: Pen, plan: WorkPlan) -> tuple[Section, ...]:
    return (
        scope(pen, plan),
        *infrastructure(pen, plan),
        *arrangement(pen, plan),
        budget(pen, plan),
        approval_section(pen),
    )
