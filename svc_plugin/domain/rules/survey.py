"""M29: an approved customer service plan has its surveys; each is a task for one customer, kept in time."""

from collections.abc import Iterator

from svc_plugin.domain.clocks import survey
from svc_plugin.domain.escalation import clock_is_kept
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot, origin_marker
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.plan import EnsureIssue, Finding
from svc_plugin.domain.policy import Mode, Policy
from svc_plugin.domain.registers import Customer, Product, Survey
from svc_plugin.domain.rules.approval import approved_at
from svc_plugin.domain.rules.training import missing_trainings
from svc_plugin.domain.surveys import SurveyPeriod, in_turn, rounds
from svc_plugin.domain.vocabulary import Field, IssueKind


def customers_are_surveyed(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Have the survey tasks of an approved plan, and keep the due date of each of them."""
    if seen.issue.kind is IssueKind.DOCUMENT:
        yield from _planned(seen, policy)
    clock = survey(seen, policy)
    if clock:
        yield from clock_is_kept(seen, policy, "M29", clock)


def _planned(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    issue, registers = seen.issue, seen.registers
    product, approved = registers.products.get(issue.product), approved_at(seen)
    plan = issue.value(Field.DOCUMENT_KIND) == "service_plan"
    if not plan or approved is None or product is None or product.survey is None:
        return
    if policy.mode("M24") is Mode.ENFORCED and missing_trainings(seen):
        return  # the approval is being taken back
    period = issue.value(Field.PERIOD).strip()
    bounds = period_bounds(period)
    if bounds is None:
        yield explained(seen, policy, "M29", seen.texts.say("M29.fact.period", period=period))
        return
    # what was due before the plan was approved cannot be asked any more
    start = max(bounds[0], registers.calendar.day_of(approved))
    for one in rounds(product.survey, start, bounds[1]):
        if product.retired_on is None or one.due < product.retired_on:
            yield from _round(seen, product, product.survey, one)


def _round(seen: Snapshot, product: Product, survey: Survey, period: SurveyPeriod) -> Iterator[Finding]:
    """Have as many tasks as the sample is large; who has one already stays in it when registers change."""
    order = in_turn(seen.registers, product, period)
    known = [c for c in order if seen.made(_rule(period, c))]
    others = [customer for customer in order if customer not in known]
    wanted = others[: max(survey.size(len(order)) - len(known), 0)]
    tasks = tuple(_task(seen, product, period, c, period.number + order.index(c)) for c in wanted)
    if tasks:
        names = seen.texts.listed([customer.name for customer in wanted])
        yield Finding("M29", seen.texts.say("M29.fact.due", period=period.name, customers=names), tasks)


def _rule(period: SurveyPeriod, customer: Customer) -> str:
    return f"M29-{period.name}-{customer.key}"


def _task(
    seen: Snapshot, product: Product, period: SurveyPeriod, customer: Customer, turn: int
) -> EnsureIssue:
    facts = {"customer": customer.name, "period": period.name, "product": product.name}
    return EnsureIssue(
        origin=origin_marker(_rule(period, customer), seen.issue.ref),
        kind=IssueKind.SERVICE_TASK,
        product=product.key,
        title=seen.texts.say("M29.title", **facts),
        description=seen.texts.say("M29.description", key=seen.issue.shown, **facts),
        fields=(
            (Field.TASK_KIND, "survey"),
            (Field.CUSTOMER, customer.name),
            (Field.DUE_ON, period.due.isoformat()),
        ),
        assignee=product.service_staff[turn % len(product.service_staff)],
    )
