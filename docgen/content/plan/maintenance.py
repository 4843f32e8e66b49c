"""Chapters 1 and 2 of the maintenance plan (section 6.3): scope, criteria, rules of work (M08-M58)."""

from docgen.content.pen import NOTHING, Pen, or_nothing
from docgen.content.plan import customers, people, targets
from docgen.model import Block, Form, FormRow, Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.vocabulary import Field

_TASKS = frozenset({"plan_task", "visit", "patch_update"})
_CLASSES = ("corrective", "perfective")


def scope(pen: Pen, plan: WorkPlan) -> tuple[Section, ...]:
    """Return chapter 1."""
    term = Form(
        (
            FormRow(pen.say("scope.kind"), pen.say(f"product_kind.{plan.registered.kind}")),
            FormRow(pen.say("scope.until"), customers.until(pen, plan)),
            FormRow(pen.say("scope.handover"), customers.handed_over(pen, plan)),
        ),
        pen.say("scope.description"),
    )
    return (
        Section(pen.heading("work_scope"), ()),
        Section(pen.heading("work_scope.baselines"), (customers.baselines(pen, plan),), level=2),
        Section(pen.heading("work_scope.term"), (term, *customers.contracts(pen, plan)), level=2),
        _criteria(pen),
        Section(
            pen.heading("work_scope.targets"),
            (pen.body("resolution.intro"), targets.resolutions(pen, plan)),
            level=2,
        ),
        _repository(pen, plan),
        _limits(pen, plan),
    )


def arrangement(pen: Pen, plan: WorkPlan) -> tuple[Section, ...]:
    """Return chapter 2."""
    capacity = plan.registered.capacity_hours
    cities = dict.fromkeys(line.city for line in plan.staff if line.city)
    return (
        Section(pen.heading("arrangement"), ()),
        people.staff(pen, plan),
        people.training(pen, plan),
        _rules(pen, "intake", ("kinds", "judged", "reclassified")),
        _rules(
            pen,
            "resources",
            ("fits", "leader", "declined"),
            hours=f"{plan.small_change_hours:g}",
            capacity=NOTHING if capacity is None else f"{capacity:g}",
            leader=plan.leader,
        ),
        _rules(
            pen, "on_site", ("decided", "near", "far"), cities=or_nothing(pen.texts.listed(tuple(cities)))
        ),
        _rules(pen, "testing", ("gate", "tester.differs" if plan.tester_differs else "tester.same")),
        _rules(pen, "versions", ("gate", "baseline"), repository=or_nothing(plan.registered.repository)),
        _rules(pen, "patches", ("value", "tasks"), count=len(plan.customers)),
        _schedule(pen, plan),
        people.reporting(pen, plan),
    )


def _rules(pen: Pen, key: str, rules: tuple[str, ...], **facts: object) -> Section:
    """Return a section of rules, one item each."""
    heading = pen.heading(f"arrangement.{key}")
    return Section(heading, tuple(pen.item(f"rule.{key}.{rule}", **facts) for rule in rules), level=2)


def _criteria(pen: Pen) -> Section:
    heading = pen.heading("work_scope.criteria")
    columns = pen.columns(("class", 1), ("criterion", 3.4), ("subtypes", 2), ("handling", 3))
    rows = [
        (
            pen.texts.choice(Field.MAINTENANCE_CLASS, name),
            pen.say(f"criterion.{name}"),
            pen.say(f"subtypes.{name}"),
            pen.say(f"handling.{name}"),
        )
        for name in _CLASSES
    ]
    return Section(heading, (pen.table("caption.criteria", columns, rows, ruled=True),), level=2)


def _repository(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("work_scope.repository")
    where = pen.body("repository.where", address=or_nothing(plan.registered.repository))
    return Section(heading, (where, customers.guides(pen, plan)), level=2)


def _limits(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("work_scope.limits")
    items: list[Block] = [pen.item("limits.customers"), pen.item("limits.versions")]
    if plan.registered.retired_on:
        items.append(pen.item("limits.retired", day=plan.registered.retired_on))
    if plan.new_project_hours:
        items.append(pen.item("limits.project", hours=f"{plan.new_project_hours:g}"))
    return Section(heading, tuple(items), level=2)


def _schedule(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("arrangement.schedule")
    columns = pen.columns(
        ("number", 0.9), ("requirement", 3.4), ("class", 1), ("severity", 0.9), ("owner", 1.1), ("stage", 1.2)
    )
    rows = [
        (
            pen.number(work.ref),
            work.title,
            pen.choice(Field.MAINTENANCE_CLASS, work.maintenance_class),
            pen.choice(Field.SEVERITY, work.severity),
            or_nothing(work.owner),
            pen.stage(work.stage, work.status),
        )
        for work in plan.works
    ]
    table = pen.table("caption.open_work", columns, rows, ruled=True)
    waiting = (table,) if rows else ()
    found = (*waiting, *people.tasks(pen, plan, "caption.maintenance_tasks", _TASKS))
    return Section(heading, found or (pen.empty(),), level=2)
