"""Every column of a maintenance report's rows, on issues that hold something in each."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from svc_plugin.domain.figures.maintenance_model import Decision, MaintenanceReport, OnSite, WorkRow
from svc_plugin.domain.figures.model import Figure, Response, Task, Visit
from svc_plugin.domain.model import Issue, IssueRef, TimeEntry, origin_marker
from svc_plugin.domain.policy import Policies
from svc_plugin.domain.report import product_maintenance_report
from svc_plugin.domain.vocabulary import Field, Stage
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.upkeep import LIU, ZHANG, local, moved, visit, work

TOLD = {
    "source": "customer",
    "customer": "c2",
    "maintenance_class": "corrective",
    "maintenance_type": "repairing",
    "severity": "critical",
    "root_cause": "缺少索引",
    "measure": "补上索引",
    "test_result": "passed",
    "tester": "zhao.lei",
    "test_evidence": "记录 7",
    "base_version": "3.2",
    "fixed_version": "3.2.1",
    "change_refs": "a1b2c3d",
    "satisfaction_evidence": "written",
}


def report(*issues: Issue, policies=POLICY) -> MaintenanceReport:
    return product_maintenance_report(issues, REGISTERS, policies, product="erp", period="2026-11", now=AFTER)


def ref(key: str) -> IssueRef:
    return IssueRef("main", key)


def fault(*spent: TimeEntry, **more: str) -> Issue:
    """Asked for at nine on Monday, registered at ten, done at eleven on Tuesday."""
    found = work(
        "1", "2026-11-09 10:00", "慢", Stage.CLASSIFIED, **TOLD, received_at="2026-11-09 09:00", **more
    )
    return replace(moved(found, "2026-11-10 11:00", Stage.CLOSED), time_entries=spent, status="已关闭")


def spaced(issue: Issue) -> Issue:
    """As people type it: with space around."""
    return replace(issue, fields={name: f" {value} " for name, value in issue.fields.items()})


@pytest.mark.clause("M60")
def test_each_column_of_a_requirement_says_what_its_issue_holds():
    hours = (TimeEntry("1", LIU, date(2026, 11, 9), 2.0), TimeEntry("2", LIU, date(2026, 12, 1), 9.0))
    row = WorkRow(
        ref=ref("1"),
        source="customer",
        customer="苏州精密机械厂",
        title="慢",
        received=local("2026-11-09 09:00"),
        registered=local("2026-11-09 10:00"),
        maintenance_class="corrective",
        maintenance_type="repairing",
        severity="critical",
        judged_by="刘洋",
        judged_at=local("2026-11-09 10:10"),
        cause="缺少索引",
        measure="补上索引",
        test_result="passed",
        tester="赵磊",
        evidence="记录 7",
        base_version="3.2",
        fixed_version="3.2.1",
        change_refs="a1b2c3d",
        hours=Figure(2.0, (ref("1"),)),
        # 7.5 hours on Monday, two on Tuesday, of eight
        resolution=Response(local("2026-11-10 11:00"), timedelta(hours=9.5), False),
        done_at=local("2026-11-10 11:00"),
        duration=timedelta(hours=9.5),
        satisfaction="written",
        owner="刘洋",
        stage=Stage.CLOSED,
        status="已关闭",
        open=False,
    )
    assert report(fault(*hours)).works == (row,)
    (typed,) = report(spaced(fault(*hours))).works
    for column in fields(WorkRow):
        if isinstance(getattr(row, column.name), str):
            assert getattr(typed, column.name) == getattr(row, column.name)


@pytest.mark.clause("M44")
def test_a_requirement_is_judged_by_the_target_in_force_when_it_was_asked_for():
    slower = replace(POLICY, resolution={"default": timedelta(hours=10)})
    for since, in_time in (("2026-11-09 09:00", True), ("2026-11-09 09:01", False)):
        policies = Policies(((local("2020-01-01 00:00"), POLICY), (local(since), slower)))
        (row,) = report(fault(), policies=policies).works
        assert row.resolution.in_time is in_time


@pytest.mark.clause("M44")
@pytest.mark.parametrize(
    ("done", "in_time"), [("2026-11-10 09:30", True), ("2026-11-10 09:31", False), (None, False)]
)
def test_a_defect_is_in_time_up_to_the_last_minute_of_its_target(done, in_time):
    found = work(
        "1", "2026-11-09 09:00", "慢", Stage.CLASSIFIED, maintenance_class="corrective", severity="critical"
    )
    (row,) = report(moved(found, done, Stage.DONE) if done else found).works
    assert row.resolution.in_time is in_time


@pytest.mark.clause("M44")
def test_a_defect_that_ended_without_being_removed_has_missed_its_target():
    found = work(
        "1", "2026-11-09 09:00", "慢", Stage.CLASSIFIED, maintenance_class="corrective", severity="critical"
    )
    (row,) = report(moved(found, "2026-11-09 09:10", Stage.REJECTED)).works
    assert row.resolution == Response(None, None, False)


@pytest.mark.clause("M44")
def test_an_open_defect_with_time_left_is_not_judged_yet():
    found = work("1", "2026-11-27 09:00", "慢", Stage.CLASSIFIED, maintenance_class="corrective")
    assert report(found).works[0].resolution == Response(None, None, None)


def wish(**fields: str) -> Issue:
    given = {"maintenance_class": "perfective", "customer": "c2", "estimate_hours": "5", **fields}
    return work("2", "2026-11-09 10:00", "宽些", Stage.CLASSIFIED, **given)


@pytest.mark.clause("M13")
@pytest.mark.clause("M54")
def test_each_column_of_a_decision_says_what_its_issue_holds():
    asked = moved(wish(explanation="明年再议"), "2026-11-10 09:00", Stage.AWAITING_DECISION)
    said = {"decision": "declined", "decision_opinion": "受益面窄", "decision_factors": "战略"}
    declined = moved(asked, "2026-11-11 09:00", Stage.REJECTED, by=ZHANG, **said)
    assert report(replace(declined, status="不执行")).decisions == (
        Decision(
            ref=ref("2"),
            title="宽些",
            customer="苏州精密机械厂",
            estimate=5.0,
            fits=None,
            decision="declined",
            by="张伟",
            at=local("2026-11-11 09:00"),
            opinion="受益面窄",
            factors="战略",
            explanation="明年再议",
            project=False,
            stage=Stage.REJECTED,
            status="不执行",
        ),
    )
    (bare,) = report(wish(estimate_hours="")).decisions
    assert (bare.estimate, bare.fits, bare.decision, bare.by, bare.at) == (None, None, "", "", None)
    assert [one.fits for one in report(wish(estimate_hours="4")).decisions] == [True]


@pytest.mark.clause("M53")
@pytest.mark.parametrize(("since", "fits"), [("2026-11-09 10:00", True), ("2026-11-09 10:01", None)])
def test_what_is_small_is_what_was_small_when_it_was_asked_for(since, fits):
    wider = replace(POLICY, small_change_hours=5)
    policies = Policies(((local("2020-01-01 00:00"), POLICY), (local(since), wider)))
    assert [one.fits for one in report(wish(), policies=policies).decisions] == [fits]


def there(owner: str, key: str = "30", **fields: str) -> Issue:
    """A visit in November for the issue ``owner``."""
    made = {Field.ORIGIN: origin_marker("M33", ref(owner)), **{Field(n): v for n, v in fields.items()}}
    found = visit()
    return replace(
        found, ref=ref(key), created_at=local("2026-11-09 12:00"), status="已关闭", time_entries=(),
        history=tuple(replace(e, at=local("2026-11-10 17:00")) for e in found.history),
        fields={**found.fields, **made},
    )  # fmt: skip


@pytest.mark.clause("M33")
@pytest.mark.clause("M51")
def test_each_column_of_a_visit_says_what_its_task_holds():
    times = {"visit_at": "2026-11-10 10:00", "arrived_at": "2026-11-10 10:00", "left_at": "2026-11-10 16:00"}
    found = report(
        fault(visit_needed="yes", visit_at="2026-11-10 09:30"), there("1", **times, visit_agreed_with="钱工")
    )
    went = Visit(
        task=Task(
            ref("30"), "visit", "现场采集台账数据", "苏州精密机械厂", "赵磊", Stage.CLOSED, "已关闭",
            local("2026-11-10 17:00"), False,
        ),
        same_city=True,
        agreed=True,
        agreed_with="钱工",
        due=local("2026-11-10 10:00"),
        arrived=local("2026-11-10 10:00"),
        left=local("2026-11-10 16:00"),
        signed_by="钱工",
        kept=True,
    )  # fmt: skip
    assert found.visits == (went,)
    assert found.on_site == (
        OnSite(ref("1"), "苏州精密机械厂", "慢", "yes", local("2026-11-10 09:30"), went),
    )


@pytest.mark.clause("M33")
@pytest.mark.parametrize(
    ("arrived", "due", "kept"),
    [
        ("2026-11-09 23:59", "2026-11-10 00:00", True),
        ("2026-11-10 00:01", "2026-11-10 00:00", False),
        ("", "2026-11-10 00:00", None),
    ],
)
def test_a_visit_in_the_same_city_is_due_on_the_day_on_which_it_was_asked_for(arrived, due, kept):
    (found,) = report(fault(), there("1", visit_at="", arrived_at=arrived)).visits
    assert (found.agreed, found.due, found.kept) == (False, local(due), kept)


@pytest.mark.clause("M33")
def test_what_is_asked_for_when_work_is_over_is_due_on_the_next_working_day():
    late = replace(fault(), fields={**fault().fields, Field.RECEIVED_AT: "2026-11-06 18:00"})  # a Friday
    (found,) = report(late, there("1", visit_at="")).visits
    assert found.due == local("2026-11-10 00:00")
    (alone,) = report(there("99", visit_at="")).visits  # asked for when the visit was registered
    assert alone.due == local("2026-11-10 00:00")


@pytest.mark.clause("M34")
def test_elsewhere_without_a_time_agreed_nothing_is_due():
    (found,) = report(fault(), there("1", visit_at="", customer="c1")).visits
    assert (found.same_city, found.due, found.kept) == (False, None, None)
    (unknown,) = report(fault(), there("1", visit_at="", customer="某某")).visits
    assert (unknown.same_city, unknown.due) == (None, None)


@pytest.mark.clause("M51")
def test_the_visit_for_a_request_is_that_of_the_defect_it_became():
    became = replace(fault(), fields={**fault().fields, Field.ORIGIN: origin_marker("M32", ref("5"))})
    (of_request,) = report(became, there("5")).on_site
    assert of_request.visit.task.ref == ref("30")
    (own,) = report(became, there("5"), there("1", key="31")).on_site
    assert own.visit.task.ref == ref("31")
    (none,) = report(became, there("6")).on_site
    assert none.visit is None
