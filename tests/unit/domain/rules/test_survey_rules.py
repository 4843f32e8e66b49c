"""M29: an approved plan has its surveys, all customers are reached in turn, each survey is kept in time."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import HistoryEntry, Issue, Snapshot
from svc_plugin.domain.plan import EnsureIssue, SetField
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.registers import Customer, Delivery, Registers, Survey, SurveyEvery
from svc_plugin.domain.surveys import in_turn, rounds
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    LEADER,
    MONDAY,
    OUTSIDER,
    SERVICE,
    an_issue,
    comment,
    example,
    ref,
    seen,
    stage_wanted,
    standard,
    tasks_wanted,
)

PLAN = {
    Field.DOCUMENT_KIND: "service_plan",
    Field.PERIOD: "2026",
    Field.APPROVAL_DECISION: "agree",
}


def plan_issue(
    stage: Stage = Stage.APPROVED,
    *,
    by: str = LEADER,
    on: str = "2026-01-05",
    fields: dict[Field, str] | None = None,
    product: str = "mes",
) -> Issue:
    """A plan that somebody approved at ten in the morning of that day."""
    at = datetime.fromisoformat(f"{on}T10:00+08:00")
    approved = HistoryEntry(at, by, moved_from=Stage.SUBMITTED, moved_to=Stage.APPROVED)
    given = {**PLAN, **(fields or {})}
    return an_issue(
        IssueKind.DOCUMENT, stage, fields=given, history=(approved,), author=OUTSIDER, product=product,
        created_at=at - timedelta(days=1),
    )  # fmt: skip


def surveyed(issue: Issue, survey: Survey | None, linked: tuple[Issue, ...] = ()) -> Snapshot:
    """The snapshot with another way to survey the issue's product."""
    found, registers = seen(issue, linked=linked), example().registers
    product = replace(registers.products[issue.product], survey=survey)
    return replace(found, registers=replace(registers, products={**registers.products, product.key: product}))


def made(task: EnsureIssue, key: str) -> Issue:
    fields = {**dict(task.fields), Field.ORIGIN: task.origin}
    return an_issue(IssueKind.SERVICE_TASK, Stage.OPEN, key=key, fields=fields)


@pytest.mark.clause("M29")
def test_each_round_of_an_approved_plan_has_one_task_for_each_customer_of_its_sample():
    tasks = tasks_wanted(decide(seen(plan_issue()), standard()))
    dues = Counter(dict(task.fields)[Field.DUE_ON] for task in tasks)
    # three customers have the product when the year begins, five in April: 30 % of them are one and two
    assert dues == {"2026-03-31": 1, "2026-06-30": 2, "2026-09-30": 2, "2026-12-31": 2}
    assert {dict(task.fields)[Field.TASK_KIND] for task in tasks} == {"survey"}
    assert len({task.origin for task in tasks}) == 7
    assert all(task.origin.startswith("M29-2026-Q") and task.origin.endswith("@main/12") for task in tasks)
    assert {task.assignee for task in tasks} == {"li.na", "huang.ting"}
    assert all("主动调查" in task.description for task in tasks)


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    "issue",
    [
        plan_issue(Stage.SUBMITTED),
        plan_issue(Stage.SUPERSEDED),
        plan_issue(by=SERVICE),  # no approver: the approval does not count
        plan_issue(fields={Field.APPROVAL_DECISION: "disagree"}),
        plan_issue(fields={Field.DOCUMENT_KIND: "maintenance_plan"}),
        plan_issue(product="crm"),  # not surveyed
    ],
    ids=["submitted", "superseded", "wrong approver", "not agreed", "maintenance plan", "no survey"],
)
def test_nothing_else_brings_surveys(issue):
    assert tasks_wanted(decide(seen(issue), standard())) == []


@pytest.mark.clause("M29")
def test_what_was_due_before_the_approval_is_not_asked_any_more():
    tasks = tasks_wanted(decide(seen(plan_issue(on="2026-07-01")), standard()))
    assert {dict(task.fields)[Field.DUE_ON] for task in tasks} == {"2026-09-30", "2026-12-31"}


@pytest.mark.clause("M29")
def test_a_period_that_is_not_understood_is_said():
    plan = decide(seen(plan_issue(fields={Field.PERIOD: "明年"})), standard())
    assert tasks_wanted(plan) == []
    assert "明年" in comment(plan, "M29")


@pytest.mark.clause("M29")
def test_who_has_a_task_gets_no_second_one():
    first, *rest = tasks_wanted(decide(seen(plan_issue()), standard()))
    again = tasks_wanted(decide(seen(plan_issue(), linked=(made(first, "20"),)), standard()))
    assert [task.origin for task in again] == [task.origin for task in rest]


@pytest.mark.clause("M29")
def test_a_new_customer_does_not_have_a_sample_drawn_anew():
    issue = plan_issue(fields={Field.PERIOD: "2026-Q3"})
    tasks = tasks_wanted(decide(seen(issue), standard()))
    linked = tuple(made(task, str(20 + number)) for number, task in enumerate(tasks))
    found = seen(issue, linked=linked)
    newcomer = Customer("aaa", "新客户", "北京", (Delivery("mes", "3.1", date(2026, 1, 1)),))
    customers = {"aaa": newcomer, **found.registers.customers}
    later = replace(found, registers=replace(found.registers, customers=customers))
    assert tasks_wanted(decide(later, standard())) == []


@pytest.mark.clause("M24")
@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("mode", "untrained", "asks"),
    [(Mode.ENFORCED, "li.na", False), (Mode.ENFORCED, "", True), (Mode.WARNED, "li.na", True)],
)
def test_a_plan_that_is_taken_back_for_want_of_training_brings_no_surveys(mode, untrained, asks):
    found = seen(plan_issue())
    people = {
        account: replace(person, trainings=() if account == untrained else person.trainings)
        for account, person in found.registers.people.items()
    }
    found = replace(found, registers=replace(found.registers, people=people))
    plan = decide(found, replace(standard(), modes={"M24": mode}))
    assert (stage_wanted(plan) is None) is asks
    assert bool(tasks_wanted(plan)) is asks


@pytest.mark.clause("M29")
def test_a_round_is_of_the_period_in_whose_days_it_is_due():
    monthly = Survey(SurveyEvery.MONTH, count=1, due_day=15)
    found = rounds(monthly, date(2026, 2, 15), date(2026, 4, 15))
    assert [(one.name, one.number) for one in found] == [("2026-02", 24313), ("2026-03", 24314)]


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("sample", "customers", "asked"),
    [
        (Survey(SurveyEvery.YEAR, share=0.3), 10, 3),
        (Survey(SurveyEvery.YEAR, share=0.3), 11, 4),
        (Survey(SurveyEvery.YEAR, share=0.07), 100, 7),  # 7.000000000000001
        (Survey(SurveyEvery.YEAR, share=1), 5, 5),
        (Survey(SurveyEvery.YEAR, share=0.01), 5, 1),
        (Survey(SurveyEvery.YEAR, count=3), 5, 3),
        (Survey(SurveyEvery.YEAR, count=9), 5, 5),
        (Survey(SurveyEvery.YEAR, share=0.5), 0, 0),
    ],
)
def test_a_sample_is_rounded_up_and_never_larger_than_all(sample, customers, asked):
    assert sample.size(customers) == asked


@pytest.mark.clause("M29")
def test_those_who_ask_take_turns_in_the_order_of_the_customers():
    found = surveyed(plan_issue(fields={Field.PERIOD: "2026-Q4"}), Survey(SurveyEvery.QUARTER, count=5))
    mes = replace(found.registers.products["mes"], service_staff=("a", "b", "c"))
    found = replace(found, registers=replace(found.registers, products={"mes": mes}))
    assert [task.assignee for task in tasks_wanted(decide(found, standard()))] == ["b", "c", "a", "b", "c"]


@pytest.mark.clause("M29")
def test_a_product_that_nobody_has_yet_is_not_surveyed():
    found = surveyed(plan_issue(), Survey(SurveyEvery.QUARTER, count=5))
    nobody = replace(found, registers=replace(found.registers, customers={}))
    assert tasks_wanted(decide(nobody, standard())) == []


@pytest.mark.clause("M29")
def test_a_retired_product_is_not_surveyed():
    survey = Survey(SurveyEvery.QUARTER, count=1)
    plan = decide(surveyed(plan_issue(product="crm"), survey), standard())
    assert {dict(task.fields)[Field.DUE_ON] for task in tasks_wanted(plan)} == {"2026-03-31"}


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("every", "due_day", "expected"),
    [
        (SurveyEvery.MONTH, 15, [("2026-02", "2026-02-15"), ("2026-03", "2026-03-15")]),
        (SurveyEvery.MONTH, 0, [("2026-02", "2026-02-28"), ("2026-03", "2026-03-31")]),
        (SurveyEvery.QUARTER, 0, [("2026-Q1", "2026-03-31")]),
        (SurveyEvery.HALF_YEAR, 0, []),
        (SurveyEvery.YEAR, 20, []),
    ],
)
def test_the_rounds_of_a_period_are_those_due_in_it(every, due_day, expected):
    found = rounds(Survey(every, count=1, due_day=due_day), date(2026, 2, 1), date(2026, 4, 1))
    assert [(one.name, one.due.isoformat()) for one in found] == expected


@pytest.mark.clause("M29")
def test_half_years_and_years_are_named_and_end_where_they_should():
    half = rounds(Survey(SurveyEvery.HALF_YEAR, count=1), date(2026, 1, 1), date(2027, 1, 1))
    assert [(one.name, one.first, one.due) for one in half] == [
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
    ]
    (year,) = rounds(Survey(SurveyEvery.YEAR, count=1), date(2026, 1, 1), date(2027, 1, 1))
    assert (year.name, year.first, year.due) == ("2026", date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.clause("M29")
@given(
    customers=st.integers(1, 40),
    sample=st.one_of(st.integers(1, 50), st.floats(0.01, 1)),
    every=st.sampled_from(SurveyEvery),
)
def test_in_as_few_rounds_as_possible_every_customer_is_asked(customers, sample, every):
    survey = Survey(every, count=sample) if isinstance(sample, int) else Survey(every, share=sample)
    delivered = (Delivery("mes", "3.1", date(2020, 1, 1)),)
    having = {f"c{n:02}": Customer(f"c{n:02}", f"客户{n}", "北京", delivered) for n in range(customers)}
    registers = Registers(example().registers.calendar, customers=having)
    product = replace(example().registers.products["mes"], survey=survey)
    size = survey.size(customers)
    needed = -(-customers // size)
    some = list(rounds(survey, date(2021, 1, 1), date(2080, 1, 1)))[:needed]
    asked = {c.key for one in some for c in in_turn(registers, product, one)[:size]}
    assert len(some) == needed
    assert asked == having.keys()


def survey_task(stage: Stage = Stage.OPEN, *history: HistoryEntry, **fields: str) -> Issue:
    given = {Field.TASK_KIND: "survey", Field.DUE_ON: "2026-11-29"}  # a Sunday
    named = {Field(name): value for name, value in fields.items()}
    return an_issue(IssueKind.SERVICE_TASK, stage, fields={**given, **named}, history=history)


FRIDAY_EVENING = MONDAY + timedelta(days=4, hours=9)


@pytest.mark.clause("M29")
def test_a_survey_is_due_when_the_last_working_day_before_its_date_ends():
    plan = decide(seen(survey_task(), now=FRIDAY_EVENING - timedelta(minutes=1)), standard())
    assert plan.recheck_at == FRIDAY_EVENING
    late = decide(seen(survey_task(), now=FRIDAY_EVENING + timedelta(minutes=1)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in late.changes
    assert "2026-11-27 18:00" in comment(late, "M29")


@pytest.mark.clause("M29")
def test_a_survey_that_was_closed_in_time_is_left_in_peace():
    closed = HistoryEntry(FRIDAY_EVENING - timedelta(hours=1), SERVICE, Stage.OPEN, Stage.CLOSED)
    task = survey_task(Stage.CLOSED, closed, score_product="4", score_service="5")
    assert not decide(seen(task, now=FRIDAY_EVENING + timedelta(days=30)), standard())


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("fields", "closes"),
    [
        ({"score_product": "4", "score_service": "5"}, True),
        ({"score_product": "4"}, False),
        ({"score_service": "5"}, False),
        ({}, False),
        ({"explanation": "三次致电均无人接听"}, True),
        ({"explanation": "  "}, False),
    ],
)
def test_a_survey_closes_with_both_scores_or_an_explanation(fields, closes):
    plan = decide(seen(survey_task(Stage.CLOSED, **fields)), standard())
    assert (stage_wanted(plan) is None) is closes


@pytest.mark.clause("M29")
def test_two_plans_do_not_share_their_tasks():
    other = replace(plan_issue(), ref=ref("13"))
    tasks = tasks_wanted(decide(seen(other), standard()))
    assert all(task.origin.endswith("@main/13") for task in tasks)
