"""M03, M10, M22, M45, M49, M61: under contract, asked for by somebody, for a reason, and answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.plan import Watch
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    an_issue,
    comment,
    corrective,
    maintenance,
    moved,
    perfective,
    seen,
    set_by,
    stage_wanted,
    standard,
    under,
)

TIANYI = {Field.CUSTOMER: "天翼物流有限公司"}  # its contracts: 2024-04-16 to 2026-04-15, then to 2028-04-15


def on(day: str, **more: object):
    """A request of Tianyi's on that day."""
    return an_issue(created_at=datetime.fromisoformat(f"{day}T10:00:00+08:00"), fields=TIANYI, **more)


@pytest.mark.clause("M03")
@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-04-15", "没有本产品的合同"),  # the day before the first contract
        ("2024-04-16", ""),
        ("2026-02-13", ""),  # 61 days before its end
        ("2026-02-14", "YH-ERP-2024-004 将于 2026-04-15 到期"),
        ("2026-04-15", "YH-ERP-2024-004 将于 2026-04-15 到期"),
        ("2026-04-16", ""),  # the next contract
        ("2028-04-16", "YH-ERP-2026-002 已于 2028-04-15 到期"),
    ],
)
def test_the_contract_in_force_on_the_day_asked_counts(day, told):
    plan = decide(seen(on(day)), under(M06="off"))
    assert told in comment(plan, "M03")
    assert bool(comment(plan, "M03")) is bool(told)
    assert (Watch(LEADER) in plan.changes) is ("将于" not in told and bool(told))


@pytest.mark.clause("M03")
def test_what_is_asked_outside_the_contract_is_never_dropped():
    plan = decide(seen(on("2028-06-01", stage=Stage.IN_PROGRESS)), standard())
    assert comment(plan, "M03")
    assert stage_wanted(plan) is None


@pytest.mark.clause("M03")
def test_maintenance_is_asked_for_its_contract_too_but_not_what_comes_from_within():
    late = {"created_at": datetime(2028, 6, 1, tzinfo=UTC)}
    assert comment(decide(seen(maintenance(Stage.REGISTERED, fields=TIANYI, **late)), standard()), "M03")
    internal = maintenance(Stage.REGISTERED, fields={**TIANYI, Field.SOURCE: "internal"}, **late)
    assert not comment(decide(seen(internal), standard()), "M03")


@pytest.mark.clause("M03")
def test_a_self_developed_product_needs_no_contract():
    issue = an_issue(product="mes", fields={Field.CUSTOMER: "海星电子科技有限公司"})
    assert not comment(decide(seen(issue), standard()), "M03")


@pytest.mark.clause("M03")
def test_it_is_silent_on_ended_issues_and_unknown_customers():
    assert not comment(decide(seen(on("2028-06-01", stage=Stage.CLOSED)), standard()), "M03")
    assert not comment(decide(seen(an_issue(fields={Field.CUSTOMER: "某某"})), standard()), "M03")


@pytest.mark.clause("M03")
def test_without_days_of_warning_only_what_is_outside_is_told():
    quiet = replace(standard(), contract_warning_days=0)
    assert not comment(decide(seen(on("2026-04-15")), quiet), "M03")
    assert comment(decide(seen(on("2028-04-16")), quiet), "M03")


@pytest.mark.clause("M03")
def test_warned_the_leader_is_not_drawn_in_and_off_nothing_is_said():
    issue = on("2028-06-01")
    warned = decide(seen(issue), under(M03="warned", M06="off"))
    assert comment(warned, "M03")
    assert Watch(LEADER) not in warned.changes
    assert not comment(decide(seen(issue), under(M03="off")), "M03")


@pytest.mark.clause("M22")
@pytest.mark.parametrize("day", ["2026-04-01", "2028-06-01"])
def test_the_contract_is_named_with_its_service_level(day):
    assert "5×8，故障 4 小时响应" in comment(decide(seen(on(day)), standard()), "M03")


REASONED = {Field.CLASS_REASON: "每月省两天"}


@pytest.mark.clause("M10")
@pytest.mark.parametrize("stage", [Stage.CLASSIFIED, Stage.AWAITING_DECISION, Stage.SCHEDULED, Stage.IN_WORK])
def test_a_wish_is_asked_for_its_need_and_its_origin(stage):
    bare = perfective(stage, fields={Field.CUSTOMER: " "})
    plan = decide(seen(bare), standard())
    assert "判断理由、客户" in comment(plan, "M10")
    assert stage_wanted(plan) is not Stage.CLASSIFIED
    assert not comment(decide(seen(perfective(stage, fields=REASONED)), standard()), "M10")


@pytest.mark.clause("M10")
def test_a_wish_from_within_names_no_customer_but_its_need():
    fields = {Field.CUSTOMER: "", Field.SOURCE: "internal"}
    text = comment(decide(seen(perfective(Stage.CLASSIFIED, fields=fields)), standard()), "M10")
    assert "判断理由。" in text
    reasoned = perfective(Stage.CLASSIFIED, fields={**fields, **REASONED})
    assert not comment(decide(seen(reasoned), standard()), "M10")


@pytest.mark.clause("M10")
@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.REJECTED, Stage.CONVERTED])
def test_it_is_not_asked_of_what_is_over_nor_of_faults(stage):
    assert not comment(decide(seen(perfective(stage)), standard()), "M10")
    assert not comment(decide(seen(corrective(Stage.IN_WORK)), standard()), "M10")
    assert not comment(decide(seen(perfective(Stage.IN_WORK)), under(M10="off")), "M10")


@pytest.mark.clause("M10")
def test_the_leader_may_do_without_a_reason():
    waiver = "M10 口头说明"
    by_leader = set_by(LEADER, Field.WAIVER, waiver)
    issue = perfective(Stage.CLASSIFIED, by_leader, fields={Field.WAIVER: waiver})
    assert not comment(decide(seen(issue), standard()), "M10")


@pytest.mark.clause("M49")
@pytest.mark.parametrize("stage", [Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED])
def test_what_was_classified_goes_on_only_with_its_source(stage):
    unknown = corrective(stage, fields={**FINISHED, Field.SOURCE: ""}, hours=3)
    plan = decide(seen(unknown), standard())
    assert stage_wanted(plan) is Stage.CLASSIFIED
    assert "来源" in comment(plan, "M49")
    for source in ("customer", "internal"):
        known = corrective(stage, fields={**FINISHED, Field.SOURCE: source}, hours=3)
        assert stage_wanted(decide(seen(known), standard())) is None


@pytest.mark.clause("M49")
def test_the_source_is_asked_for_when_it_is_classified_and_not_before():
    fields = {Field.SOURCE: ""}
    classified = decide(seen(corrective(Stage.CLASSIFIED, fields=fields)), standard())
    assert comment(classified, "M49")
    assert stage_wanted(classified) is None
    assert not comment(decide(seen(maintenance(Stage.REGISTERED, fields=fields)), standard()), "M49")


@pytest.mark.clause("M49")
def test_warned_the_source_is_asked_for_and_nothing_moves():
    issue = corrective(Stage.IN_WORK, fields={Field.SOURCE: ""})
    plan = decide(seen(issue), under(M49="warned"))
    assert comment(plan, "M49")
    assert stage_wanted(plan) is None
    assert not comment(decide(seen(issue), under(M49="off")), "M49")


@pytest.mark.clause("M49")
@pytest.mark.clause("M61")
@pytest.mark.parametrize(
    ("missing", "closes"),
    [(Field.SATISFACTION_EVIDENCE, True), (Field.CUSTOMER, True), (Field.MEASURE, False)],
)
def test_what_comes_from_within_closes_without_a_customer_but_not_without_its_answer(missing, closes):
    fields = {**FINISHED, Field.SOURCE: "internal", missing: ""}
    done = moved(MAINTAINER, Stage.CLOSED, frm=Stage.DONE)
    plan = decide(seen(corrective(Stage.CLOSED, done, fields=fields, hours=3)), under(M09="off"))
    assert (stage_wanted(plan) is None) is closes
    assert bool(comment(plan, "M40")) is not closes


@pytest.mark.clause("M40")
@pytest.mark.clause("M61")
@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.CONVERTED])
@pytest.mark.parametrize("source", ["customer", "internal"])
def test_declined_or_converted_it_is_the_explanation_that_is_owed(stage, source):
    by_leader = moved(LEADER, stage, frm=Stage.AWAITING_DECISION)
    fields = {Field.SOURCE: source, **REASONED}
    plan = decide(seen(perfective(stage, by_leader, fields=fields)), standard())
    assert "还缺少：解释。" in comment(plan, "M40")
    assert stage_wanted(plan) is None
    explained = perfective(stage, by_leader, fields={**fields, Field.EXPLANATION: "明年再议"})
    assert not comment(decide(seen(explained), standard()), "M40")


@pytest.mark.clause("M61")
def test_a_refused_fault_is_taken_back_and_not_asked_for_an_explanation():
    assert not comment(decide(seen(corrective(Stage.REJECTED)), standard()), "M40")


@pytest.mark.clause("M45")
@pytest.mark.parametrize(("day", "told"), [("2024-04-15", True), ("2024-04-16", False)])
def test_work_from_within_begins_when_some_customer_has_the_product(day, told):
    created = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    fields = {Field.SOURCE: "internal", Field.CUSTOMER: ""}
    issue = maintenance(Stage.CLASSIFIED, fields=fields, created_at=created)
    text = comment(decide(seen(issue, now=created + timedelta(hours=1)), standard()), "M19")
    assert ("尚未交付给任何客户" in text) is told


@pytest.mark.clause("M45")
def test_documents_and_tasks_have_no_entry_criterion():
    for kind, stage in ((IssueKind.DOCUMENT, Stage.SUBMITTED), (IssueKind.SERVICE_TASK, Stage.IN_PROGRESS)):
        plan = decide(seen(an_issue(kind, stage)), standard())
        assert not comment(plan, "M19")
        assert not comment(plan, "M03")
