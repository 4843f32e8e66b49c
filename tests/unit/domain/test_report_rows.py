"""What a customer service report tells of each issue, field by field."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from svc_plugin.domain.figures.model import Figure
from svc_plugin.domain.model import FieldChange, TimeEntry, origin_marker
from svc_plugin.domain.vocabulary import Field, Stage
from tests.unit.domain.report_kit import (
    ANSWER,
    CHEN,
    CLOSING,
    LIU,
    PAPER,
    REQUEST,
    SURVEY,
    TASK,
    TRAINING,
    WORK,
    ZHANG,
    at,
    did,
    issue,
    ref,
    report,
    told,
)


def test_a_report_says_what_it_is_about():
    told(
        report(period=" 2026-Q4 "),
        product="erp",
        period="2026-Q4",
        first=date(2026, 10, 1),
        last=date(2026, 12, 31),
    )


@pytest.mark.clause("M39")
def test_a_request_is_told_field_by_field():
    fields = {
        Field.CUSTOMER: " c1 ", Field.CHANNEL: "phone", Field.RECEIVED_AT: "2026-11-10 08:30",
        Field.REQUEST_KIND: "inquiry", Field.MEASURE: " 已说明 ", Field.SATISFACTION_EVIDENCE: "rating",
        Field.SCORE_PRODUCT: "4", Field.SCORE_SERVICE: "5",
    }  # fmt: skip
    (row,) = report(issue("7", REQUEST, Stage.CLOSED, fields, ANSWER, CLOSING, assignee=CHEN)).requests
    told(
        row,
        ref=ref("7"),
        customer="上海东方贸易有限公司",
        channel="phone",
        received=at("2026-11-10 08:30"),
        registered=at("2026-11-10 09:00"),
        kind="inquiry",
        title="标题 7",
        measure="已说明",
        done_at=at("2026-11-11 14:30"),
        duration=timedelta(hours=7.5 + 4),
        satisfaction="rating",
        score_product=4.0,
        score_service=5.0,
        owner="陈静",
        stage=Stage.CLOSED,
        status="状态 7",
        open=False,
    )
    # a call that service staff recorded was answered while it lasted
    told(row.response, at=at("2026-11-10 08:30"), used=timedelta(0), in_time=True)


def test_an_open_request_of_somebody_unknown_is_told_as_it_stands():
    (row,) = report(issue("7", REQUEST, Stage.IN_PROGRESS, {Field.CUSTOMER: "路人"}, ANSWER)).requests
    told(row, customer="路人", done_at=None, duration=None, measure="", score_product=None, open=True)
    told(row.response, at=at("2026-11-10 10:30"), used=timedelta(hours=1.5), in_time=True)


def test_requests_stand_in_the_order_in_which_customers_asked():
    early = issue("9", REQUEST, Stage.REGISTERED, {Field.RECEIVED_AT: "2026-11-09 09:00"})
    late, same = (issue(key, REQUEST, Stage.REGISTERED, {}) for key in ("2", "3"))
    assert [row.ref.key for row in report(same, late, early).requests] == ["9", "2", "3"]


@pytest.mark.clause("M27")
def test_a_complaint_is_told_with_its_outcome():
    fields = {
        Field.REQUEST_KIND: "complaint", Field.CUSTOMER: "c2", Field.MEASURE: " 换人 ",
        Field.COMPLAINT_OUTCOME: " 已和解 ", Field.RECEIVED_AT: "2026-11-10 08:00",
    }  # fmt: skip
    other = issue("4", REQUEST, Stage.CLOSED, {Field.REQUEST_KIND: "fault"}, CLOSING)
    (row,) = report(other, issue("5", REQUEST, Stage.CLOSED, fields, CLOSING)).complaints
    told(
        row, ref=ref("5"), customer="苏州精密机械厂", title="标题 5", received=at("2026-11-10 08:00"),
        measure="换人", outcome="已和解", open=False,
    )  # fmt: skip


@pytest.mark.clause("M36")
@pytest.mark.clause("M37")
def test_a_suggestion_is_told_with_decision_thanks_and_explanation():
    fields = {
        Field.REQUEST_KIND: "suggestion", Field.CUSTOMER: "c3", Field.SUGGESTION_DECISION: "not_adopted",
        Field.THANKS_SENT_ON: "2026-11-12", Field.EXPLANATION: " 另有方案 ",
    }  # fmt: skip
    other = issue("4", REQUEST, Stage.REGISTERED, {Field.REQUEST_KIND: "fault"})
    (row,) = report(other, issue("5", REQUEST, Stage.ANSWERED, fields, ANSWER)).suggestions
    told(
        row, ref=ref("5"), customer="杭州西湖食品集团", title="标题 5", decision="not_adopted",
        thanks_on="2026-11-12", explanation="另有方案", open=True,
    )  # fmt: skip


@pytest.mark.clause("M32")
def test_a_hand_over_is_told_with_its_maintenance():
    fields = {
        Field.ORIGIN: origin_marker("M32", ref("5")), Field.MAINTENANCE_CLASS: " corrective ",
        Field.VISIT_NEEDED: "yes", Field.VISIT_AT: "2026-11-12 10:00",
    }  # fmt: skip
    plain = issue("4", REQUEST, Stage.REGISTERED, {Field.REQUEST_KIND: "inquiry"})
    handed = issue("5", REQUEST, Stage.HANDED_OVER, {Field.REQUEST_KIND: "inquiry"})
    bare = issue("6", REQUEST, Stage.REGISTERED, {Field.REQUEST_KIND: "fault"})
    done = did("2026-11-13 10:00", LIU, moved_from=Stage.TESTING, moved_to=Stage.CLOSED)
    work = issue("20", WORK, Stage.CLOSED, fields, done, assignee=LIU)
    first, second = report(plain, handed, bare, work).handovers
    told(
        first, ref=ref("5"), title="标题 5", work=ref("20"), owner="刘洋", maintenance_class="corrective",
        stage=Stage.CLOSED, visit_needed="yes", visit_at=at("2026-11-12 10:00"),
        done_at=at("2026-11-13 10:00"),
    )  # fmt: skip
    told(
        second, ref=ref("6"), title="标题 6", work=None, owner="", maintenance_class="", stage=None,
        visit_needed="", visit_at=None, done_at=None,
    )  # fmt: skip


VISIT_FIELDS = {
    Field.TASK_KIND: "visit", Field.CUSTOMER: "c2", Field.VISIT_AT: "2026-11-12 10:00",
    Field.VISIT_AGREED_WITH: " 赵经理 ", Field.ARRIVED_AT: "2026-11-12 09:50",
    Field.LEFT_AT: "2026-11-12 11:30", Field.VISIT_SIGNED_BY: " 赵经理 ",
}  # fmt: skip


def test_a_task_is_told_field_by_field():
    open_one, done_one = report(TRAINING, SURVEY).tasks
    told(
        open_one, ref=ref("30"), kind="training", title="标题 30", customer="", owner="陈静",
        stage=Stage.OPEN, status="状态 30", done_at=None, open=True,
    )  # fmt: skip
    told(
        done_one, ref=ref("31"), kind="survey", customer="上海浦江医疗器械股份有限公司", owner="王芳",
        stage=Stage.CLOSED, done_at=at("2026-11-12 16:00"), open=False,
    )  # fmt: skip


@pytest.mark.clause("M29")
@pytest.mark.clause("M64")
def test_a_survey_is_told_with_both_scores():
    found = report(TRAINING, SURVEY)
    (row,) = found.surveys
    told(row, score_product=3.0, score_service=5.0)
    assert row.task.ref == ref("31")
    assert found.statistics.score_service == Figure(5.0, (ref("31"),))


@pytest.mark.clause("M34")
def test_an_agreed_visit_is_told_field_by_field():
    visit = issue("32", TASK, Stage.IN_PROGRESS, VISIT_FIELDS, assignee=LIU)
    (row,) = report(TRAINING, visit).visits
    told(
        row, same_city=False, agreed=True, agreed_with="赵经理", due=at("2026-11-12 10:00"),
        arrived=at("2026-11-12 09:50"), left=at("2026-11-12 11:30"), signed_by="赵经理", kept=True,
    )  # fmt: skip
    assert row.task.ref == ref("32")


@pytest.mark.clause("M33")
@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-10 17:58", "2026-11-11 00:00"),
        ("2026-11-10 17:59", "2026-11-11 00:00"),
        ("2026-11-10 18:00", "2026-11-12 00:00"),
        ("2026-11-06 18:00", "2026-11-10 00:00"),
    ],
)
def test_a_visit_in_the_same_city_is_due_by_the_end_of_the_working_day(asked, due):
    fields = {Field.TASK_KIND: "visit", Field.CUSTOMER: "c1"}
    (row,) = report(issue("32", TASK, Stage.OPEN, fields, assignee=LIU, created=asked)).visits
    told(row, same_city=True, agreed=False, due=at(due), kept=None)


@pytest.mark.clause("M33")
def test_a_visit_for_a_request_is_due_by_when_the_customer_asked():
    asked = issue("5", REQUEST, Stage.IN_PROGRESS, {Field.RECEIVED_AT: "2026-11-09 10:00"})
    fields = {Field.TASK_KIND: "visit", Field.CUSTOMER: "c1", Field.ORIGIN: origin_marker("M33", ref("5"))}
    (row,) = report(asked, issue("32", TASK, Stage.OPEN, fields, assignee=LIU)).visits
    assert row.due == at("2026-11-10 00:00")


@pytest.mark.clause("M33")
@pytest.mark.parametrize(("customer", "assignee"), [("路人", LIU), ("c1", "nobody"), ("路人", "nobody")])
def test_without_both_cities_nobody_says_whether_they_are_the_same(customer, assignee):
    fields = {Field.TASK_KIND: "visit", Field.CUSTOMER: customer}
    (row,) = report(issue("32", TASK, Stage.OPEN, fields, assignee=assignee)).visits
    told(row, same_city=None, due=None, kept=None)


@pytest.mark.clause("M73")
def test_a_waiver_names_issue_and_words():
    granted = did("2026-11-12 09:00", ZHANG, changes=(FieldChange(Field.WAIVER, "", " 顺延 "),))
    (row,) = report(issue("5", REQUEST, Stage.REGISTERED, {Field.WAIVER: " 顺延 "}, granted)).waivers
    told(row, ref=ref("5"), title="标题 5", text="顺延", by="张伟", at=granted.at)


@pytest.mark.clause("M75")
def test_a_plan_is_told_with_who_decided_on_it():
    agreed = did("2026-01-06 09:00", ZHANG, changes=(FieldChange(Field.APPROVAL_DECISION, "", "agree"),))
    kind = {Field.DOCUMENT_KIND: "service_plan"}
    decided = {**kind, Field.PERIOD: "2026-11", Field.APPROVAL_DECISION: "agree"}
    papers = (
        issue("1", PAPER, Stage.DRAFT, {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-11"}),
        issue("2", PAPER, Stage.APPROVED, decided, agreed, created="2026-01-05 09:00"),
        issue("3", PAPER, Stage.DRAFT, {**kind, Field.PERIOD: " 2026-Q4 "}),
        issue("4", PAPER, Stage.DRAFT, {**kind, Field.PERIOD: "2026-10"}),
        issue("5", PAPER, Stage.DRAFT, {**kind, Field.PERIOD: "2026-12"}),
    )
    first, second = report(*papers).plans
    told(
        first,
        ref=ref("2"),
        period="2026-11",
        stage=Stage.APPROVED,
        status="状态 2",
        decision="agree",
        approver="张伟",
    )
    told(second, ref=ref("3"), period="2026-Q4", decision="", approver="")


@pytest.mark.clause("M76")
def test_a_task_that_was_made_after_the_period_is_not_in_its_report() -> None:
    later = issue("40", TASK, Stage.OPEN, {Field.TASK_KIND: "training"}, created="2026-12-03 09:00")
    assert [task.ref for task in report(TRAINING, later).tasks] == [TRAINING.ref]
    booked = TimeEntry("1", CHEN, date(2026, 11, 30), 2.0)
    counted = report(TRAINING, replace(later, time_entries=(booked,)))
    assert counted.effort_total.value == 2.0, "what was worked in it before it was filed"
