"""What a product maintenance report counts, held against the example quarter counted by hand."""

from dataclasses import replace
from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_plugin.domain.costs import CostLine
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.model import Figure
from svc_plugin.domain.model import Issue, IssueRef, TimeEntry
from svc_plugin.domain.policy import Policies
from svc_plugin.domain.report import product_maintenance_report
from svc_plugin.domain.vocabulary import Field, Stage
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.quarter import issues
from tests.documents.upkeep import LIU, ZHAO, local, moved, work


def report(*given: Issue, period: str = "2026-Q4", **more: object) -> MaintenanceReport:
    return product_maintenance_report(
        given, REGISTERS, POLICY, product="erp", period=period, now=AFTER, **more  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def quarter() -> MaintenanceReport:
    return report(*issues())


def numbers(figure: Figure) -> list[str]:
    return [ref.key for ref in figure.refs]


@pytest.mark.clause("M60")
def test_every_requirement_stands_in_the_report_with_its_measure_and_who_judged_it(quarter):
    rows = {row.ref.key: row for row in quarter.works}
    assert set(rows) == {*(str(n) for n in range(2001, 2010)), *(str(n) for n in range(2101, 2107))}
    leak = rows["2101"]
    assert (leak.source, leak.maintenance_class, leak.judged_by) == ("internal", "corrective", "刘洋")
    assert leak.judged_at == local("2026-10-20 09:10")
    assert (leak.cause, leak.measure) == ("结账任务未释放报表缓存", "结账结束时清空缓存，发布 3.2.1")
    assert (leak.tester, leak.base_version, leak.fixed_version) == ("赵磊", "3.2", "3.2.1")
    assert (leak.hours.value, leak.satisfaction, leak.open) == (9.75, "written", False)


@pytest.mark.clause("M62")
def test_classes_are_counted_received_done_and_open(quarter):
    counted = {
        tally.name: (tally.received.value, tally.done.value, tally.open.value)
        for tally in quarter.statistics.classes
    }
    # 9 faults handed over, all closed; 2101 closed, 2102 open; 2103 closed, 2105 declined, two open
    assert counted == {"corrective": (11, 10, 1), "perfective": (4, 2, 2), "total": (15, 12, 3)}
    sources = {tally.name: tally.received.value for tally in quarter.statistics.sources}
    assert sources == {"customer": 13, "internal": 2}


@pytest.mark.clause("M62")
def test_hours_are_added_up_by_person_class_and_month(quarter):
    assert quarter.effort_total.value == 78.25
    assert [(e.name, e.hours.value) for e in quarter.efforts] == [("刘洋", 68.0), ("赵磊", 10.25)]
    by_class = {e.name: e.hours.value for e in quarter.statistics.effort_by_class}
    assert by_class == {
        "corrective": 67.75,
        "perfective": 2.5,
        "": 8.0,
    }  # the visit is a task, it has no class
    by_month = {e.name: e.hours.value for e in quarter.statistics.effort_by_month}
    assert by_month == {"2026-10": 9.75, "2026-11": 56.5, "2026-12": 12.0}


@pytest.mark.clause("M44")
@pytest.mark.clause("M52")
def test_a_defect_is_resolved_in_time_by_its_severity(quarter):
    rows = {row.ref.key: row.resolution for row in quarter.works}
    # 20, 21 October whole days of 7.5 h, 22 October until 16:00 with lunch: 20.5 h of 24 h
    assert (rows["2101"].used, rows["2101"].in_time) == (timedelta(hours=20.5), True)
    assert (rows["2102"].at, rows["2102"].in_time) == (None, False)  # open since 30 November, 80 h allowed
    assert rows["2103"].in_time is None  # a wish has no such clock


@pytest.mark.clause("M42")
def test_open_defects_are_told_with_their_age_at_the_end_of_the_period(quarter):
    ages = {age.severity: age for age in quarter.statistics.defects}
    assert numbers(ages["normal"].open) == ["2102"]
    assert ages["normal"].oldest_days.value == 31.625  # from 30 November, nine o'clock, to the year's end
    assert [age.open.value for name, age in ages.items() if name != "normal"] == [0, 0, 0]
    assert quarter.statistics.capacity == 360


@pytest.mark.clause("M42")
def test_a_defect_that_is_done_is_removed_even_before_the_customer_was_told():
    found = work("1", "2026-11-02 09:00", "缺陷", Stage.CLASSIFIED, maintenance_class="corrective")
    still, done = report(found), report(moved(found, "2026-11-03 09:00", Stage.DONE))
    assert [sum(age.open.value for age in told.statistics.defects) for told in (still, done)] == [1, 0]
    assert done.works[0].open


@pytest.mark.clause("M13")
@pytest.mark.clause("M53")
@pytest.mark.clause("M54")
def test_perfective_work_is_told_with_resource_check_and_decision(quarter):
    found = {d.ref.key: d for d in quarter.decisions}
    assert {key: (d.fits, d.decision, d.by) for key, d in found.items()} == {
        "2103": (True, "", ""),
        "2104": (False, "approved", "张伟"),
        "2105": (False, "declined", "张伟"),
        "2106": (False, "", ""),
    }
    assert (found["2104"].opinion, found["2104"].factors) == ("列入下季度，由现有人员完成", "战略、资源")
    assert found["2105"].explanation.startswith("协议只有一家使用")


@pytest.mark.clause("M53")
@pytest.mark.parametrize(("since", "fits"), [("2026-11-02 09:00", True), ("2026-11-02 09:01", None)])
def test_what_is_small_is_what_was_small_when_it_was_asked_for(since, fits):
    wish = work(
        "1", "2026-11-02 09:00", "宽些", Stage.CLASSIFIED, maintenance_class="perfective", estimate_hours="5"
    )
    policies = Policies(
        ((local("2020-01-01 00:00"), POLICY), (local(since), replace(POLICY, small_change_hours=5)))
    )
    found = product_maintenance_report(
        [wish], REGISTERS, policies, product="erp", period="2026-Q4", now=AFTER
    )
    assert [one.fits for one in found.decisions] == [fits]


@pytest.mark.clause("M11")
def test_a_conversion_is_told_as_a_new_project():
    big = work("1", "2026-11-02 09:00", "重写", Stage.CONVERTED, maintenance_class="perfective")
    assert [d.project for d in report(big).decisions] == [True]


@pytest.mark.clause("M51")
@pytest.mark.clause("M34")
def test_each_defect_tells_whether_and_when_somebody_went_there(quarter):
    found = {entry.ref.key: entry for entry in quarter.on_site}
    assert set(found) == {*(str(n) for n in range(2001, 2010)), "2101", "2102"}
    slow = found["2102"]
    assert (slow.needed, slow.at, slow.visit.kept) == ("yes", local("2026-12-10 10:00"), True)
    assert (found["2101"].needed, found["2101"].visit) == ("no", None)


@pytest.mark.clause("M58")
def test_a_patch_tells_how_many_customers_have_it(quarter):
    patch = quarter.patches[0]
    assert (patch.version, [ref.key for ref in patch.works]) == ("3.2.1", ["2101"])
    assert (patch.affected.value, patch.updated.value, patch.coverage.value) == (5, 3, 0.6)
    assert patch.waiting == ("上海浦江医疗器械股份有限公司", "宁波港联物流有限公司")
    assert patch.titles == ("月末结账后内存持续增长",)
    assert numbers(patch.coverage) == numbers(patch.affected) == ["3101", "3102", "3103", "3104", "3105"]
    assert numbers(patch.updated) == ["3101", "3102", "3103"]


@pytest.mark.clause("M58")
def test_a_patch_for_nobody_has_no_coverage():
    alone = [one for one in issues() if one.value(Field.TASK_KIND) != "patch_update"]
    (patch,) = report(*alone).patches
    assert (patch.affected.value, patch.coverage, patch.waiting) == (0, Figure(None), ())


@pytest.mark.clause("M58")
def test_a_patch_comes_back_while_customers_wait_for_it_and_keeps_those_who_have_it():
    following = report(*issues(), period="2027-Q1", )  # fmt: skip
    assert [(p.affected.value, p.updated.value) for p in following.patches] == [(5, 3)]
    ended = [replace(i, stage=Stage.CLOSED) if i.ref.key in {"3104", "3105"} else i for i in issues()]
    assert report(*ended, period="2027-Q1").patches == ()


@pytest.mark.clause("M71")
def test_costs_are_hours_at_their_rates_and_what_the_register_says(quarter):
    lines = {row.line: (row.budget, row.actual.value) for row in quarter.costs.lines}
    assert lines[CostLine.LABOUR] == (24_000, 68 * 300)  # a quarter of the year's; only one has a rate
    assert lines[CostLine.TRAVEL] == (6_000, 1_600.5)  # not September's, not the other product's
    assert lines[CostLine.TEST_ENVIRONMENT] == (3_000, 0)
    assert (quarter.costs.budget, quarter.costs.actual.value) == (33_000, 22_000.5)
    assert (quarter.costs.unrated.value, numbers(quarter.costs.unrated)) == (10.25, ["2101", "3201"])
    assert isclose(quarter.costs.fee, 9_200)  # 92 days at 100 a day


@pytest.mark.clause("M17")
def test_the_load_of_each_appointed_person_is_told(quarter):
    loads = {w.name: (w.handled.value, w.done.value, w.open.value, w.hours.value) for w in quarter.workloads}
    assert loads == {"刘洋": (15, 12, 3, 68.0), "赵磊": (2, 1, 1, 10.25)}


@pytest.mark.clause("M64")
def test_scores_are_those_of_the_requests_behind_the_work(quarter):
    rated = {
        i.ref for i in issues() if i.value(Field.SCORE_PRODUCT) and i.value(Field.REQUEST_KIND) == "fault"
    }
    found = quarter.statistics.score_product
    assert set(found.refs) <= rated
    assert 3 <= found.value <= 4


@pytest.mark.clause("M75")
def test_only_the_maintenance_plan_is_the_plan_of_maintenance(quarter):
    assert [plan.ref.key for plan in quarter.plans] == ["902"]


@pytest.mark.clause("M76")
def test_what_happened_after_the_period_does_not_change_its_report(quarter):
    later = [
        moved(i, "2027-01-03 09:00", Stage.CLOSED, measure="重写查询") if i.ref.key == "2102" else i
        for i in issues()
    ]
    assert report(*later) == quarter


ENTRY = st.builds(
    TimeEntry,
    id=st.just("t"),
    account=st.sampled_from([LIU, ZHAO, "wang.fang", "stranger"]),
    spent_on=st.dates(date(2026, 9, 20), date(2027, 1, 10)),
    hours=st.integers(1, 96).map(lambda quarters: quarters / 4),
)


@st.composite
def some_works(draw: st.DrawFn) -> list[Issue]:
    def one(number: int) -> Issue:
        day = draw(st.dates(date(2026, 6, 1), date(2027, 1, 10)))
        name = draw(st.sampled_from(["corrective", "perfective", ""]))
        customer = draw(st.sampled_from(["c1", "c2", "没有登记的公司", ""]))
        stage = draw(st.sampled_from([Stage.REGISTERED, Stage.IN_WORK, Stage.CLOSED, Stage.REJECTED]))
        issue = work(
            str(number), f"{day} 09:00", "要求", stage, customer=customer, maintenance_class=name,
            severity=draw(st.sampled_from(["critical", "normal", ""])), source="customer",
        )  # fmt: skip
        return replace(issue, time_entries=tuple(draw(st.lists(ENTRY, max_size=4))))

    return [one(number) for number in range(draw(st.integers(0, 8)))]


@given(some_works())
def test_hours_by_person_by_class_and_by_month_are_the_same_total(works):
    found = report(*works)
    total = sum(row.hours.value for row in found.works if row.hours.value)
    # hours on a requirement that the period was not about are booked within the period all the same
    booked = sum(
        e.hours
        for w in works
        for e in w.time_entries
        if date(2026, 10, 1) <= e.spent_on <= date(2026, 12, 31)
    )
    assert total <= booked == found.effort_total.value
    for efforts in (found.efforts, found.statistics.effort_by_class, found.statistics.effort_by_month):
        assert sum(e.hours.value for e in efforts) == booked


@given(some_works())
def test_every_count_is_that_of_the_issues_it_names_and_parts_add_up(works):
    found = report(*works).statistics
    *classes, whole = found.classes
    for tally in (*found.classes, *found.sources, *found.customers):
        for figure in (tally.received, tally.previous, tally.late, tally.done, tally.open):
            assert figure.value == len(figure.refs) == len(set(figure.refs))
    for part in ("received", "previous", "done", "open"):
        for tallies in (classes, found.sources, found.customers):
            assert sum(getattr(tally, part).value for tally in tallies) == getattr(whole, part).value
    *severities, every = found.resolutions
    assert sum(t.in_time.value + t.late.value for t in severities) == every.in_time.value + every.late.value


def test_issues_may_come_in_any_order(quarter):
    assert report(*reversed(issues())) == quarter


def test_a_product_nobody_registered_has_an_empty_report():
    found = product_maintenance_report([], REGISTERS, POLICY, product="?", period="2026-Q4", now=AFTER)
    assert (found.works, found.costs.budget, found.workloads) == ((), None, ())
    assert found.effort_total == Figure(0.0)
    assert IssueRef("main", "1") not in found.effort_total.refs
