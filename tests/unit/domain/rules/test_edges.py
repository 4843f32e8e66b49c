"""Where rules end: the last day, the other kind of issue, the elder of two, the person beside."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue
from svc_plugin.domain.plan import Assign, EnsureIssue, IssueDocument, PutComment, SetStage, Watch
from svc_plugin.domain.registers import Appointment
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.rules.closing import missing_for_closing
from svc_plugin.domain.rules.training import missing_trainings
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    MONDAY,
    an_issue,
    comment,
    corrective,
    maintenance,
    moved,
    perfective,
    ref,
    seen,
    serving,
    stage_wanted,
    standard,
)

FAULT = {Field.REQUEST_KIND: "fault"}
HAISHENG = "海星电子科技有限公司"


def changes(issue: Issue, kind: type, *linked: Issue) -> list:
    return [one for one in decide(seen(issue, linked=linked), standard()).changes if isinstance(one, kind)]


def findings(issue: Issue, rule: str, *linked: Issue) -> list:
    return [one for one in decide(seen(issue, linked=linked), standard()).findings if one.rule == rule]


@pytest.mark.clause("M32")
def test_what_is_handed_over_copies_the_facts_of_the_call():
    given = {**FAULT, Field.SEVERITY: "major", Field.CONTACT: "李建国", Field.RECEIVED_AT: "2026-11-23 08:50"}
    (work,) = changes(an_issue(fields=given, description="一保存就报错"), EnsureIssue)
    assert work == EnsureIssue(
        origin="M32@main/12",
        kind=IssueKind.MAINTENANCE,
        product="erp",
        title="【转维护】发票抬头",
        description="由客户要求 #12 转来。\n\n一保存就报错",
        fields=(
            (Field.CUSTOMER, "恒通机械有限公司"),
            (Field.CONTACT, "李建国"),
            (Field.RECEIVED_AT, "2026-11-23 08:50"),
            (Field.SEVERITY, "major"),
            (Field.SOURCE, "customer"),
        ),
        assignee="liu.yang",
    )


@pytest.mark.clause("M32")
def test_neither_another_kind_of_issue_nor_an_unmapped_status_is_handed_over():
    assert not changes(maintenance(Stage.REGISTERED, fields=FAULT), EnsureIssue)
    assert not changes(an_issue(stage=None, fields=FAULT), EnsureIssue)


@pytest.mark.clause("M35")
@pytest.mark.parametrize("stage", [Stage.HANDED_OVER, Stage.WAITING_CUSTOMER])
def test_a_request_that_waits_for_maintenance_or_the_customer_is_not_moved(stage):
    assert not changes(an_issue(stage=stage, fields=FAULT), SetStage, serving(Stage.IN_WORK))


@pytest.mark.clause("M35")
def test_only_a_request_that_waits_for_maintenance_comes_back():
    done = serving(Stage.DONE)
    assert (
        stage_wanted(decide(seen(an_issue(stage=Stage.ANSWERED, fields=FAULT), linked=(done,)), standard()))
        is None
    )
    (back,) = changes(an_issue(stage=Stage.HANDED_OVER, fields=FAULT), SetStage, done)
    assert back.stage is Stage.IN_PROGRESS


@pytest.mark.clause("M32")
def test_of_two_maintenance_issues_the_elder_counts():
    younger = replace(serving(Stage.IN_WORK), ref=ref("10"), created_at=MONDAY + timedelta(hours=1))
    elder = replace(serving(Stage.DONE), ref=ref("20"))
    for linked in ((younger, elder), (elder, younger)):
        (found,) = findings(an_issue(stage=Stage.HANDED_OVER, fields=FAULT), "M32", *linked)
        assert "#20" in found.fact


@pytest.mark.clause("M14")
@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.APPROVED])
def test_a_report_is_written_until_it_is_decided_on(stage):
    fields = {Field.DOCUMENT_KIND: "service_report", Field.PERIOD: "2026-Q3"}
    assert not changes(an_issue(IssueKind.DOCUMENT, stage, fields=fields), IssueDocument)
    for before in (Stage.DRAFT, Stage.SUBMITTED):
        assert changes(an_issue(IssueKind.DOCUMENT, before, fields=fields), IssueDocument)
    assert not changes(an_issue(stage=Stage.REGISTERED, fields=fields), IssueDocument)


@pytest.mark.clause("M18")
def test_documents_and_tasks_are_not_assigned_in_turn():
    for kind, stage in ((IssueKind.DOCUMENT, Stage.DRAFT), (IssueKind.SERVICE_TASK, Stage.OPEN)):
        assert not changes(an_issue(kind, stage, assignee=""), Assign)


@pytest.mark.clause("M23")
def test_a_complete_request_is_not_asked_for_anything():
    assert not comment(decide(seen(an_issue(stage=Stage.IN_PROGRESS)), standard()), "M23")


@pytest.mark.clause("M19")
@pytest.mark.parametrize(("day", "told"), [("2025-03-17 18:00", True), ("2025-03-18 09:00", False)])
def test_the_product_counts_as_delivered_from_the_day_of_delivery_on(day, told):
    issue = an_issue(stage=Stage.IN_PROGRESS, fields={Field.RECEIVED_AT: day})
    assert bool(comment(decide(seen(issue), standard()), "M19")) is told


@pytest.mark.clause("M19")
def test_before_work_starts_an_undelivered_product_is_told_only_when_it_was_told_before():
    fresh = an_issue(fields={Field.CUSTOMER: HAISHENG})
    assert not findings(fresh, "M19")
    (again,) = findings(replace(fresh, comments={"M19": "早先"}), "M19")
    assert HAISHENG in again.fact


@pytest.mark.clause("M04")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (datetime(2026, 6, 29, 15, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 29, 16, 0, tzinfo=UTC), True),  # midnight in Shanghai: the day of retirement
    ],
)
def test_what_is_asked_for_on_the_day_of_retirement_comes_too_late(asked, told):
    plan = decide(seen(an_issue(product="crm", created_at=asked)), standard())
    assert bool(comment(plan, "M04")) is told


@pytest.mark.clause("M04")
def test_a_closed_request_for_a_retired_product_is_left_alone():
    assert not findings(an_issue(product="crm", stage=Stage.CLOSED), "M04")


@pytest.mark.clause("M26")
def test_only_documents_wait_for_an_approver():
    (found,) = findings(an_issue(comments={"M26": "早先"}), "M26")
    assert "已满足" in found.fact


@pytest.mark.clause("M11")
def test_a_project_that_the_leader_filed_as_one_stands():
    assert stage_wanted(decide(seen(perfective(Stage.CONVERTED, author=LEADER)), standard())) is None


@pytest.mark.clause("M53")
@pytest.mark.parametrize(
    ("hours", "asks"), [("0.5", False), ("4", False), ("241", True), ("0", True), ("-1", True)]
)
def test_a_small_change_needs_no_leader(hours, asks):
    issue = perfective(Stage.SCHEDULED, fields={Field.ESTIMATE_HOURS: hours})
    assert (stage_wanted(decide(seen(issue), standard())) is Stage.AWAITING_DECISION) is asks


@pytest.mark.clause("M56")
def test_who_only_moved_the_tested_work_on_did_not_do_it():
    did, tested = (
        moved(MAINTAINER, Stage.TESTING, frm=Stage.IN_WORK),
        moved("chen.jie", Stage.DONE, frm=Stage.TESTING),
    )
    issue = corrective(Stage.DONE, did, tested, fields=FINISHED, hours=2)
    assert not comment(decide(seen(issue), standard()), "M56")
    swapped = corrective(Stage.DONE, did, tested, fields={**FINISHED, Field.TESTER: MAINTAINER}, hours=2)
    assert "刘洋" in comment(decide(seen(swapped), standard()), "M56")


@pytest.mark.clause("M58")
def test_an_update_task_says_whom_to_bring_which_version_and_why():
    fields = {**FINISHED, Field.BROAD_VALUE: "yes"}
    tasks = changes(corrective(Stage.DONE, fields=fields, hours=2), EnsureIssue)
    task = next(one for one in tasks if one.origin == "M58-hengtong@main/12")
    assert task == EnsureIssue(
        origin="M58-hengtong@main/12",
        kind=IssueKind.SERVICE_TASK,
        product="erp",
        title="【客户更新】5.2.1：恒通机械有限公司",
        description="由维护要求 #12“发票抬头”而来。",
        fields=((Field.TASK_KIND, "patch_update"), (Field.CUSTOMER, "恒通机械有限公司")),
        assignee="wang.fang",
    )
    (found,) = [one for one in findings(corrective(Stage.DONE, fields=fields, hours=2), "M58") if one.changes]
    assert f"{len(tasks)} 家" in found.fact
    assert "5.2.1" in found.fact


@pytest.mark.clause("M58")
@pytest.mark.parametrize(
    ("stage", "broad", "version", "told"),
    [
        (Stage.DONE, "yes", "5.2.1", True),
        (Stage.DONE, "no", "5.2.1", False),
        (Stage.DONE, "yes", "", False),
        (Stage.TESTING, "yes", "5.2.1", False),
    ],
)
def test_customers_are_told_of_what_is_done_of_broad_value_and_has_a_version(stage, broad, version, told):
    fields = {**FINISHED, Field.BROAD_VALUE: broad, Field.FIXED_VERSION: version}
    assert bool(changes(corrective(stage, fields=fields, hours=2), EnsureIssue)) is told


@pytest.mark.clause("M50")
def test_what_was_told_of_its_class_once_is_told_again_but_not_moved():
    (found,) = findings(maintenance(Stage.REGISTERED, comments={"M50": "早先"}), "M50")
    assert [type(one) for one in found.changes if not isinstance(one, SetStage)] == [PutComment]


@pytest.mark.clause("M11")
def test_without_an_estimate_nothing_is_too_big():
    issue = perfective(Stage.CLASSIFIED, fields={Field.ESTIMATE_HOURS: ""})
    strict = replace(standard(), new_project_hours=0.5)
    assert not [one for one in decide(seen(issue), strict).findings if one.rule == "M11"]


@pytest.mark.clause("M40")
def test_a_company_may_have_a_closing_list_for_tasks_too():
    policy = replace(standard(), closing={IssueKind.SERVICE_TASK: (Field.MEASURE,)})
    task = an_issue(IssueKind.SERVICE_TASK, Stage.IN_PROGRESS)
    assert not decide(seen(task), policy).changes
    assert stage_wanted(decide(seen(replace(task, stage=Stage.CLOSED)), policy)) is Stage.OPEN


@pytest.mark.clause("M51")
@pytest.mark.clause("M34")
def test_a_visit_elsewhere_lacks_time_agreement_and_travel_at_once():
    elsewhere = {Field.CUSTOMER: "绿源环保设备有限公司", Field.VISIT_NEEDED: "yes"}
    plan = decide(seen(corrective(Stage.CLASSIFIED, fields=elsewhere)), standard())
    assert stage_wanted(plan) is None
    for name in ("约定到场时间", "与谁约定", "交通说明"):
        assert name in comment(plan, "M51")


@pytest.mark.clause("M51")
@pytest.mark.clause("M34")
def test_where_a_customer_is_that_nobody_knows_counts_as_elsewhere():
    fields = {Field.CUSTOMER: "某某公司", Field.VISIT_NEEDED: "yes", Field.VISIT_AT: "2026-11-24 10:00"}
    plan = decide(seen(corrective(Stage.SCHEDULED, fields=fields)), standard())
    assert "与谁约定" in comment(plan, "M51")


STRANGE = [
    an_issue(product="unheard", fields={Field.REQUEST_KIND: kind})
    for kind in ("fault", "complaint", "inquiry")
] + [
    corrective(
        Stage.DONE, product="unheard", fields={**FINISHED, Field.VISIT_NEEDED: "yes", Field.BROAD_VALUE: "no"}
    ),
    perfective(Stage.SCHEDULED, product="unheard"),
    an_issue(IssueKind.DOCUMENT, Stage.APPROVED, product="unheard"),
]


@pytest.mark.parametrize("issue", STRANGE)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_can_be_asked_about_a_product_that_is_not_known(rule, issue):
    for found in rule.check(seen(issue, now=MONDAY + timedelta(days=30)), standard()):
        assert found.rule == rule.id
        assert [one.assignee for one in found.changes if isinstance(one, EnsureIssue)] in ([], [""])
        assert not [one for one in found.changes if isinstance(one, Watch | Assign)]


@pytest.mark.clause("M40")
def test_a_company_may_ask_for_nothing_where_work_is_declined():
    policy = replace(standard(), ending={})
    assert missing_for_closing(seen(perfective(Stage.REJECTED)), policy) == ()
    assert missing_for_closing(seen(perfective(Stage.REJECTED)), standard()) == ("解释",)


@pytest.mark.clause("M24")
@pytest.mark.parametrize(("appointed", "named"), [(25, True), (26, False)])
def test_the_staff_of_a_plan_are_those_of_the_day_on_which_it_was_approved(appointed, named):
    approved = moved(LEADER, Stage.APPROVED, frm=Stage.SUBMITTED, after=timedelta(days=2))
    fields = {Field.DOCUMENT_KIND: "service_plan", Field.PERIOD: "2027"}
    found = seen(an_issue(IssueKind.DOCUMENT, Stage.APPROVED, fields=fields, history=(approved,)))
    late = Appointment(Role.SERVICE, "nobody", LEADER, date(2026, 11, appointed))
    erp = replace(found.registers.products["erp"], appointments=(late,))
    found = replace(found, registers=replace(found.registers, products={"erp": erp}))
    assert bool(missing_trainings(found)) is named
