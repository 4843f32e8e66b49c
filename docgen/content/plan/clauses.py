"""Which clauses of the process a plan answers, where, and with what (annex A)."""

from docgen.content.common.coverage import Facts, covered
from docgen.content.common.money import money
from docgen.content.frame import check_code
from docgen.content.pen import NOTHING, Pen
from docgen.content.plan.customers import until
from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.plan_model import WorkPlan

SERVICE = (
    ("M02", "scope"),
    ("M03", "scope"),
    ("M04", "scope"),
    ("M14", "cover"),
    ("M16", "arrangement"),
    ("M19", "scope"),
    ("M20", "infrastructure"),
    ("M21", "infrastructure"),
    ("M22", "scope"),
    ("M23", "infrastructure"),
    ("M24", "arrangement"),
    ("M25", "cover"),
    ("M26", "approval"),
    ("M29", "arrangement"),
    ("M30", "infrastructure"),
    ("M63", "arrangement"),
    ("M65", "cover"),
    ("M66", "cover"),
    ("M71", "budget"),
    ("M72", "arrangement"),
)
MAINTENANCE = (
    ("M02", "work_scope"),
    ("M03", "work_scope"),
    ("M04", "work_scope"),
    ("M08", "work_scope"),
    ("M11", "work_scope"),
    ("M14", "cover"),
    ("M33", "arrangement"),
    ("M43", "arrangement"),
    ("M44", "work_scope"),
    ("M46", "work_scope"),
    ("M47", "arrangement"),
    ("M48", "cover"),
    ("M50", "arrangement"),
    ("M53", "arrangement"),
    ("M54", "arrangement"),
    ("M56", "arrangement"),
    ("M57", "arrangement"),
    ("M58", "arrangement"),
    ("M63", "arrangement"),
    ("M65", "cover"),
    ("M68", "cover"),
    ("M71", "budget"),
    ("M72", "arrangement"),
)
# clauses that both a plan and a report answer, with other facts
_ALSO_REPORTED = frozenset(
    {"M11", "M23", "M29", "M30", "M33", "M44", "M50", "M53", "M54", "M56", "M57", "M58", "M71", "M72"}
)


def clauses(
    pen: Pen, plan: WorkPlan, data_sha256: str, chapters: dict[str, str]
) -> list[tuple[str, str, str]]:
    """Return clause, chapter and fact; ``chapters`` gives a chapter's number by its key."""
    places = SERVICE if plan.track is Track.SERVICE else MAINTENANCE
    facts: Facts = {**_facts(pen, plan), "M65": {"code": check_code(data_sha256)}}
    told = [(f"{clause}.plan" if clause in _ALSO_REPORTED else clause, place) for clause, place in places]
    return [
        (clause.removesuffix(".plan"), chapter, fact)
        for clause, chapter, fact in covered(pen, told, facts, chapters)
    ]


def _facts(pen: Pen, plan: WorkPlan) -> Facts:
    known = plan.registered
    people: dict[str, object] = {"people": len(plan.staff)}
    trained: dict[str, object] = {
        "people": len(plan.staff),
        "trained": sum(1 for line in plan.staff if line.trained_product and line.trained_handling),
    }
    agreed = sum(1 for served in plan.customers if served.contract)
    customers: dict[str, object] = {"customers": len(plan.customers)}
    return {
        "M02": {"done": sum(i.done for i in known.handover.checklist) if known.handover else 0},
        "M03": {"contracts": agreed},
        "M04": {"until": until(pen, plan)},
        "M11.plan": {"hours": f"{plan.new_project_hours:g}"},
        "M16": people,
        "M19": customers,
        "M20": customers,
        "M21": {"guides": len(known.documents)},
        "M22": {"contracts": agreed},
        "M23.plan": {"channels": len(known.channels)},
        "M24": trained,
        "M29.plan": {"count": sum(1 for task in plan.tasks if task.kind == "survey")},
        "M30.plan": {"count": len(plan.responses)},
        "M43": people,
        "M44.plan": {"count": len(plan.resolutions)},
        "M46": {"address": known.repository or NOTHING},
        "M47": trained,
        "M53.plan": {"hours": f"{plan.small_change_hours:g}"},
        "M58.plan": customers,
        "M63": trained,
        "M71.plan": {"budget": money(plan.costs.budget)},
        "M72.plan": {"count": len(plan.reports)},
    }
