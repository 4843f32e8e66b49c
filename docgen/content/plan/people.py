"""Chapter 2 of both plans: people, training, tasks, and reports to the leader (M16, M24, M43, M63, M72)."""

from docgen.content.common.tasks import done_day
from docgen.content.pen import NOTHING, Pen, or_nothing
from docgen.model import Align, Block, Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.vocabulary import Field

_CENTER = Align.CENTER


def staff(pen: Pen, plan: WorkPlan) -> Section:
    """Return the section on who does what, appointed by whom and when."""
    heading = pen.heading("arrangement.staff")
    columns = pen.columns(
        ("person", 1.2), ("base", 1), ("duty", 3.6), ("appointed_by", 1.2), ("appointed_on", 1.3, _CENTER)
    )
    duty = pen.say(f"duty.{plan.track}")
    rows = [
        (line.name, or_nothing(line.city), duty, or_nothing(line.appointed_by), _day(line.appointed_on))
        for line in plan.staff
    ]
    rows.append((plan.leader, NOTHING, pen.say("duty.leader"), NOTHING, NOTHING))
    return Section(heading, (pen.table("caption.staff", columns, rows, ruled=True),), level=2)


def training(pen: Pen, plan: WorkPlan) -> Section:
    """Return the section on training: both kinds for everybody, and what is planned (M24, M63)."""
    heading = pen.heading("arrangement.training")
    columns = pen.columns(
        ("person", 1.5), ("trained_product", 2, _CENTER), ("trained_handling", 2, _CENTER), ("to_arrange", 3)
    )
    rows = [
        (
            line.name,
            _day(line.trained_product),
            _day(line.trained_handling),
            pen.texts.listed(
                [
                    pen.say(f"training.{kind}")
                    for kind, on in (("product", line.trained_product), ("handling", line.trained_handling))
                    if on is None
                ]
            )
            or pen.say("training.complete"),
        )
        for line in plan.staff
    ]
    table = pen.table("caption.training", columns, rows)
    planned = tasks(pen, plan, "caption.planned_training", frozenset({"training"}))
    return Section(heading, (pen.body("training.intro"), table, *planned), level=2)


def tasks(pen: Pen, plan: WorkPlan, caption: str, kinds: frozenset[str]) -> tuple[Block, ...]:
    """Return the table of the tasks of some kinds, nothing when there are none."""
    columns = pen.columns(
        ("number", 0.9),
        ("task_kind", 1.2),
        ("task", 3.4),
        ("customer", 1.8),
        ("owner", 1.1),
        ("stage", 1.1),
        ("done", 1.3, _CENTER),
    )
    rows = [
        (
            pen.number(task.ref),
            pen.named(pen.texts.choice(Field.TASK_KIND, task.kind)),
            task.title,
            or_nothing(task.customer),
            or_nothing(task.owner),
            pen.stage(task.stage, task.status),
            done_day(pen, task),
        )
        for task in plan.tasks
        if task.kind in kinds
    ]
    table = pen.table(caption, columns, rows, ruled=True)
    return (table,) if rows else ()


def reporting(pen: Pen, plan: WorkPlan) -> Section:
    """Return the section on when reports are handed to whom (M72)."""
    heading = pen.heading("arrangement.reporting")
    columns = pen.columns(
        ("report_period", 1.2, _CENTER), ("report_name", 2.4), ("report_due", 1.4, _CENTER), ("recipient", 2)
    )
    name = pen.say(f"title.{plan.track}_report")
    rows = [(day.period, name, _day(day.due), plan.leader) for day in plan.reports]
    table = pen.table("caption.reporting", columns, rows)
    return Section(heading, (pen.body("reporting.intro"), table), level=2)


def _day(day: object) -> str:
    return str(day) if day else NOTHING
