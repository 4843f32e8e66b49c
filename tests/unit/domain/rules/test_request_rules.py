"""M32, M35, M40, M61: faults are handed over and come back; nothing closes incomplete."""

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    SERVICE,
    an_issue,
    comment,
    corrective,
    moved,
    ref,
    seen,
    serving,
    set_by,
    stage_wanted,
    standard,
)

COMPLETE = {Field.ANSWER: "已答复", Field.MEASURE: "已修复", Field.SATISFACTION_EVIDENCE: "written"}


@pytest.mark.clause("M32")
def test_a_fault_gets_one_maintenance_issue_for_the_products_maintainer():
    issue = an_issue(
        fields={Field.REQUEST_KIND: "fault", Field.CUSTOMER: "恒通机械有限公司", Field.SEVERITY: "major"}
    )
    plan = decide(seen(issue), standard())
    (wanted,) = [change for change in plan.changes if isinstance(change, EnsureIssue)]
    assert wanted.kind is IssueKind.MAINTENANCE
    assert wanted.assignee == "liu.yang"
    assert wanted.origin == "M32@main/12"
    assert dict(wanted.fields)[Field.CUSTOMER] == "恒通机械有限公司"
    assert dict(wanted.fields)[Field.SOURCE] == "customer"


@pytest.mark.clause("M32")
@pytest.mark.parametrize(("label", "shown"), [("", "#12"), ("ERP-7", "ERP-7")])
def test_the_maintenance_issue_names_its_request_as_people_do(label, shown):
    issue = an_issue(fields={Field.REQUEST_KIND: "fault"}, label=label)
    (wanted,) = [c for c in decide(seen(issue), standard()).changes if isinstance(c, EnsureIssue)]
    assert f"由客户要求 {shown} 转来" in wanted.description
    assert wanted.origin == "M32@main/12"


@pytest.mark.clause("M32")
@pytest.mark.parametrize("kind", ["inquiry", "suggestion", "complaint", "request", "other", ""])
def test_what_is_no_fault_is_not_handed_over(kind):
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: kind})), standard())
    assert not [change for change in plan.changes if isinstance(change, EnsureIssue)]


@pytest.mark.clause("M35")
@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.IN_PROGRESS, Stage.ANSWERED, Stage.CLOSED])
def test_a_request_is_kept_open_while_its_maintenance_is_not_done(stage):
    issue = an_issue(
        stage=stage, fields={Field.REQUEST_KIND: "fault", **COMPLETE}, links=frozenset({ref("13")})
    )
    plan = decide(seen(issue, linked=(serving(Stage.IN_WORK),)), standard())
    assert stage_wanted(plan) is Stage.HANDED_OVER
    assert not [change for change in plan.changes if isinstance(change, EnsureIssue)]


@pytest.mark.clause("M35")
@pytest.mark.parametrize("stage", [Stage.DONE, Stage.CLOSED, Stage.REJECTED])
def test_a_request_comes_back_for_the_answer_when_maintenance_has_ended(stage):
    issue = an_issue(stage=Stage.HANDED_OVER, fields={Field.REQUEST_KIND: "fault"})
    plan = decide(seen(issue, linked=(serving(stage, measure="换了驱动"),)), standard())
    assert stage_wanted(plan) is Stage.IN_PROGRESS
    assert "换了驱动" in comment(plan, "M32")


@pytest.mark.clause("M32")
def test_a_linked_issue_of_another_origin_is_not_taken_for_the_hand_over():
    other = an_issue(IssueKind.MAINTENANCE, Stage.IN_WORK, key="14", fields={Field.ORIGIN: "M32@main/99"})
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: "fault"}), linked=(other,)), standard())
    assert [change for change in plan.changes if isinstance(change, EnsureIssue)]


@pytest.mark.clause("M40")
@pytest.mark.parametrize("missing", [Field.ANSWER, Field.MEASURE, Field.SATISFACTION_EVIDENCE])
def test_a_request_closed_without_its_list_goes_back_where_it_came_from(missing):
    fields = {name: value for name, value in COMPLETE.items() if name is not missing}
    issue = an_issue(
        stage=Stage.CLOSED, fields=fields, history=(moved(SERVICE, Stage.CLOSED, frm=Stage.WAITING_CUSTOMER),)
    )
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.WAITING_CUSTOMER
    assert seen(issue).texts.field(missing) in comment(plan, "M40")


@pytest.mark.clause("M07")
@pytest.mark.clause("M40")
def test_blank_text_is_no_answer():
    issue = an_issue(stage=Stage.CLOSED, fields={**COMPLETE, Field.ANSWER: " \n"})
    assert stage_wanted(decide(seen(issue), standard())) is not None


@pytest.mark.clause("M40")
def test_a_complete_request_may_close():
    assert stage_wanted(decide(seen(an_issue(stage=Stage.CLOSED, fields=COMPLETE)), standard())) is None


@pytest.mark.clause("M40")
def test_the_list_is_shown_before_anyone_is_refused():
    plan = decide(seen(an_issue(stage=Stage.ANSWERED)), standard())
    assert stage_wanted(plan) is None
    assert "答复、解决措施、满意证据" in comment(plan, "M40")


@pytest.mark.clause("M40")
@pytest.mark.parametrize(("by", "accepted"), [(SERVICE, False), (LEADER, True)])
def test_no_reply_is_evidence_only_by_a_leaders_own_hand(by, accepted):
    fields = {**COMPLETE, Field.SATISFACTION_EVIDENCE: "no_reply"}
    issue = an_issue(
        stage=Stage.CLOSED, fields=fields, history=(set_by(by, Field.SATISFACTION_EVIDENCE, "no_reply"),)
    )
    assert (stage_wanted(decide(seen(issue), standard())) is None) is accepted


@pytest.mark.clause("M61")
def test_maintenance_closed_without_evidence_of_satisfaction_goes_back():
    fields = {**FINISHED, Field.SATISFACTION_EVIDENCE: ""}
    issue = corrective(Stage.CLOSED, moved(MAINTAINER, Stage.CLOSED, frm=Stage.DONE), fields=fields, hours=3)
    assert stage_wanted(decide(seen(issue), standard())) is Stage.DONE
