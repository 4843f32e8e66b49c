"""M09, M44, M51, M52, M56 to M58, M62: diagnosed, visited, tested, versioned, brought to all, booked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import origin_marker
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    FINISHED,
    LEADER,
    MAINTAINER,
    MONDAY,
    an_issue,
    comment,
    corrective,
    level_wanted,
    moved,
    perfective,
    ref,
    seen,
    set_by,
    stage_wanted,
    standard,
)

ENDED = [Stage.DONE, Stage.CLOSED]


def finished(stage: Stage, *history, without: Field | None = None, hours: float = 3, **fields: str):
    given = {**FINISHED, **{Field(name): value for name, value in fields.items()}}
    if without:
        given[without] = ""
    return corrective(stage, *history, fields=given, hours=hours)


@pytest.mark.clause("M56")
@pytest.mark.parametrize("stage", ENDED)
def test_finished_work_with_all_its_proofs_stays_where_it_is(stage):
    assert stage_wanted(decide(seen(finished(stage)), standard())) is None


@pytest.mark.clause("M09")
@pytest.mark.parametrize("stage", ENDED)
@pytest.mark.parametrize("missing", [Field.ROOT_CAUSE, Field.MEASURE])
def test_a_fault_without_cause_or_measure_is_not_done(stage, missing):
    from_done = moved(MAINTAINER, stage, frm=Stage.DONE)
    plan = decide(seen(finished(stage, from_done, without=missing)), standard())
    assert stage_wanted(plan) is Stage.IN_WORK
    assert seen(an_issue()).texts.field(missing) in comment(plan, "M09")


@pytest.mark.clause("M56")
@pytest.mark.parametrize("stage", ENDED)
@pytest.mark.parametrize("missing", [Field.TEST_RESULT, Field.TESTER, Field.TEST_EVIDENCE])
def test_what_is_not_tested_goes_back_to_testing(stage, missing):
    plan = decide(seen(finished(stage, without=missing)), standard())
    assert stage_wanted(plan) is Stage.TESTING
    assert comment(plan, "M56")


@pytest.mark.clause("M56")
def test_a_failed_test_is_no_test():
    assert stage_wanted(decide(seen(finished(Stage.DONE, test_result="failed")), standard())) is Stage.TESTING


@pytest.mark.clause("M56")
@pytest.mark.parametrize(
    ("tester", "worker", "accepted"),
    [("liu.yang", "liu.yang", False), ("chen.jie", "liu.yang", True), ("liu.yang", "chen.jie", True)],
)
def test_nobody_tests_their_own_work(tester, worker, accepted):
    done_by = moved(worker, Stage.TESTING, frm=Stage.IN_WORK)
    plan = decide(seen(finished(Stage.DONE, done_by, tester=tester)), standard())
    assert (stage_wanted(plan) is None) is accepted


@pytest.mark.clause("M56")
def test_a_company_may_let_people_test_their_own_work():
    issue = finished(Stage.DONE, moved(MAINTAINER, Stage.TESTING, frm=Stage.IN_WORK), tester=MAINTAINER)
    assert stage_wanted(decide(seen(issue), replace(standard(), tester_differs=False))) is None


@pytest.mark.clause("M57")
@pytest.mark.parametrize("missing", [Field.BASE_VERSION, Field.FIXED_VERSION, Field.CHANGE_REFS])
def test_what_is_not_under_configuration_management_is_not_done(missing):
    plan = decide(seen(finished(Stage.DONE, without=missing)), standard())
    assert stage_wanted(plan) is Stage.TESTING
    assert comment(plan, "M57")


@pytest.mark.clause("M56")
@pytest.mark.clause("M57")
def test_the_lists_are_shown_while_it_is_tested():
    plan = decide(seen(corrective(Stage.TESTING)), standard())
    assert stage_wanted(plan) is None
    assert all(comment(plan, rule) for rule in ("M09", "M56", "M57"))


@pytest.mark.clause("M62")
def test_work_closes_only_with_booked_hours():
    assert stage_wanted(decide(seen(finished(Stage.CLOSED, hours=0)), standard())) is Stage.DONE
    assert stage_wanted(decide(seen(finished(Stage.CLOSED, hours=0.5)), standard())) is None


@pytest.mark.clause("M51")
@pytest.mark.parametrize("stage", [Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING])
def test_whether_somebody_visits_is_decided_before_work_starts(stage):
    plan = decide(seen(corrective(stage, fields={Field.VISIT_NEEDED: ""})), standard())
    assert stage_wanted(plan) is Stage.CLASSIFIED


@pytest.mark.clause("M51")
def test_a_visit_needs_its_time():
    plan = decide(seen(corrective(Stage.SCHEDULED, fields={Field.VISIT_NEEDED: "yes"})), standard())
    (finding,) = (finding for finding in plan.findings if finding.rule == "M51")
    assert "约定到场时间" in finding.fact
    assert "与谁约定" not in finding.fact  # the customer is in the maintainer's own city


@pytest.mark.clause("M34")
def test_a_customer_elsewhere_must_have_agreed_to_the_time():
    far = {Field.CUSTOMER: "华新建材集团", Field.VISIT_NEEDED: "yes", Field.VISIT_AT: "2026-11-25 10:00"}
    plan = decide(seen(corrective(Stage.SCHEDULED, fields=far)), standard())
    assert stage_wanted(plan) is Stage.CLASSIFIED
    agreed = {**far, Field.VISIT_AGREED_WITH: "周经理", Field.TRAVEL_NOTE: "高铁 G81"}
    assert stage_wanted(decide(seen(corrective(Stage.SCHEDULED, fields=agreed)), standard())) is None


@pytest.mark.clause("M51")
def test_internal_work_and_wishes_need_no_visit():
    for issue in (
        corrective(Stage.SCHEDULED, fields={Field.VISIT_NEEDED: "", Field.SOURCE: "internal"}),
        perfective(Stage.SCHEDULED, fields={Field.VISIT_NEEDED: "", Field.ESTIMATE_HOURS: "2"}),
    ):
        assert stage_wanted(decide(seen(issue), standard())) is None


@pytest.mark.clause("M58")
def test_a_change_of_broad_value_has_one_task_for_each_customer_of_the_product():
    plan = decide(seen(finished(Stage.DONE, broad_value="yes")), standard())
    tasks = [change for change in plan.changes if isinstance(change, EnsureIssue)]
    assert len(tasks) == 6
    assert {task.kind for task in tasks} == {IssueKind.SERVICE_TASK}
    assert "M58-hengtong@main/12" in {task.origin for task in tasks}


@pytest.mark.clause("M58")
def test_a_customer_that_has_its_task_gets_no_second_one():
    there = an_issue(
        IssueKind.SERVICE_TASK,
        Stage.OPEN,
        key="20",
        fields={Field.ORIGIN: origin_marker("M58-hengtong", ref())},
    )
    plan = decide(seen(finished(Stage.DONE, broad_value="yes"), linked=(there,)), standard())
    tasks = [change.origin for change in plan.changes if isinstance(change, EnsureIssue)]
    assert len(tasks) == 5
    assert "M58-hengtong@main/12" not in tasks


@pytest.mark.clause("M58")
def test_broad_value_is_judged_before_work_closes():
    plan = decide(seen(finished(Stage.CLOSED, without=Field.BROAD_VALUE)), standard())
    assert stage_wanted(plan) is Stage.DONE


@pytest.mark.clause("M44")
@pytest.mark.parametrize(("severity", "hours"), [("critical", 24), ("major", 72), ("minor", 14 * 24)])
def test_a_fault_is_looked_at_again_when_its_resolution_is_due(severity, hours):
    bare = replace(standard(), escalation=())
    plan = decide(seen(corrective(Stage.IN_WORK, fields={Field.SEVERITY: severity})), bare)
    # 8 hours of a day are 7.5 hours of work here, so each target ends a little later than so many days
    assert plan.recheck_at is not None
    assert timedelta(hours=hours - 24) < plan.recheck_at - MONDAY <= timedelta(hours=hours + 24)


@pytest.mark.clause("M44")
@pytest.mark.clause("M52")
def test_a_fault_past_its_target_is_raised_also_while_it_waits():
    issue = corrective(Stage.CLASSIFIED, fields={Field.SEVERITY: "critical"})
    plan = decide(seen(issue, now=MONDAY + timedelta(days=3)), standard())
    assert level_wanted(plan) == "2"
    assert comment(plan, "M44")


@pytest.mark.clause("M44")
def test_a_reopened_fault_lets_its_clock_run_on():
    history = (
        moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING),
        moved(MAINTAINER, Stage.IN_WORK, frm=Stage.DONE),
    )
    issue = corrective(Stage.IN_WORK, *history, fields={Field.SEVERITY: "critical"})
    plan = decide(seen(issue, now=MONDAY + timedelta(days=3)), standard())
    assert level_wanted(plan) == "2"


@pytest.mark.clause("M44")
def test_a_fault_done_in_time_is_left_in_peace_ever_after():
    done = moved(MAINTAINER, Stage.DONE, frm=Stage.TESTING, after=timedelta(hours=2))
    plan = decide(seen(finished(Stage.DONE, done), now=MONDAY + timedelta(days=90)), standard())
    assert not comment(plan, "M44")
    assert plan.recheck_at is None


@pytest.mark.clause("M73")
@pytest.mark.parametrize(
    ("by", "text", "counts"),
    [
        (LEADER, "M51 2026-12-31 客户停产检修", True),
        (LEADER, "M51 客户停产检修", True),
        (LEADER, "M50 先做别的\nM51 2026-12-31 客户停产检修", True),
        (LEADER, "M51 2026-11-01 已过期", False),
        (LEADER, "M51 2026-12-31", False),
        (LEADER, "M51", False),
        (MAINTAINER, "M51 2026-12-31 客户停产检修", False),
    ],
)
def test_only_the_leaders_own_waiver_with_a_reason_and_in_time_sets_a_soft_rule_aside(by, text, counts):
    issue = corrective(
        Stage.SCHEDULED, set_by(by, Field.WAIVER, text), fields={Field.VISIT_NEEDED: "", Field.WAIVER: text}
    )
    assert (stage_wanted(decide(seen(issue), standard())) is None) is counts


@pytest.mark.clause("M73")
def test_a_hard_rule_cannot_be_waived():
    waiver = "M12 2026-12-31 领导同意"
    issue = corrective(Stage.REJECTED, set_by(LEADER, Field.WAIVER, waiver), fields={Field.WAIVER: waiver})
    assert stage_wanted(decide(seen(issue), standard())) is not None
