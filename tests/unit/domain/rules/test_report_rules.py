"""M26, M72: a report is submitted in time and acknowledged by the leader whose product it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    SERVICE,
    an_issue,
    comment,
    moved,
    seen,
    stage_wanted,
    standard,
    under,
)

REPORTS = ["service_report", "maintenance_report"]
# forty working hours of seven and a half a day after October 2026: 2026-11-02 to 2026-11-09 11:30
DUE = datetime(2026, 11, 9, 3, 30, tzinfo=UTC)


def report(stage: Stage, *history, kind: str = "service_report", remark: str = "已阅", **more: object):
    fields = {Field.DOCUMENT_KIND: kind, Field.PERIOD: "2026-10", Field.APPROVAL_OPINION: remark}
    given = {Field(name): value for name, value in more.items() if name in set(Field)}
    more = {name: value for name, value in more.items() if name not in set(Field)}
    return an_issue(IssueKind.DOCUMENT, stage, fields={**fields, **given}, history=history, **more)


@pytest.mark.clause("M72")
@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_not_submitted_in_time_is_told_to_the_leader(kind):
    before = decide(seen(report(Stage.DRAFT, kind=kind), now=DUE), standard())
    assert before.recheck_at == DUE
    assert not comment(before, "M72")
    assert Watch(LEADER) not in before.changes
    after = decide(seen(report(Stage.DRAFT, kind=kind), now=DUE + timedelta(seconds=1)), standard())
    assert "2026-11-09 11:30" in comment(after, "M72")
    assert Watch(LEADER) in after.changes
    assert stage_wanted(after) is None


@pytest.mark.clause("M72")
@pytest.mark.parametrize(
    "issue",
    [
        report(Stage.DRAFT, kind="service_plan"),
        report(Stage.DRAFT, kind=""),
        report(Stage.DRAFT, period="第三季度"),
        report(Stage.REJECTED),
        report(Stage.SUPERSEDED),
    ],
)
def test_plans_unknown_periods_and_what_is_over_are_never_late(issue):
    assert not comment(decide(seen(issue, now=DUE + timedelta(days=99)), standard()), "M72")


@pytest.mark.clause("M72")
def test_a_policy_without_a_time_waits_for_ever():
    policy = replace(standard(), report_within=None)
    assert not comment(decide(seen(report(Stage.DRAFT), now=DUE + timedelta(days=99)), policy), "M72")


@pytest.mark.clause("M72")
@pytest.mark.parametrize("kind", REPORTS)
def test_a_submitted_report_reaches_the_leader(kind):
    plan = decide(seen(report(Stage.SUBMITTED, kind=kind), now=DUE), standard())
    assert Watch(LEADER) in plan.changes
    assert not comment(plan, "M72")


@pytest.mark.clause("M72")
@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize(
    ("by", "author", "remark", "told"),
    [
        (LEADER, SERVICE, "已阅", ""),
        (LEADER, SERVICE, "", "审批意见"),
        (LEADER, SERVICE, " ", "审批意见"),
        (LEADER, LEADER, "已阅", "张伟 不能自己阅知"),
        ("zhou.hao", SERVICE, "已阅", "周浩 不是本产品的负责领导"),  # an approver, but of another product
        (MAINTAINER, SERVICE, "已阅", "刘洋 不是本产品的负责领导"),
    ],
)
def test_only_the_leaders_own_receipt_with_a_remark_counts(kind, by, author, remark, told):
    accepted = moved(by, Stage.APPROVED, frm=Stage.SUBMITTED)
    issue = report(Stage.APPROVED, accepted, kind=kind, remark=remark, author=author)
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is (Stage.SUBMITTED if told else None)
    assert told in comment(plan, "M72")
    assert not comment(plan, "M26")


@pytest.mark.clause("M72")
def test_it_says_what_it_waits_for_until_the_leader_has_done_it():
    waiting = report(Stage.SUBMITTED, comments={"M72": "…"}, watchers=frozenset({LEADER}))
    text = comment(decide(seen(waiting), standard()), "M72")
    assert "等待产品负责领导" in text
    accepted = moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED)
    done = decide(seen(report(Stage.APPROVED, accepted, comments={"M72": text})), standard())
    assert "已满足" in comment(done, "M72")


@pytest.mark.clause("M72")
def test_late_again_as_a_draft_one_thing_is_said():
    issue = report(Stage.DRAFT, comments={"M72": "…"})
    plan = decide(seen(issue, now=DUE + timedelta(days=1)), standard())
    assert "2026-11-09 11:30" in comment(plan, "M72")


@pytest.mark.clause("M72")
def test_warned_nobody_is_drawn_in_and_nothing_moves():
    late = decide(seen(report(Stage.DRAFT), now=DUE + timedelta(days=1)), under(M72="warned", M14="off"))
    assert comment(late, "M72")
    assert Watch(LEADER) not in late.changes
    taken = report(Stage.APPROVED, moved(MAINTAINER, Stage.APPROVED))
    assert stage_wanted(decide(seen(taken), under(M72="warned"))) is None
    assert not comment(decide(seen(taken), under(M72="off")), "M72")


@pytest.mark.clause("M26")
def test_a_report_needs_no_approver_and_a_plan_no_remark():
    accepted = moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED)
    undecided = report(Stage.APPROVED, accepted)
    assert stage_wanted(decide(seen(undecided), standard())) is None
    plan = report(Stage.APPROVED, accepted, kind="service_plan", remark="", approval_decision="agree")
    assert stage_wanted(decide(seen(plan), standard())) is None


@pytest.mark.clause("M26")
def test_a_document_of_no_kind_is_approved_like_a_plan():
    issue = report(Stage.APPROVED, moved(MAINTAINER, Stage.APPROVED), kind="")
    assert comment(decide(seen(issue), standard()), "M26")
