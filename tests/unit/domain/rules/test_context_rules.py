"""M24, M47, M53, M63, M75: what other issues and records of the product mean to the decision on one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Commitment, FieldChange, HistoryEntry, ProductContext
from svc_plugin.domain.plan import Watch
from svc_plugin.domain.plans_in_force import approved_plan
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.registers import Appointment, TrainingKind
from svc_plugin.domain.resources import before, commitment
from svc_plugin.domain.vocabulary import Field, Role, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    MONDAY,
    PLANNED,
    SERVICE,
    a_plan,
    an_issue,
    comment,
    corrective,
    example,
    moved,
    perfective,
    ref,
    seen,
    set_by,
    stage_wanted,
    standard,
)

ZONE = example().registers.calendar.zone
ENFORCED = replace(standard(), modes={})
SCHEDULED = moved(MAINTAINER, Stage.SCHEDULED, frm=Stage.CLASSIFIED)


def taken(hours, *, key="99"):
    return replace(PLANNED, commitments=(Commitment(ref(key), MONDAY, hours),))


def wish(hours, stage=Stage.SCHEDULED, **more):
    return perfective(stage, SCHEDULED, fields={Field.ESTIMATE_HOURS: hours}, **more)


@pytest.mark.clause("M53")
@pytest.mark.parametrize(
    ("estimate", "committed", "asks"),
    [
        ("240", 0, False), ("241", 0, True), ("40", 200, False), ("40", 201, True), ("4", 240, False),
        ("", 0, True), ("0", 0, True), ("x", 0, True), ("-1", 0, True),
    ],
)  # fmt: skip
def test_only_an_estimate_within_the_resources_spares_the_leader(estimate, committed, asks):
    plan = decide(seen(wish(estimate), context=taken(committed)), standard())
    assert (stage_wanted(plan) is Stage.AWAITING_DECISION) is asks


@pytest.mark.clause("M53")
def test_the_result_of_the_check_is_written_on_the_issue_with_its_figures():
    text = comment(decide(seen(wish("40"), context=taken(150)), standard()), "M53")
    assert "估算 40 小时；2026-11 可用 240 小时，此前已安排 150 小时，余 90 小时" in text
    beyond = comment(decide(seen(wish("100"), context=taken(150)), standard()), "M54")
    assert "余 90 小时，不够" in beyond


@pytest.mark.clause("M53")
def test_figures_once_written_stay_and_a_capacity_lowered_later_throws_nothing_back():
    text = comment(decide(seen(wish("40"), context=taken(150)), standard()), "M53")
    started = wish("40", Stage.IN_WORK, comments={"M53": text})
    started = replace(started, fields={**started.fields, Field.CLASS_REASON: "客户多次提出"})
    now = seen(started, context=taken(20))
    erp = replace(now.registers.products["erp"], capacity_hours=30)
    lowered = replace(now, registers=replace(now.registers, products={"erp": erp}))
    assert not decide(lowered, standard())
    assert stage_wanted(decide(replace(lowered, issue=replace(started, comments={})), standard()))


@pytest.mark.clause("M53")
@pytest.mark.parametrize("stage", [Stage.DONE, Stage.CLOSED])
def test_what_was_finished_long_ago_is_not_commented_now_and_keeps_the_comment_it_has(stage):
    text = comment(decide(seen(wish("40")), standard()), "M53")
    assert not comment(decide(seen(wish("40", stage)), standard()), "M53")
    assert not comment(decide(seen(wish("40", stage, comments={"M53": text})), standard()), "M53")


@pytest.mark.clause("M53")
def test_a_larger_estimate_is_checked_again():
    text = comment(decide(seen(wish("40")), standard()), "M53")
    grown = wish("230", Stage.IN_WORK, comments={"M53": text})
    assert "估算 230 小时" in comment(decide(seen(grown), standard()), "M53")
    assert stage_wanted(decide(seen(grown, context=taken(20)), standard())) is Stage.AWAITING_DECISION


@pytest.mark.clause("M53")
def test_without_a_stated_capacity_only_what_is_small_spares_the_leader():
    for hours, asks in (("4", False), ("5", True)):
        now = seen(wish(hours))
        erp = replace(now.registers.products["erp"], capacity_hours=None)
        unknown = replace(now, registers=replace(now.registers, products={"erp": erp}))
        assert (stage_wanted(decide(unknown, standard())) is Stage.AWAITING_DECISION) is asks


def other(hours, *history, key="99", stage=Stage.IN_WORK):
    return corrective(stage, *history, fields={Field.ESTIMATE_HOURS: hours}, key=key)


@pytest.mark.clause("M53")
def test_what_was_scheduled_earlier_in_the_same_month_counts_with_the_hours_known_then():
    at = timedelta(minutes=5)  # when the issue at hand was scheduled
    grew = HistoryEntry(
        MONDAY + timedelta(hours=1), MAINTAINER, changes=(FieldChange(Field.ESTIMATE_HOURS, "10", "80"),)
    )
    earlier = moved(MAINTAINER, Stage.IN_WORK, frm=Stage.CLASSIFIED, after=at - timedelta(seconds=1))
    later = moved(MAINTAINER, Stage.IN_WORK, frm=Stage.CLASSIFIED, after=at + timedelta(seconds=1))
    october = moved(MAINTAINER, Stage.IN_WORK, frm=Stage.CLASSIFIED, after=-timedelta(days=25))
    same = moved(MAINTAINER, Stage.IN_WORK, frm=Stage.CLASSIFIED, after=at)
    others = [
        other("30", earlier, key="1"),
        other("80", earlier, grew, key="13"),
        other("50", later, key="14"),
        other("60", october, key="15"),
        other("7", same, key="11"),
        other("8", same, key="16"),
        other("9", earlier, key="17", stage=Stage.DONE),
        other("", earlier, key="18"),
    ]
    counted = {one.ref.key: one.hours for one in before(wish("40", key="12"), others, ZONE)}
    assert counted == {"1": 30, "13": 10, "11": 7}


@pytest.mark.clause("M53")
def test_the_month_is_that_of_the_companys_own_calendar():
    night = datetime(2026, 10, 31, 17, tzinfo=UTC)  # already November in Shanghai
    entry = HistoryEntry(night, MAINTAINER, Stage.CLASSIFIED, Stage.SCHEDULED)
    assert before(wish("40"), [other("30", entry)], ZONE)


def test_what_both_are_of_is_the_companys_month_also_at_night():
    """Both were scheduled in the first hours of November, when it is October in the west."""
    night = datetime(2026, 10, 31, 17, tzinfo=UTC)
    first, second = (
        HistoryEntry(night + timedelta(minutes=n), MAINTAINER, Stage.CLASSIFIED, Stage.SCHEDULED)
        for n in (0, 1)
    )
    later = replace(wish("40"), history=(second,))
    assert [one.hours for one in before(later, [other("0.5", first)], ZONE)] == [0.5]


def test_an_issue_that_went_on_keeps_the_moment_at_which_it_was_scheduled():
    on = moved(MAINTAINER, Stage.IN_WORK, frm=Stage.SCHEDULED, after=timedelta(days=3))
    held = commitment(wish("40", Stage.IN_WORK))
    went_on = wish("40", Stage.IN_WORK)
    assert commitment(replace(went_on, history=(*went_on.history, on))) == held


WORKING = [
    (an_issue(stage=Stage.IN_PROGRESS), "service_plan", "客户服务计划"),
    (corrective(Stage.IN_WORK), "maintenance_plan", "产品维护计划"),
]


def planned(*plans):
    found = (approved_plan(plan, example().registers) for plan in plans)
    return ProductContext(plans=tuple(plan for plan in found if plan))


@pytest.mark.clause("M75")
@pytest.mark.parametrize(("issue", "kind", "named"), WORKING)
def test_work_without_an_approved_plan_is_shown_to_the_leader(issue, kind, named):
    plan = decide(seen(issue, context=ProductContext()), ENFORCED)
    assert named in comment(plan, "M75")
    assert Watch(LEADER) in plan.changes
    assert stage_wanted(plan) is None
    wrong = "maintenance_plan" if kind == "service_plan" else "service_plan"
    assert comment(decide(seen(issue, context=planned(a_plan(wrong, "2026"))), ENFORCED), "M75")


@pytest.mark.clause("M75")
@pytest.mark.parametrize(("issue", "kind", "named"), WORKING)
def test_a_plan_in_force_is_enough_and_its_end_is_when_to_look_again(issue, kind, named):
    context = planned(a_plan(kind, "2026-Q3", key="1"), a_plan(kind, "2026-11", key="2"))
    plan = decide(seen(issue, context=context), ENFORCED)
    assert not comment(plan, "M75")
    (found,) = [finding for finding in plan.findings if finding.rule == "M75"]
    assert found.recheck_at == datetime(2026, 12, 1, tzinfo=ZONE)


@pytest.mark.clause("M75")
def test_a_plan_that_begins_later_is_looked_for_on_its_first_day():
    issue = an_issue(stage=Stage.IN_PROGRESS)
    plan = decide(seen(issue, context=planned(a_plan("service_plan", "2027"))), ENFORCED)
    (found,) = [finding for finding in plan.findings if finding.rule == "M75"]
    assert found.recheck_at == datetime(2027, 1, 1, tzinfo=ZONE)
    assert comment(plan, "M75")


@pytest.mark.clause("M75")
@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.CLOSED])
def test_what_nobody_has_begun_or_what_is_over_needs_no_plan(stage):
    plan = decide(seen(an_issue(stage=stage), context=ProductContext()), ENFORCED)
    assert not comment(plan, "M75")


@pytest.mark.clause("M75")
@pytest.mark.parametrize(
    "change",
    [
        {"stage": Stage.SUBMITTED},
        {"author": LEADER},
        {"history": (moved(SERVICE, Stage.APPROVED),)},
        {"fields": {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026"}},
        {"fields": {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "soon"}},
    ],
)
def test_only_a_plan_that_another_approver_approved_counts(change):
    assert approved_plan(a_plan("service_plan", "2026"), example().registers)
    assert approved_plan(replace(a_plan("service_plan", "2026"), **change), example().registers) is None


def submitted(kind, *lacking, stage=Stage.SUBMITTED, **more):
    now = seen(replace(a_plan(kind, "2027"), stage=stage, **more))
    people = dict(now.registers.people)
    for account in lacking:
        some = tuple(t for t in people[account].trainings if t.kind is TrainingKind.PRODUCT)
        people[account] = replace(people[account], trainings=some)
    return replace(now, registers=replace(now.registers, people=people))


@pytest.mark.clause("M24")
@pytest.mark.clause("M47")
@pytest.mark.clause("M63")
@pytest.mark.parametrize(
    ("kind", "lacking", "named"),
    [("service_plan", "wu.xia", "吴霞"), ("maintenance_plan", "chen.jie", "陈杰")],
)
def test_a_submitted_plan_names_the_staff_who_lack_a_training(kind, lacking, named):
    text = comment(decide(submitted(kind, lacking), standard()), "M24")
    assert f"{named}的“与客户打交道”培训" in text
    assert "产品培训。" not in text
    assert not comment(decide(submitted(kind), standard()), "M24")
    assert not comment(decide(submitted("service_report", lacking), standard()), "M24")


@pytest.mark.clause("M24")
@pytest.mark.clause("M47")
def test_the_staff_of_the_other_plan_are_not_asked_for():
    assert not comment(decide(submitted("service_plan", "chen.jie"), standard()), "M24")
    assert not comment(decide(submitted("maintenance_plan", "wu.xia"), standard()), "M24")


@pytest.mark.clause("M24")
def test_approval_is_held_only_when_the_rule_is_enforced():
    approved = submitted("service_plan", "wu.xia", stage=Stage.APPROVED)
    assert stage_wanted(decide(approved, standard())) is None
    assert stage_wanted(decide(approved, ENFORCED)) is Stage.SUBMITTED


@pytest.mark.clause("M24")
def test_who_was_appointed_after_the_approval_does_not_undo_it():
    approved = submitted("service_plan", "wu.xia", stage=Stage.APPROVED)
    erp = approved.registers.products["erp"]
    late = Appointment(Role.SERVICE, "wu.xia", LEADER, date(2026, 11, 24))
    appointments = (*(one for one in erp.appointments if one.account != "wu.xia"), late)
    products = {"erp": replace(erp, appointments=appointments)}
    later = replace(
        approved, registers=replace(approved.registers, products=products), now=MONDAY + timedelta(days=9)
    )
    assert stage_wanted(decide(later, ENFORCED)) is None
    assert not comment(decide(later, ENFORCED), "M24")
    waiting = replace(later, issue=replace(later.issue, stage=Stage.SUBMITTED))
    assert comment(decide(waiting, ENFORCED), "M24")
    # who was appointed on the day of the approval belongs to its staff
    (moved_at,) = (entry.at for entry in later.issue.history)
    assert moved_at.date() == date(2026, 11, 23)
    same_day = replace(erp, appointments=(*appointments[:-1], replace(late, on=date(2026, 11, 23))))
    at_once = replace(later, registers=replace(later.registers, products={"erp": same_day}))
    assert stage_wanted(decide(at_once, ENFORCED)) is Stage.SUBMITTED


@pytest.mark.clause("M54")
def test_a_decision_of_the_leader_needs_no_check_of_the_resources():
    decided = set_by(LEADER, Field.DECISION, "approved")
    issue = perfective(
        Stage.SCHEDULED, decided, fields={Field.DECISION: "approved", Field.ESTIMATE_HOURS: "40"}
    )
    assert not comment(decide(seen(issue), standard()), "M53")
    assert Mode.WARNED is standard().mode("M75")
