"""M11, M54, M57, M58: a new project has its version, customers are told, all of them get the patch."""

from dataclasses import replace
from datetime import date

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import ProductVersion, origin_marker
from svc_plugin.domain.plan import EnsureVersion, SetField
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.registers import Customer, Delivery
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    an_issue,
    comment,
    corrective,
    moved,
    perfective,
    ref,
    seen,
    serving,
    stage_wanted,
    standard,
    tasks_wanted,
)

OURS = ProductVersion("发票抬头 #12", "https://main/versions/7", "M11@main/12")


def converted(by: str = LEADER, **more):
    return perfective(Stage.CONVERTED, moved(by, Stage.CONVERTED, frm=Stage.AWAITING_DECISION), **more)


def versions_wanted(plan) -> list[EnsureVersion]:
    return [change for change in plan.changes if isinstance(change, EnsureVersion)]


@pytest.mark.clause("M11")
def test_what_the_leader_made_a_new_project_gets_a_version_named_after_the_issue():
    plan = decide(seen(converted(), versions=()), standard())
    (wanted,) = versions_wanted(plan)
    assert (wanted.origin, wanted.product, wanted.name) == ("M11@main/12", "erp", "发票抬头 #12")
    assert "#12" in wanted.description
    assert stage_wanted(plan) is None


@pytest.mark.clause("M11")
def test_the_issue_names_its_version_and_links_it():
    plan = decide(seen(converted(), versions=(OURS,)), standard())
    assert versions_wanted(plan) == []
    assert SetField(Field.FIXED_VERSION, "发票抬头 #12") in plan.changes
    assert "https://main/versions/7" in comment(plan, "M11")


@pytest.mark.clause("M11")
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_versions_the_one_that_the_issue_names_counts(order):
    chosen = ProductVersion("6.0", "https://main/versions/3")
    issue = converted(fields={Field.FIXED_VERSION: "6.0"})
    plan = decide(seen(issue, versions=(OURS, chosen)[::order]), standard())
    assert "https://main/versions/3" in comment(plan, "M11")
    assert not [change for change in plan.changes if isinstance(change, SetField)]


@pytest.mark.clause("M11")
def test_a_version_that_people_renamed_is_found_again():
    renamed = replace(OURS, name="6.0")
    issue = converted(fields={Field.FIXED_VERSION: "发票抬头 #12"})
    plan = decide(seen(issue, versions=(renamed,)), standard())
    assert versions_wanted(plan) == []
    assert SetField(Field.FIXED_VERSION, "6.0") in plan.changes


@pytest.mark.clause("M11")
def test_a_title_that_changed_makes_no_second_version():
    issue = converted(title="全新的开票模块")
    assert versions_wanted(decide(seen(issue, versions=(OURS,)), standard())) == []


@pytest.mark.clause("M11")
def test_a_version_that_the_leader_chose_is_taken():
    issue = converted(fields={Field.FIXED_VERSION: "6.0"})
    plan = decide(seen(issue, versions=(ProductVersion("6.0", "https://main/versions/3"),)), standard())
    assert versions_wanted(plan) == []
    assert not [change for change in plan.changes if isinstance(change, SetField)]
    assert "https://main/versions/3" in comment(plan, "M11")


@pytest.mark.clause("M11")
def test_a_name_is_never_longer_than_a_site_takes():
    (wanted,) = versions_wanted(decide(seen(converted(title="很长 " * 60), versions=()), standard()))
    assert len(wanted.name) <= 60
    assert wanted.name.endswith(" #12")
    (cut,) = versions_wanted(decide(seen(converted(title="  很  " * 60), versions=()), standard()))
    assert cut.name == "很 " * 27 + "很 #12"  # cut at a space


@pytest.mark.clause("M11")
def test_a_conversion_by_anybody_else_makes_nothing():
    plan = decide(seen(converted(MAINTAINER), versions=()), standard())
    assert versions_wanted(plan) == []
    assert stage_wanted(plan) is Stage.AWAITING_DECISION


@pytest.mark.clause("M11")
def test_warned_it_only_speaks():
    policy = replace(standard(), modes={"M11": Mode.WARNED})
    plan = decide(seen(converted(), versions=()), policy)
    assert versions_wanted(plan) == []
    assert "尚未建立" in comment(plan, "M11")


def a_fault(stage: Stage, **fields: str):
    given = {Field.REQUEST_KIND: "fault", **{Field(name): value for name, value in fields.items()}}
    return an_issue(stage=stage, fields=given)


@pytest.mark.clause("M11")
def test_the_request_comes_back_with_the_name_of_the_new_project():
    work = serving(Stage.CONVERTED, fixed_version="开票失败 #13")
    plan = decide(seen(a_fault(Stage.HANDED_OVER), linked=(work,)), standard())
    assert stage_wanted(plan) is Stage.IN_PROGRESS
    assert "已转为新项目/版本 开票失败 #13" in comment(plan, "M32")


COMPLETE = {"answer": "不做", "measure": "无", "satisfaction_evidence": "written"}


@pytest.mark.clause("M54")
@pytest.mark.clause("M11")
@pytest.mark.parametrize("ended", [Stage.REJECTED, Stage.CONVERTED])
@pytest.mark.parametrize(("explanation", "closes"), [("", False), (" ", False), ("已列入 6.0", True)])
def test_a_request_whose_change_is_not_made_closes_with_an_explanation_only(ended, explanation, closes):
    request = a_fault(Stage.CLOSED, **COMPLETE, explanation=explanation)
    plan = decide(seen(request, linked=(serving(ended),)), replace(standard(), modes={"M32": Mode.OFF}))
    assert (stage_wanted(plan) is None) is closes
    assert bool(comment(plan, "M54-explanation")) is not closes


@pytest.mark.clause("M54")
def test_an_explanation_is_asked_for_before_anyone_is_refused():
    plan = decide(seen(a_fault(Stage.ANSWERED), linked=(serving(Stage.REJECTED),)), standard())
    assert stage_wanted(plan) is None
    assert "解释" in comment(plan, "M54-explanation")


@pytest.mark.clause("M54")
def test_what_was_done_needs_no_explanation():
    plan = decide(seen(a_fault(Stage.CLOSED, **COMPLETE), linked=(serving(Stage.CLOSED),)), standard())
    assert not comment(plan, "M54-explanation")


def finished(stage: Stage, **fields: str):
    given = {**FINISHED, **{Field(name): value for name, value in fields.items()}}
    return corrective(stage, fields=given, hours=3)


@pytest.mark.clause("M57")
@pytest.mark.parametrize("stage", [Stage.DONE, Stage.CLOSED])
def test_a_fixed_version_that_the_site_does_not_have_goes_back_to_testing(stage):
    plan = decide(seen(finished(stage), versions=(ProductVersion("5.2"),)), standard())
    assert stage_wanted(plan) is Stage.TESTING
    assert "“5.2.1”（现有：5.2" in comment(plan, "M57")


@pytest.mark.clause("M57")
def test_a_product_without_versions_is_told_to_make_one():
    plan = decide(seen(finished(Stage.DONE), versions=()), standard())
    assert "现有：无；请先新建该版本" in comment(plan, "M57")


@pytest.mark.clause("M57")
def test_a_fixed_version_that_exists_is_in_order():
    known = (ProductVersion("5.2"), ProductVersion("5.2.1"))
    assert stage_wanted(decide(seen(finished(Stage.DONE), versions=known), standard())) is None


def update(customer: str, stage: Stage, key: str):
    origin = origin_marker(f"M58-{customer}", ref())
    return an_issue(IssueKind.SERVICE_TASK, stage, key=key, fields={Field.ORIGIN: origin})


HAVING_ERP = ("hengtong", "ruifeng", "dongfang", "tianyi", "kangda", "huaxin")


def updates(closed: int):
    stages = [Stage.CLOSED] * closed + [Stage.OPEN] * (len(HAVING_ERP) - closed)
    pairs = zip(HAVING_ERP, stages, strict=True)
    return tuple(update(key, stage, str(20 + n)) for n, (key, stage) in enumerate(pairs))


@pytest.mark.clause("M58")
@pytest.mark.parametrize("stage", [Stage.DONE, Stage.CLOSED])
def test_the_comment_counts_how_many_customers_have_the_update(stage):
    plan = decide(seen(finished(stage, broad_value="yes"), linked=updates(4)), standard())
    text = comment(plan, "M58")
    assert "更新到 6 家客户，已更新 4 家" in text
    assert "康达制药有限公司、华新建材集团" in text
    assert stage_wanted(plan) is None
    assert tasks_wanted(plan) == []


@pytest.mark.clause("M58")
def test_who_was_delivered_another_version_today_by_the_companys_calendar_is_to_be_updated():
    issue = finished(Stage.DONE, broad_value="yes", fixed_version="5.2")
    found = seen(issue)  # at nine in the morning, when it is still yesterday in the west
    customers = {
        key: Customer(key, key, "", (Delivery("erp", "5.1", date(2026, 11, day)),))
        for key, day in (("today", 23), ("tomorrow", 24))
    }
    found = replace(found, registers=replace(found.registers, customers=customers))
    assert [task.origin for task in tasks_wanted(decide(found, standard()))] == ["M58-today@main/12"]


@pytest.mark.clause("M58")
def test_the_count_is_settled_when_every_customer_has_the_update():
    issue = replace(finished(Stage.CLOSED, broad_value="yes"), comments={"M58": "已更新 5 家"})
    assert "已满足" in comment(decide(seen(issue, linked=updates(6)), standard()), "M58")


@pytest.mark.clause("M58")
def test_who_has_the_version_already_needs_no_update():
    plan = decide(seen(finished(Stage.DONE, broad_value="yes", fixed_version="5.2")), standard())
    assert {task.origin for task in tasks_wanted(plan)} == {"M58-ruifeng@main/12", "M58-tianyi@main/12"}


@pytest.mark.clause("M58")
def test_who_has_a_task_is_counted_also_when_the_register_is_up_to_date():
    issue = finished(Stage.DONE, broad_value="yes", fixed_version="5.2")
    plan = decide(seen(issue, linked=(update("hengtong", Stage.OPEN, "20"),)), standard())
    assert "更新到 3 家客户，已更新 0 家" in comment(plan, "M58")
