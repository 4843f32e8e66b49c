"""M04, M11, M13, M15, M18, M19, M23, M26, M27, M36, M37, M45, M48: whose it is, and whose word counts."""

from datetime import UTC, datetime

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import Assign, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    LEADER,
    MAINTAINER,
    SERVICE,
    an_issue,
    comment,
    maintenance,
    moved,
    perfective,
    seen,
    set_by,
    stage_wanted,
    standard,
)

ANSWERED = {Field.ANSWER: "谢谢", Field.MEASURE: "列入计划", Field.SATISFACTION_EVIDENCE: "written"}


@pytest.mark.clause("M18")
@pytest.mark.parametrize(
    ("kind", "staff"),
    [(IssueKind.SERVICE_REQUEST, {"wang.fang", "wu.xia"}), (IssueKind.MAINTENANCE, {"liu.yang", "chen.jie"})],
)
def test_an_issue_that_is_nobodys_is_given_to_the_products_staff_in_turn(kind, staff):
    chosen = set()
    for key in ("1", "2", "3", "4"):
        plan = decide(seen(an_issue(kind, Stage.REGISTERED, key=key, assignee="")), standard())
        chosen |= {change.account for change in plan.changes if isinstance(change, Assign)}
    assert chosen == staff


@pytest.mark.clause("M18")
def test_who_is_assigned_stays_assigned_and_closed_issues_are_left_alone():
    for issue in (an_issue(assignee="li.na"), an_issue(stage=Stage.CLOSED, assignee="", fields=ANSWERED)):
        assert not [c for c in decide(seen(issue), standard()).changes if isinstance(c, Assign)]


@pytest.mark.clause("M27")
def test_a_complaint_reaches_the_leader():
    assert (
        Watch(LEADER) in decide(seen(an_issue(fields={Field.REQUEST_KIND: "complaint"})), standard()).changes
    )


@pytest.mark.clause("M15")
@pytest.mark.clause("M19")
@pytest.mark.parametrize(
    ("customer", "told"),
    [("", "不在客户登记册"), ("某某公司", "不在客户登记册"), ("海星电子科技有限公司", "尚未交付")],
)
def test_a_request_of_somebody_without_the_product_is_explained_when_work_starts(customer, told):
    issue = an_issue(stage=Stage.IN_PROGRESS, fields={Field.CUSTOMER: customer})
    plan = decide(seen(issue), standard())
    assert told in comment(plan, "M19")
    assert stage_wanted(plan) is None


@pytest.mark.clause("M19")
def test_a_delivery_after_the_request_does_not_count():
    early = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
    issue = an_issue(stage=Stage.IN_PROGRESS, created_at=early)
    assert "尚未交付" in comment(decide(seen(issue), standard()), "M19")


@pytest.mark.clause("M45")
def test_internal_requirements_need_no_customer():
    issue = maintenance(Stage.CLASSIFIED, fields={Field.SOURCE: "internal", Field.CUSTOMER: ""})
    assert not comment(decide(seen(issue), standard()), "M19")


@pytest.mark.clause("M04")
def test_a_request_for_a_retired_product_is_asked_of_the_leader_and_kept():
    issue = an_issue(product="crm", assignee="li.na", fields={Field.CUSTOMER: "百盛零售连锁"})
    plan = decide(seen(issue), standard())
    assert Watch("zhou.hao") in plan.changes
    assert "2026-06-30" in comment(plan, "M04")
    assert stage_wanted(plan) is None


@pytest.mark.clause("M23")
def test_kind_and_channel_are_asked_for_when_work_starts():
    bare = {Field.CHANNEL: "", Field.REQUEST_KIND: ""}
    assert not comment(decide(seen(an_issue(fields=bare)), standard()), "M23")
    plan = decide(seen(an_issue(stage=Stage.IN_PROGRESS, fields=bare)), standard())
    assert "要求种类、渠道" in comment(plan, "M23")


SUGGESTION = {Field.REQUEST_KIND: "suggestion", **ANSWERED}


@pytest.mark.clause("M36")
@pytest.mark.clause("M37")
@pytest.mark.parametrize(
    ("fields", "closes"),
    [
        ({Field.SUGGESTION_DECISION: "adopted", Field.THANKS_SENT_ON: "2026-11-23"}, True),
        ({Field.SUGGESTION_DECISION: "adopted"}, False),
        ({Field.SUGGESTION_DECISION: "open", Field.THANKS_SENT_ON: "2026-11-23"}, False),
        ({Field.THANKS_SENT_ON: "2026-11-23"}, False),
        ({Field.SUGGESTION_DECISION: "not_adopted", Field.THANKS_SENT_ON: "2026-11-23"}, False),
        (
            {
                Field.SUGGESTION_DECISION: "not_adopted",
                Field.EXPLANATION: "与产品战略不符",
                Field.THANKS_SENT_ON: "2026-11-23",
            },
            True,
        ),
    ],
)
def test_a_suggestion_closes_only_when_it_is_decided_explained_and_thanked(fields, closes):
    issue = an_issue(stage=Stage.CLOSED, fields={**SUGGESTION, **fields})
    assert (stage_wanted(decide(seen(issue), standard())) is None) is closes


def a_plan(*history, author: str = SERVICE, decision: str = "agree"):
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2027", Field.APPROVAL_DECISION: decision}
    return an_issue(IssueKind.DOCUMENT, Stage.APPROVED, fields=fields, author=author, history=history)


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
@pytest.mark.parametrize(
    ("by", "author", "decision", "stands"),
    [
        (LEADER, SERVICE, "agree", True),
        (LEADER, SERVICE, "agree_with_changes", True),
        (LEADER, SERVICE, "disagree", False),
        (LEADER, SERVICE, "", False),
        (LEADER, LEADER, "agree", False),
        (MAINTAINER, SERVICE, "agree", False),
        (SERVICE, SERVICE, "agree", False),
    ],
)
def test_a_plan_is_approved_only_by_an_approver_who_did_not_write_it(by, author, decision, stands):
    issue = a_plan(moved(by, Stage.APPROVED, frm=Stage.SUBMITTED), author=author, decision=decision)
    plan = decide(seen(issue), standard())
    assert (stage_wanted(plan) is None) is stands
    assert bool(comment(plan, "M26")) is not stands


@pytest.mark.clause("M11")
@pytest.mark.parametrize(("by", "stands"), [(LEADER, True), (MAINTAINER, False)])
def test_only_the_leader_turns_a_change_into_a_project(by, stands):
    issue = perfective(Stage.CONVERTED, moved(by, Stage.CONVERTED, frm=Stage.AWAITING_DECISION))
    assert (stage_wanted(decide(seen(issue), standard())) is None) is stands


@pytest.mark.clause("M11")
@pytest.mark.parametrize(("estimate", "proposed"), [("319", False), ("320", True), ("1000", True)])
def test_a_big_change_is_proposed_as_a_project(estimate, proposed):
    plan = decide(seen(perfective(Stage.CLASSIFIED, fields={Field.ESTIMATE_HOURS: estimate})), standard())
    assert bool(comment(plan, "M11")) is proposed


@pytest.mark.clause("M13")
@pytest.mark.parametrize("missing", [Field.DECISION_OPINION, Field.DECISION_FACTORS])
def test_a_decision_names_its_reasons(missing):
    fields = {Field.DECISION: "approved", Field.DECISION_OPINION: "可行", Field.DECISION_FACTORS: "资源充足"}
    decided = set_by(LEADER, Field.DECISION, "approved")
    full = perfective(Stage.SCHEDULED, decided, fields=fields)
    assert not comment(decide(seen(full), standard()), "M13")
    plan = decide(seen(perfective(Stage.SCHEDULED, decided, fields={**fields, missing: ""})), standard())
    assert seen(full).texts.field(missing) in comment(plan, "M13")
    assert stage_wanted(plan) is None
