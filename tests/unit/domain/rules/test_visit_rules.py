"""M33, M34: a visit has one task, somebody of the customer's city goes, and the leader hears of delay."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Issue, origin_marker
from svc_plugin.domain.plan import SetField, Watch
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.visits import due_at
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import (
    CUSTOMER,
    LEADER,
    MAINTAINER,
    MONDAY,
    SERVICE,
    an_issue,
    comment,
    corrective,
    ref,
    seen,
    set_by,
    stage_wanted,
    standard,
    tasks_wanted,
)

AT_HOME = {**CUSTOMER, Field.VISIT_NEEDED: "yes", Field.VISIT_AT: "2026-11-23 14:00"}
FAR = {
    Field.CUSTOMER: "华新建材集团",
    Field.VISIT_NEEDED: "yes",
    Field.VISIT_AT: "2026-11-25 10:00",
    Field.VISIT_AGREED_WITH: "胡德明",
    Field.TRAVEL_NOTE: "高铁 G81",
}
EVENING = MONDAY + timedelta(hours=9)  # 18:00, when work ends


def fault(fields=AT_HOME, *, after=timedelta(minutes=5), stage=Stage.SCHEDULED, **more) -> Issue:
    """A fault whose visit was decided so long after nine on Monday morning."""
    decided = set_by(MAINTAINER, Field.VISIT_NEEDED, "yes", after=after)
    return corrective(stage, decided, fields=fields, **more)


def visit_task(**fields: str) -> Issue:
    given = {Field.ORIGIN: origin_marker("M33", ref()), Field.TASK_KIND: "visit"}
    named = {Field(name): value for name, value in fields.items()}
    return an_issue(IssueKind.SERVICE_TASK, Stage.OPEN, key="20", fields={**given, **named})


@pytest.mark.clause("M33")
def test_a_visit_has_one_task_for_a_maintainer_in_the_customers_city():
    (task,) = tasks_wanted(decide(seen(fault()), standard()))
    assert (task.origin, task.kind, task.assignee) == ("M33@main/12", IssueKind.SERVICE_TASK, MAINTAINER)
    assert dict(task.fields) == {
        **CUSTOMER,
        Field.TASK_KIND: "visit",
        Field.VISIT_AT: "2026-11-23 14:00",
        Field.DUE_ON: "2026-11-23",
    }


@pytest.mark.clause("M33")
def test_of_several_maintainers_the_one_in_the_customers_city_goes():
    issue = fault({**AT_HOME, Field.CUSTOMER: "东方纺织集团"})  # Shanghai, where only the second one works
    assert [task.assignee for task in tasks_wanted(decide(seen(issue), standard()))] == ["chen.jie"]


@pytest.mark.clause("M34")
def test_elsewhere_the_first_maintainer_goes_at_the_time_agreed():
    (task,) = tasks_wanted(decide(seen(fault(FAR)), standard()))
    assert task.assignee == MAINTAINER
    copied = {name: value for name, value in FAR.items() if name is not Field.VISIT_NEEDED}
    assert dict(task.fields) == {**copied, Field.TASK_KIND: "visit", Field.DUE_ON: "2026-11-25"}


@pytest.mark.clause("M34")
@pytest.mark.parametrize("missing", [Field.VISIT_AT, Field.VISIT_AGREED_WITH])
def test_elsewhere_nobody_goes_before_the_time_is_agreed(missing):
    plan = decide(seen(fault({**FAR, missing: ""})), standard())
    assert tasks_wanted(plan) == []
    assert stage_wanted(plan) is Stage.CLASSIFIED  # M51 asks for it


@pytest.mark.clause("M51")
def test_a_time_that_nobody_can_read_is_no_time():
    plan = decide(seen(fault({**FAR, Field.VISIT_AT: "下周"})), standard())
    assert tasks_wanted(plan) == []
    assert "约定到场时间" in comment(plan, "M51")


@pytest.mark.clause("M33")
def test_a_visit_that_has_its_task_gets_no_second_one():
    assert tasks_wanted(decide(seen(fault(), linked=(visit_task(),)), standard())) == []


@pytest.mark.clause("M33")
@pytest.mark.parametrize(
    "issue",
    [
        fault({**AT_HOME, Field.VISIT_NEEDED: "no"}),
        fault({**AT_HOME, Field.SOURCE: "internal"}),
        fault({**AT_HOME, Field.MAINTENANCE_CLASS: "perfective", Field.ESTIMATE_HOURS: "2"}),
        corrective(Stage.CLOSED, set_by(MAINTAINER, Field.VISIT_NEEDED, "yes"), fields=AT_HOME),
    ],
    ids=["not wanted", "internal", "perfective", "closed"],
)
def test_there_is_no_task_where_nobody_is_to_go(issue):
    assert tasks_wanted(decide(seen(issue), standard())) == []


@pytest.mark.clause("M33")
def test_a_class_that_does_not_count_sends_nobody():
    judged_by_service = replace(
        fault(),
        history=(
            set_by(SERVICE, Field.MAINTENANCE_CLASS, "corrective"),
            set_by(MAINTAINER, Field.VISIT_NEEDED, "yes"),
        ),
    )
    assert tasks_wanted(decide(seen(judged_by_service), standard())) == []


@pytest.mark.clause("M33")
@pytest.mark.parametrize(
    ("decided", "due"),
    [
        ("2026-11-23 07:00", "2026-11-23 18:00"),  # before work begins
        ("2026-11-23 14:59", "2026-11-23 18:00"),
        ("2026-11-23 15:00", "2026-11-24 09:00"),  # the cut-off itself is too late
        ("2026-11-27 17:00", "2026-11-30 09:00"),  # Friday afternoon: Monday
        ("2026-11-28 10:00", "2026-11-30 09:00"),  # Saturday
        ("2026-09-30 16:00", "2026-10-08 09:00"),  # the National Day holidays lie between
        ("2026-10-10 10:00", "2026-10-10 18:00"),  # a Saturday that is worked (调休)
    ],
)
def test_the_day_counts_on_the_working_calendar(decided, due):
    zone = seen(fault()).registers.calendar.zone
    at = datetime.fromisoformat(decided).replace(tzinfo=zone)
    found = due_at(seen(fault(after=at - MONDAY)), standard())
    assert found == datetime.fromisoformat(due).replace(tzinfo=zone)


@pytest.mark.clause("M33")
def test_the_cut_off_is_the_companys_own():
    policy = replace(standard(), visit_cut_off=time(9))
    found = due_at(seen(fault()), policy)
    assert found
    assert found.astimezone(UTC).date() == date(2026, 11, 24)
    late = replace(standard(), visit_cut_off=time(23, 59))
    after_work = due_at(seen(fault(after=timedelta(hours=10))), late)
    assert after_work == datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.mark.clause("M33")
def test_nobody_there_in_time_is_raised_to_the_leader():
    plan = decide(seen(fault(), now=EVENING + timedelta(minutes=1), linked=(visit_task(),)), standard())
    assert SetField(Field.ESCALATION_LEVEL, "1") in plan.changes
    assert Watch(LEADER) in plan.changes
    assert "2026-11-23 18:00" in comment(plan, "M33")


@pytest.mark.clause("M33")
def test_the_issue_is_looked_at_again_when_the_visit_is_due():
    plan = decide(seen(fault(), linked=(visit_task(),), now=EVENING - timedelta(minutes=1)), standard())
    assert not comment(plan, "M33")
    assert plan.recheck_at == EVENING


@pytest.mark.clause("M33")
@pytest.mark.parametrize(("arrived", "late"), [("2026-11-23 17:59", False), ("2026-11-23 18:30", True)])
def test_arrival_stops_the_clock(arrived, late):
    plan = decide(
        seen(fault(), now=EVENING + timedelta(days=2), linked=(visit_task(arrived_at=arrived),)),
        replace(standard(), modes={"M44": Mode.OFF}),
    )
    assert bool(comment(plan, "M33")) is late
    assert SetField(Field.ESCALATION_LEVEL, "1") not in plan.changes


@pytest.mark.clause("M34")
def test_elsewhere_the_clock_runs_to_the_time_agreed():
    agreed = datetime(2026, 11, 25, 2, tzinfo=UTC)  # ten o'clock in Shanghai
    before = decide(seen(fault(FAR), now=agreed - timedelta(minutes=1)), standard())
    after = decide(seen(fault(FAR), now=agreed + timedelta(minutes=1)), standard())
    assert not comment(before, "M33")
    assert comment(after, "M33")


@pytest.mark.clause("M33")
@pytest.mark.clause("M73")
@pytest.mark.parametrize("by", [LEADER, MAINTAINER])
def test_only_the_leader_may_let_the_visit_be_later_and_its_task_stays(by):
    text = "M33 2026-12-31 客户明日停产检修"
    issue = fault({**AT_HOME, Field.WAIVER: text})
    issue = replace(issue, history=(*issue.history, set_by(by, Field.WAIVER, text)))
    plan = decide(seen(issue, now=EVENING + timedelta(hours=1)), standard())
    assert bool(comment(plan, "M33")) is (by != LEADER)
    assert len(tasks_wanted(plan)) == 1


@pytest.mark.clause("M33")
def test_warned_it_says_so_and_raises_nothing():
    policy = replace(standard(), modes={"M33": Mode.WARNED, "M44": Mode.OFF})
    plan = decide(seen(fault(), now=EVENING + timedelta(hours=1), linked=(visit_task(),)), policy)
    assert comment(plan, "M33")
    assert SetField(Field.ESCALATION_LEVEL, "1") not in plan.changes


RECORD = {
    Field.ARRIVED_AT: "2026-11-23 14:00",
    Field.LEFT_AT: "2026-11-23 16:00",
    Field.VISIT_SIGNED_BY: "李建国",
}


@pytest.mark.clause("M33")
@pytest.mark.parametrize("missing", [None, *RECORD])
def test_a_visit_closes_only_with_its_record(missing):
    fields = {Field.TASK_KIND: "visit", **{k: v for k, v in RECORD.items() if k is not missing}}
    plan = decide(seen(an_issue(IssueKind.SERVICE_TASK, Stage.CLOSED, fields=fields)), standard())
    assert stage_wanted(plan) is (Stage.OPEN if missing else None)
    assert bool(comment(plan, "M40-task")) is (missing is not None)


@pytest.mark.clause("M33")
def test_an_explanation_is_no_record_of_a_visit():
    fields = {Field.TASK_KIND: "visit", Field.EXPLANATION: "去过了"}
    plan = decide(seen(an_issue(IssueKind.SERVICE_TASK, Stage.CLOSED, fields=fields)), standard())
    assert stage_wanted(plan) is Stage.OPEN
