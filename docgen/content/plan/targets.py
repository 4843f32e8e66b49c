"""Service levels, time targets and the way up when they are missed (M06, M30, M44, M52)."""

from collections.abc import Sequence

from docgen.content.pen import Pen
from docgen.model import Align, Block, Section
from svc_plugin.domain.figures.plan_model import Target, WorkPlan
from svc_plugin.domain.policy import Ladder, Recipient, Step
from svc_plugin.domain.vocabulary import Field, Role


def responses(pen: Pen, plan: WorkPlan) -> Block:
    """Return the table of response targets by kind of request."""
    return _targets(pen, "caption.response_targets", "kind", Field.REQUEST_KIND, plan.responses)


def resolutions(pen: Pen, plan: WorkPlan) -> Block:
    """Return the table of resolution targets by severity."""
    return _targets(pen, "caption.resolution_targets", "severity", Field.SEVERITY, plan.resolutions)


def escalation(pen: Pen, plan: WorkPlan) -> Section:
    """Return the section on who is told when a target is missed."""
    heading = pen.heading("arrangement.escalation")
    columns = pen.columns(("step", 0.7, Align.CENTER), ("when", 3), ("who", 2), ("step_brings", 3))
    steps = [
        (_when(pen, ladder, step), _who(pen, plan, step.to), _brings(pen, step))
        for ladder in plan.escalation
        for step in ladder.steps
    ]
    steps.append((pen.say("escalation.complaint"), plan.leader, pen.say("escalation.watch")))
    rows = [(str(number), *cells) for number, cells in enumerate(steps, 1)]
    return Section(heading, (pen.table("caption.escalation", columns, rows),), level=2)


def _when(pen: Pen, ladder: Ladder, step: Step) -> str:
    texts = pen.texts
    scope = [texts.say(f"kind.{ladder.kind}")] if ladder.kind else []
    if ladder.severity:
        scope.append(texts.choice(Field.SEVERITY, ladder.severity))
    when = pen.say("escalation.used", share=step.at)
    return pen.say("escalation.scoped", scope=texts.listed(scope), when=when) if scope else when


def _who(pen: Pen, plan: WorkPlan, to: str) -> str:
    """Name the people of a step; those who depend on the issue are described."""
    if to in {Recipient.ASSIGNEE, Recipient.LEAD}:
        return pen.say(f"escalation.{to}")
    registers, product = pen.registers, plan.registered
    people: dict[str, Sequence[str]] = {
        Recipient.SERVICE: product.service_staff,
        Recipient.MAINTENANCE: product.maintenance_staff,
        Recipient.LEADER: (product.leader,),
        Recipient.SUPERIOR: (registers.lead_of(product.leader) or product.leader,),
        Recipient.APPROVER: [p.account for p in registers.people.values() if Role.APPROVER in p.roles],
    }
    named = people.get(to, (to,)) or (product.leader,)
    return pen.texts.listed([registers.name_of(account) for account in named])


def _brings(pen: Pen, step: Step) -> str:
    brings = [pen.say("escalation.watch")]
    if step.level:
        brings.append(pen.say("escalation.level", level=step.level))
    if step.assign:
        brings.append(pen.say("escalation.assign"))
    return pen.texts.listed(brings)


def _targets(pen: Pen, caption: str, column: str, field: Field, targets: Sequence[Target]) -> Block:
    columns = pen.columns((column, 3), ("target_hours", 2, Align.RIGHT))
    rows = [
        (
            pen.say("targets.default") if target.name == "default" else pen.texts.choice(field, target.name),
            f"{target.hours:g}",
        )
        for target in targets
    ]
    return pen.table(caption, columns, rows)
