from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue, origin_marker
from svc_plugin.domain.plan import EnsureIssue, IssueDocument, SetField, Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    BOT,
    LEADER,
    MAINTAINER,
    MONDAY,
    OUTSIDER,
    SERVICE,
    an_issue,
    comment,
    maintenance,
    moved,
    ref,
    said,
    seen,
    set_by,
    stage_wanted,
    standard,
)

BEYOND = [Stage.CLASSIFIED, Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED]
COMPLETE = {Field.ANSWER: "已答复", Field.MEASURE: "已修复", Field.SATISFACTION_EVIDENCE: "written"}


def corrective(stage: Stage, *history: object, **fields: str) -> Issue:
    judged = set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "corrective")
    return maintenance(
        stage, fields={Field.MAINTENANCE_CLASS: "corrective", **fields}, history=(judged, *history)
    )


def perfective(stage: Stage, *history: object, fields: dict[Field, str] | None = None) -> Issue:
    judged = set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "perfective")
    given = {Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: "40", **(fields or {})}
    return maintenance(stage, fields=given, history=(judged, *history))


@pytest.mark.clause("M50")
@pytest.mark.parametrize("stage", BEYOND)
def test_maintenance_that_moved_on_unclassified_goes_back_to_registered(stage):
    plan = decide(seen(maintenance(stage)), standard())
    assert stage_wanted(plan) is Stage.REGISTERED
    assert "M50" in comment(plan, "M50")


@pytest.mark.clause("M50")
def test_a_class_set_by_somebody_who_is_not_maintenance_staff_does_not_count():
    issue = maintenance(
        Stage.IN_WORK,
        fields={Field.MAINTENANCE_CLASS: "corrective"},
        history=(set_by(SERVICE, Field.MAINTENANCE_CLASS, "corrective"),),
    )
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.REGISTERED
    assert "王芳" in comment(plan, "M50")


@pytest.mark.clause("M50")
def test_a_maintainer_of_another_product_may_not_judge():
    issue = maintenance(
        Stage.IN_WORK,
        fields={Field.MAINTENANCE_CLASS: "corrective"},
        history=(set_by("yang.min", Field.MAINTENANCE_CLASS, "corrective"),),
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.REGISTERED


@pytest.mark.clause("M50")
def test_an_issue_that_waits_unclassified_in_registered_is_left_in_peace():
    assert not decide(seen(maintenance(Stage.REGISTERED)), standard())


@pytest.mark.clause("M08")
@pytest.mark.clause("M50")
def test_classified_by_maintenance_staff_may_go_on():
    assert not decide(seen(corrective(Stage.IN_WORK)), standard())


@pytest.mark.clause("M50")
def test_the_demand_stays_until_it_is_met_and_then_says_thanks():
    issue = maintenance(Stage.IN_WORK)
    text = comment(decide(seen(issue), standard()), "M50")
    back = maintenance(Stage.REGISTERED, comments={"M50": text})
    assert not decide(seen(back), standard())
    met = maintenance(
        Stage.REGISTERED,
        comments={"M50": text},
        fields={Field.MAINTENANCE_CLASS: "corrective"},
        history=(set_by(MAINTAINER, Field.MAINTENANCE_CLASS, "corrective"),),
    )
    assert "已满足" in comment(decide(seen(met), standard()), "M50")


@pytest.mark.clause("M12")
@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.CONVERTED, Stage.AWAITING_DECISION])
def test_a_corrective_issue_cannot_be_refused(stage):
    issue = corrective(stage, moved(MAINTAINER, stage, frm=Stage.SCHEDULED))
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.SCHEDULED
    assert "M12" in comment(plan, "M12")


@pytest.mark.clause("M12")
def test_a_corrective_issue_created_as_rejected_goes_to_classified():
    assert stage_wanted(decide(seen(corrective(Stage.REJECTED)), standard())) is Stage.CLASSIFIED


@pytest.mark.clause("M12")
def test_a_perfective_issue_may_be_rejected():
    assert not decide(seen(perfective(Stage.REJECTED)), standard())


@pytest.mark.clause("M54")
@pytest.mark.parametrize("stage", [Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE])
def test_perfective_work_that_began_without_the_leader_waits_for_the_decision(stage):
    plan = decide(seen(perfective(stage)), standard())
    assert stage_wanted(plan) is Stage.AWAITING_DECISION
    assert "张伟" in comment(plan, "M54")


@pytest.mark.clause("M54")
def test_a_decision_field_filled_in_by_somebody_else_does_not_count():
    issue = perfective(
        Stage.SCHEDULED,
        set_by(MAINTAINER, Field.DECISION, "approved"),
        fields={Field.DECISION: "approved"},
    )
    plan = decide(seen(issue), standard())
    assert stage_wanted(plan) is Stage.AWAITING_DECISION
    assert "刘洋" in comment(plan, "M54")


@pytest.mark.clause("M54")
def test_the_leaders_own_approval_schedules_the_work():
    issue = perfective(
        Stage.AWAITING_DECISION,
        set_by(LEADER, Field.DECISION, "approved"),
        fields={Field.DECISION: "approved"},
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.SCHEDULED


@pytest.mark.clause("M54")
def test_the_leader_of_another_product_cannot_decide():
    issue = perfective(
        Stage.IN_WORK, set_by("zhou.hao", Field.DECISION, "approved"), fields={Field.DECISION: "approved"}
    )
    assert stage_wanted(decide(seen(issue), standard())) is Stage.AWAITING_DECISION


@pytest.mark.clause("M54")
@pytest.mark.parametrize("stage", [Stage.AWAITING_DECISION, Stage.IN_WORK])
def test_what_the_leader_declined_is_not_carried_out(stage):
    issue = perfective(stage, set_by(LEADER, Field.DECISION, "declined"), fields={Field.DECISION: "declined"})
    assert stage_wanted(decide(seen(issue), standard())) is Stage.REJECTED


@pytest.mark.clause("M53")
@pytest.mark.parametrize(
    ("estimate", "asks"), [("4", False), ("4.5", True), ("", True), ("0", True), ("x", True)]
)
def test_only_an_estimate_within_the_resources_spares_the_leader(estimate, asks):
    plan = decide(seen(perfective(Stage.SCHEDULED, fields={Field.ESTIMATE_HOURS: estimate})), standard())
    assert (stage_wanted(plan) is Stage.AWAITING_DECISION) is asks


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
@pytest.mark.parametrize("kind", ["inquiry", "suggestion", "complaint", "request", "other", ""])
def test_what_is_no_fault_is_not_handed_over(kind):
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: kind})), standard())
    assert not [change for change in plan.changes if isinstance(change, EnsureIssue)]


def serving(stage: Stage, **fields: str) -> Issue:
    return an_issue(
        IssueKind.MAINTENANCE, stage, key="13", fields={Field.ORIGIN: origin_marker("M32", ref()), **fields}
    )


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
@pytest.mark.parametrize("stage", [Stage.DONE, Stage.CLOSED, Stage.REJECTED, Stage.CONVERTED])
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
def test_maintenance_closed_without_a_measure_goes_back():
    issue = corrective(Stage.CLOSED, moved(MAINTAINER, Stage.CLOSED, frm=Stage.DONE))
    assert stage_wanted(decide(seen(issue), standard())) is Stage.DONE


@pytest.mark.clause("M06")
def test_a_fresh_request_is_looked_at_again_when_its_response_is_due():
    plan = decide(seen(an_issue(fields={Field.REQUEST_KIND: "inquiry"})), standard())
    # four working hours from 09:00 with lunch from 12:00 to 13:30
    assert plan.recheck_at == MONDAY + timedelta(hours=5, minutes=30)
    assert not plan


@pytest.mark.clause("M06")
@pytest.mark.clause("M30")
def test_a_request_without_response_past_its_target_is_raised_to_the_leader():
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    plan = decide(seen(issue, now=MONDAY + timedelta(hours=1, seconds=1)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in plan.changes
    assert Watch(LEADER) in plan.changes
    assert "M06" in comment(plan, "M06")


@pytest.mark.clause("M06")
def test_one_step_is_taken_once():
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"})
    late = MONDAY + timedelta(hours=2)
    text = comment(decide(seen(issue, now=late), standard()), "M06")
    raised = an_issue(
        fields={Field.REQUEST_KIND: "complaint", Field.ESCALATION_LEVEL: "1"},
        comments={"M06": text},
        watchers=frozenset({LEADER}),
    )
    assert not decide(seen(raised, now=late + timedelta(days=3)), standard())


@pytest.mark.clause("M06")
@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        (said(SERVICE, "马上看", after=timedelta(minutes=20)), True),
        (said(SERVICE, "内部", after=timedelta(minutes=20), private=True), False),
        (said("customer", "在吗", after=timedelta(minutes=20)), False),
        (said(BOT, "自动", after=timedelta(minutes=20)), False),
        (moved(SERVICE, Stage.IN_PROGRESS), True),
        (set_by(SERVICE, Field.SEVERITY, "major"), False),
    ],
)
def test_only_a_public_word_or_a_move_of_our_people_is_a_response(entry, counts):
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint"}, history=(entry,))
    plan = decide(seen(issue, now=MONDAY + timedelta(hours=3)), standard())
    assert (SetField(Field.ESCALATION_LEVEL, "1") not in plan.changes) is counts


@pytest.mark.clause("M06")
def test_a_late_response_is_kept_on_record_without_further_escalation():
    issue = an_issue(
        fields={Field.REQUEST_KIND: "complaint"}, history=(said(SERVICE, "抱歉", after=timedelta(hours=2)),)
    )
    plan = decide(seen(issue, now=MONDAY + timedelta(hours=3)), standard())
    assert "2026-11-23 11:00" in comment(plan, "M06")
    assert SetField(Field.ESCALATION_LEVEL, "1") not in plan.changes


@pytest.mark.clause("M06")
def test_a_call_recorded_by_service_staff_was_answered_while_it_lasted():
    issue = an_issue(fields={Field.REQUEST_KIND: "complaint", Field.CHANNEL: "phone"})
    assert not decide(seen(issue, now=MONDAY + timedelta(days=2)), standard())


@pytest.mark.clause("M06")
def test_the_clock_starts_when_the_customer_asked_not_when_it_was_recorded():
    issue = an_issue(
        author=OUTSIDER, fields={Field.REQUEST_KIND: "complaint", Field.RECEIVED_AT: "2026-11-20 17:30"}
    )
    plan = decide(seen(issue, now=MONDAY + timedelta(minutes=31)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in plan.changes


@pytest.mark.clause("M05")
def test_an_unmapped_status_is_said_on_the_issue():
    plan = decide(seen(an_issue(stage=None, status="奇怪")), standard())
    assert "奇怪" in comment(plan, "M05")


@pytest.mark.clause("M14")
def test_a_drafted_report_issue_gets_its_document():
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    plan = decide(seen(an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields)), standard())
    assert IssueDocument("CSR-erp-2026-Q4", "service_report", "erp", "2026-Q4") in plan.changes


@pytest.mark.clause("M39")
def test_a_report_that_hangs_on_the_issue_is_not_written_again():
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q4"}
    issue = an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields, attachments=("CSR-erp-2026-Q4-v2.docx",))
    assert not decide(seen(issue), standard())


@pytest.mark.clause("M14")
@pytest.mark.parametrize("period", ["", "2026-Q5", "明年", "2026-13"])
def test_a_period_that_is_not_understood_is_explained(period):
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: period}
    plan = decide(seen(an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields)), standard())
    assert "M14" in comment(plan, "M14")
