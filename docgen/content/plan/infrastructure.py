"""Chapters 1 and 2 of the service plan (section 6.1): channels, calendar, levels; surveys (M21, M23, M29)."""

from docgen.content.pen import NOTHING, Pen
from docgen.content.plan import customers, people, targets
from docgen.model import Section
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.vocabulary import Field

_TASKS = frozenset({"plan_task", "visit", "patch_update"})


def infrastructure(pen: Pen, plan: WorkPlan) -> tuple[Section, ...]:
    """Return chapter 1."""
    return (
        Section(pen.heading("infrastructure"), ()),
        _channels(pen, plan),
        _system(pen, plan),
        _calendar(pen, plan),
        Section(
            pen.heading("infrastructure.customers"),
            (customers.contacts(pen, plan), customers.guides(pen, plan)),
            level=2,
        ),
        Section(
            pen.heading("infrastructure.levels"),
            (pen.body("levels.intro"), targets.responses(pen, plan), targets.resolutions(pen, plan)),
            level=2,
        ),
    )


def arrangement(pen: Pen, plan: WorkPlan) -> tuple[Section, ...]:
    """Return chapter 2."""
    return (
        Section(pen.heading("arrangement"), ()),
        people.staff(pen, plan),
        people.training(pen, plan),
        _tasks(pen, plan),
        _surveys(pen, plan),
        targets.escalation(pen, plan),
        people.reporting(pen, plan),
    )


def _channels(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("infrastructure.channels")
    columns = pen.columns(("channel", 1.5), ("address", 5))
    rows = [
        (pen.texts.choice(Field.CHANNEL, channel), address)
        for channel, address in plan.registered.channels.items()
    ]
    return Section(heading, (pen.table("caption.channel_list", columns, rows),), level=2)


def _system(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("infrastructure.system")
    address = plan.registered.channels.get("system") or NOTHING
    return Section(heading, (pen.body("system.record", address=address), pen.body("system.down")), level=2)


def _calendar(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("infrastructure.calendar")
    columns = pen.columns(("weekday", 1.5), ("working_hours", 5))
    rows = [(pen.say(f"weekday.{day}"), spans) for day, spans in plan.hours]
    closed, opened = (
        pen.texts.listed([f"{day:%m-%d}" for day in days]) or pen.say("none")
        for days in (plan.closed_days, plan.open_days)
    )
    table = pen.table("caption.working_hours", columns, rows)
    days = (pen.item("calendar.closed", days=closed), pen.item("calendar.open", days=opened))
    return Section(heading, (pen.body("calendar.intro"), table, *days), level=2)


def _tasks(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("arrangement.tasks")
    found = people.tasks(pen, plan, "caption.service_tasks", _TASKS)
    return Section(heading, found or (pen.empty(),), level=2)


def _surveys(pen: Pen, plan: WorkPlan) -> Section:
    heading = pen.heading("arrangement.surveys")
    planned = [task for task in plan.tasks if task.kind == "survey"]
    reached = {task.customer for task in planned if task.customer}
    intro = pen.body("surveys.plan", all=len(plan.customers), planned=len(planned), reached=len(reached))
    found = people.tasks(pen, plan, "caption.planned_surveys", frozenset({"survey"}))
    return Section(heading, (intro, *(found or (pen.empty(),))), level=2)
