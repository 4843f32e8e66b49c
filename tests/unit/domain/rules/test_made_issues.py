"""What a rule makes is made as it should be read: kind, product, words, fields, and whose it is."""

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import EnsureIssue, EnsureVersion, IssueDocument, Plan
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    CUSTOMER,
    FINISHED,
    LEADER,
    MAINTAINER,
    a_plan,
    an_issue,
    corrective,
    moved,
    perfective,
    seen,
    set_by,
    under,
)


def made(found, rule: str) -> list[object]:
    """What the rule alone wants to have beside the issue."""
    plan: Plan = decide(found, under(**{one.id: Mode.OFF for one in RULES if one.id != rule}))
    return [c for c in plan.changes if isinstance(c, EnsureIssue | EnsureVersion | IssueDocument)]


@pytest.mark.clause("M29")
def test_a_survey_task_asks_one_customer_in_one_round_for_its_product():
    first, second = made(seen(a_plan("service_plan", "2026-Q4", product="mes")), "M29")
    assert first == EnsureIssue(
        origin="M29-2026-Q4-xinda@main/90",
        kind=IssueKind.SERVICE_TASK,
        product="mes",
        title="【主动调查】2026-Q4：信达汽车零部件有限公司",
        description="按客户服务计划 #90，请主动询问 信达汽车零部件有限公司 对 远航生产执行系统 的要求"
        "（调查期 2026-Q4）。\n\n"
        "请填写产品满意度与服务满意度；联系不上客户的，在“解释”中写明。客户提出的每一项要求请另建一张“客户要求”，"
        "渠道选“主动调查”。",
        fields=(
            (Field.TASK_KIND, "survey"),
            (Field.CUSTOMER, "信达汽车零部件有限公司"),
            (Field.DUE_ON, "2026-12-31"),
        ),
        assignee="huang.ting",
    )
    # the next customer is the next person's
    assert (second.origin, second.assignee) == ("M29-2026-Q4-haixing@main/90", "li.na")


@pytest.mark.clause("M32")
@pytest.mark.clause("M35")
def test_a_fault_is_handed_over_with_what_is_known_of_it():
    told = {Field.CONTACT: "李建国", Field.RECEIVED_AT: "2026-11-23 08:30", Field.SEVERITY: "major"}
    fault = an_issue(description="税率为零", fields={Field.REQUEST_KIND: "fault", **told})
    assert made(seen(fault), "M32") == [
        EnsureIssue(
            origin="M32@main/12",
            kind=IssueKind.MAINTENANCE,
            product="erp",
            title="【转维护】发票抬头",
            description="由客户要求 #12 转来。\n\n税率为零",
            fields=(*CUSTOMER.items(), *told.items(), (Field.SOURCE, "customer")),
            assignee=MAINTAINER,
        )
    ]


@pytest.mark.clause("M33")
def test_a_visit_task_names_the_fault_that_it_is_for():
    decided = set_by(MAINTAINER, Field.VISIT_NEEDED, "yes")
    fault = corrective(Stage.SCHEDULED, decided, fields={Field.VISIT_NEEDED: "yes", Field.CONTACT: "李建国"})
    assert made(seen(fault), "M33-task") == [
        EnsureIssue(
            origin="M33@main/12",
            kind=IssueKind.SERVICE_TASK,
            product="erp",
            title="【现场服务】恒通机械有限公司：发票抬头",
            description="由维护要求 #12“发票抬头”而来。约定的时间以该单为准。\n\n"
            "请填写到场时间、离场时间与现场签字人；三项齐全后本任务方可完成。",
            fields=(
                (Field.TASK_KIND, "visit"),
                (Field.DUE_ON, "2026-11-23"),
                *CUSTOMER.items(),
                (Field.CONTACT, "李建国"),
            ),
            assignee=MAINTAINER,
        )
    ]


@pytest.mark.clause("M58")
def test_an_update_task_names_version_and_customer():
    fields = {**FINISHED, Field.BROAD_VALUE: "yes", Field.FIXED_VERSION: "5.2"}
    tasks = made(seen(corrective(Stage.DONE, fields=fields)), "M58")
    assert [task.origin for task in tasks] == ["M58-ruifeng@main/12", "M58-tianyi@main/12"]
    assert tasks[0] == EnsureIssue(
        origin="M58-ruifeng@main/12",
        kind=IssueKind.SERVICE_TASK,
        product="erp",
        title="【客户更新】5.2：瑞丰食品股份有限公司",
        description="由维护要求 #12“发票抬头”而来。",
        fields=((Field.TASK_KIND, "patch_update"), (Field.CUSTOMER, "瑞丰食品股份有限公司")),
        assignee="wang.fang",
    )


@pytest.mark.clause("M11")
def test_a_new_project_is_a_version_of_the_product_that_names_its_issue():
    converted = perfective(Stage.CONVERTED, moved(LEADER, Stage.CONVERTED, frm=Stage.AWAITING_DECISION))
    assert made(seen(converted, versions=()), "M11") == [
        EnsureVersion("M11@main/12", "erp", "发票抬头 #12", "由维护要求 #12“发票抬头”转来。")
    ]


@pytest.mark.clause("M14")
@pytest.mark.parametrize(
    ("kind", "document_id"),
    [
        ("service_plan", "CSP-mes-2026-Q3"),
        ("service_report", "CSR-mes-2026-Q3"),
        ("maintenance_plan", "PMP-mes-2026-Q3"),
        ("maintenance_report", "PMR-mes-2026-Q3"),
    ],
)
def test_a_drafted_document_is_written_under_its_own_name(kind, document_id):
    fields = {Field.DOCUMENT_KIND: kind, Field.PERIOD: " 2026-Q3 "}
    draft = an_issue(IssueKind.DOCUMENT, Stage.DRAFT, fields=fields, product="mes")
    assert made(seen(draft), "M14") == [IssueDocument(document_id, kind, "mes", "2026-Q3")]
