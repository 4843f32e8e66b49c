"""M06, M27, M28, M31, M74: when it was asked, when recorded, who is asked, how a complaint ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import SetField, Watch
from svc_plugin.domain.vocabulary import Field, Stage
from tests.builders import (
    LEADER,
    MONDAY,
    SERVICE,
    an_issue,
    comment,
    maintenance,
    moved,
    said,
    seen,
    set_by,
    stage_wanted,
    standard,
    under,
)


def received(at: str, stage: Stage = Stage.REGISTERED, **more: object):
    """A request recorded on Monday at 09:00 that was received at another time."""
    return an_issue(stage=stage, fields={Field.RECEIVED_AT: at}, **more)


@pytest.mark.clause("M28")
@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("", ""),
        ("2026-11-23 09:00", ""),
        ("2026-11-20 09:00", ""),  # Friday morning: seven and a half working hours, one day is eight
        ("2026-11-19 17:30", ""),  # exactly eight
        ("2026-11-19 17:29", "相隔工作时间 8小时01分，超过 8小时00分"),
        ("2026-11-23 09:01", "接收时间 2026-11-23 09:01 晚于建单时间 2026-11-23 09:00"),
        ("2030-01-01 00:00", "晚于建单时间"),
        ("gestern", "“gestern”无法识别"),
        ("0001-01-01", "无法识别"),
    ],
)
def test_what_was_recorded_late_or_cannot_be_so_is_told(at, told):
    plan = decide(seen(received(at)), standard())
    assert told in comment(plan, "M28")
    assert bool(comment(plan, "M28")) is bool(told)
    assert stage_wanted(plan) is None


@pytest.mark.clause("M28")
def test_it_is_said_once_and_stays_on_record():
    text = comment(decide(seen(received("2026-11-02 09:00")), standard()), "M28")
    for stage in (Stage.REGISTERED, Stage.CLOSED):
        again = decide(
            seen(received("2026-11-02 09:00", stage, comments={"M28": text}), now=MONDAY + timedelta(days=9)),
            standard(),
        )
        assert not comment(again, "M28")


@pytest.mark.clause("M28")
def test_nothing_new_is_said_of_requests_that_are_over_nor_of_maintenance():
    late = {Field.RECEIVED_AT: "2026-11-02 09:00"}
    assert not comment(decide(seen(received("2026-11-02 09:00", Stage.CLOSED)), standard()), "M28")
    assert not comment(decide(seen(maintenance(Stage.REGISTERED, fields=late)), standard()), "M28")


@pytest.mark.clause("M28")
def test_a_policy_without_a_delay_tells_faults_only():
    policy = replace(standard(), recording_delay=None)
    assert not comment(decide(seen(received("2026-11-02 09:00")), policy), "M28")
    assert comment(decide(seen(received("2026-11-24 09:00")), policy), "M28")
    assert not comment(decide(seen(received("2026-11-24 09:00")), under(M28="off")), "M28")


@pytest.mark.clause("M28")
def test_the_leader_may_accept_a_late_record():
    waiver = set_by(LEADER, Field.WAIVER, "M28 系统停机")
    issue = received("2026-11-02 09:00", history=(waiver,))
    waived = replace(issue, fields={**issue.fields, Field.WAIVER: "M28 系统停机"})
    assert not comment(decide(seen(waived), standard()), "M28")


@pytest.mark.clause("M74")
@pytest.mark.clause("M28")
def test_what_is_entered_after_the_tracker_was_down_counts_from_when_the_customer_asked():
    # asked on Friday at 16:00, entered on Monday at 09:00: eight working hours end on Monday at 16:30
    issue = received("2026-11-20 16:00")
    almost = decide(seen(issue, now=MONDAY + timedelta(hours=7, minutes=29)), standard())
    assert almost.recheck_at == MONDAY + timedelta(hours=7, minutes=30)
    late = decide(seen(issue, now=MONDAY + timedelta(hours=7, minutes=31)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in late.changes


@pytest.mark.clause("M74")
def test_a_moment_that_cannot_be_does_not_win_time():
    later = decide(seen(received("2026-12-24 09:00")), standard())
    assert later.recheck_at == decide(seen(an_issue()), standard()).recheck_at


INQUIRY = {Field.REQUEST_KIND: "inquiry"}
EVENING = MONDAY + timedelta(hours=9)  # 18:00, the end of the working day


def inquiry(stage: Stage = Stage.IN_PROGRESS, *history, **fields: str):
    given = {**INQUIRY, **{Field(name): value for name, value in fields.items()}}
    return an_issue(stage=stage, fields=given, history=history)


@pytest.mark.clause("M31")
def test_an_inquiry_is_looked_at_again_at_the_end_of_the_working_day():
    answered_at_once = inquiry(Stage.IN_PROGRESS, said(SERVICE, "正在查", after=timedelta(minutes=5)))
    plan = decide(seen(answered_at_once), standard())
    assert plan.recheck_at == EVENING
    assert not comment(plan, "M31")


@pytest.mark.clause("M31")
@pytest.mark.parametrize(
    ("issue", "asks"),
    [
        (inquiry(), True),
        (inquiry(Stage.REGISTERED), True),
        (inquiry(Stage.WAITING_CUSTOMER), True),
        (inquiry(answer=" "), True),
        (inquiry(answer="请重设口令"), False),
        (inquiry(Stage.ANSWERED), False),
        (inquiry(Stage.CLOSED), False),
        (inquiry(technician_asked="zhao.lei"), False),
        (inquiry(request_kind="request"), False),
    ],
)
def test_an_inquiry_without_answer_by_the_evening_asks_for_a_technician(issue, asks):
    assert not comment(decide(seen(issue, now=EVENING), standard()), "M31")
    text = comment(decide(seen(issue, now=EVENING + timedelta(seconds=1)), standard()), "M31")
    assert ("2026-11-23 18:00" in text) is asks
    assert bool(text) is asks


@pytest.mark.clause("M31")
def test_a_policy_may_give_an_inquiry_so_much_working_time():
    policy = replace(standard(), consult_within=timedelta(hours=4))
    due = MONDAY + timedelta(hours=5, minutes=30)
    assert not comment(decide(seen(inquiry(), now=due), policy), "M31")
    assert comment(decide(seen(inquiry(), now=due + timedelta(seconds=1)), policy), "M31")


@pytest.mark.clause("M31")
@pytest.mark.parametrize("kind", ["inquiry", "request", "complaint"])
def test_the_technician_who_was_asked_follows_the_request(kind):
    plan = decide(seen(inquiry(technician_asked="zhao.lei", request_kind=kind)), standard())
    assert Watch("zhao.lei") in plan.changes
    assert not comment(plan, "M31")


@pytest.mark.clause("M31")
def test_somebody_who_is_no_technician_is_told_of_and_not_drawn_in():
    plan = decide(seen(inquiry(technician_asked="liu.yang")), standard())
    assert "刘洋" in comment(plan, "M31")
    assert Watch("liu.yang") not in plan.changes


@pytest.mark.clause("M31")
def test_warned_nobody_is_drawn_in_and_off_nothing_is_asked():
    asked = inquiry(technician_asked="zhao.lei")
    assert Watch("zhao.lei") not in decide(seen(asked), under(M31="warned")).changes
    later = seen(inquiry(), now=EVENING + timedelta(hours=1))
    assert comment(decide(later, under(M31="warned")), "M31")
    assert not comment(decide(later, under(M31="off")), "M31")


COMPLAINT = {
    Field.REQUEST_KIND: "complaint",
    Field.ANSWER: "已致歉",
    Field.MEASURE: "换人上门",
    Field.SATISFACTION_EVIDENCE: "noted_call",
}


@pytest.mark.clause("M27")
@pytest.mark.parametrize(("outcome", "closes"), [("客户接受道歉", True), ("", False), (" ", False)])
def test_a_complaint_closes_only_with_its_outcome(outcome, closes):
    fields = {**COMPLAINT, Field.COMPLAINT_OUTCOME: outcome}
    closed = moved(SERVICE, Stage.CLOSED, frm=Stage.ANSWERED)
    plan = decide(seen(an_issue(stage=Stage.CLOSED, fields=fields, history=(closed,))), standard())
    assert stage_wanted(plan) is (None if closes else Stage.ANSWERED)
    assert ("投诉结果" in comment(plan, "M27")) is not closes


@pytest.mark.clause("M27")
def test_the_outcome_is_asked_for_before_anyone_is_refused_and_of_complaints_only():
    answered = decide(seen(an_issue(stage=Stage.ANSWERED, fields=COMPLAINT)), standard())
    assert comment(answered, "M27")
    assert stage_wanted(answered) is None
    request = {**COMPLAINT, Field.REQUEST_KIND: "request"}
    assert not comment(decide(seen(an_issue(stage=Stage.CLOSED, fields=request)), standard()), "M27")
