"""What a plan says before anybody works on it: registers, policy, and the period before."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from svc_plugin.domain.costs import CostLine, Track
from svc_plugin.domain.figures.plan_model import LastPeriod, OpenWork, Served, StaffLine, WorkPlan
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.moments import period_before
from svc_plugin.domain.planning import work_plan
from svc_plugin.domain.policy import Policies
from svc_plugin.domain.registers import Contract, Customer, Delivery
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.domain.vocabulary import Stage
from tests.documents.company import AFTER, POLICY, REGISTERS
from tests.documents.quarter import issues
from tests.documents.upkeep import local, work


def plan(track: Track, period: str = "2027", registers=REGISTERS) -> WorkPlan:
    return work_plan(issues(), registers, POLICY, track=track, product="erp", period=period, now=AFTER)


@pytest.fixture
def service() -> WorkPlan:
    return plan(Track.SERVICE)


@pytest.fixture
def maintenance() -> WorkPlan:
    return plan(Track.MAINTENANCE)


@pytest.mark.clause("M24")
@pytest.mark.clause("M63")
def test_staff_are_told_with_appointment_and_both_trainings(service):
    lines = {line.name: line for line in service.staff}
    assert (lines["王芳"].appointed_by, lines["王芳"].appointed_on) == ("张伟", date(2025, 5, 6))
    assert (lines["王芳"].trained_product, lines["王芳"].trained_handling) == (
        date(2025, 5, 12),
        date(2025, 5, 19),
    )
    assert (lines["陈静"].trained_product, lines["陈静"].trained_handling) == (None, None)


@pytest.mark.clause("M47")
def test_each_plan_has_its_own_people(service, maintenance):
    assert [line.name for line in service.staff] == ["王芳", "陈静"]
    assert [line.name for line in maintenance.staff] == ["刘洋", "赵磊"]
    assert maintenance.staff[1].trained_handling is None


@pytest.mark.clause("M22")
def test_a_contract_stands_in_the_plan_while_a_day_of_the_period_is_in_it(service):
    told = {served.name: served for served in service.customers}
    assert len(told) == 5
    dongfang = told["上海东方贸易有限公司"]
    assert (dongfang.contract, dongfang.contract_ends) == ("HT-2026-01", date(2027, 1, 25))
    assert dongfang.contacts == ("沈国平 021-5550 6108", "顾敏 gumin@dongfang.example")
    later = {served.name: served for served in plan(Track.SERVICE, "2027-Q2").customers}
    assert later["上海东方贸易有限公司"].contract == ""


@pytest.mark.clause("M19")
def test_a_customer_without_a_delivery_is_not_served():
    assert plan(Track.SERVICE, "2025-Q1").customers == ()


@pytest.mark.clause("M71")
def test_the_budget_stands_beside_what_the_period_before_cost(maintenance):
    budget = {row.line: row.budget for row in maintenance.costs.lines}
    assert (budget[CostLine.LABOUR], maintenance.costs.budget) == (96_000, 132_000)
    last = {row.line: row.actual.value for row in maintenance.before.costs.lines}
    assert maintenance.before.period == "2026"
    assert (last[CostLine.LABOUR], last[CostLine.TRAVEL]) == (20_400, 2_599.5)
    assert plan(Track.MAINTENANCE, "2027-Q1").costs.budget == 33_000


@pytest.mark.clause("M66")
def test_targets_are_those_of_the_policy_in_the_order_of_the_kinds(service):
    assert [(t.name, t.hours) for t in service.responses] == [
        ("complaint", 2), ("inquiry", 1), ("fault", 2), ("default", 4),
    ]  # fmt: skip
    assert [(t.name, t.hours) for t in service.resolutions] == [
        ("critical", 8),
        ("major", 24),
        ("default", 80),
    ]


@pytest.mark.clause("M29")
def test_tasks_are_those_of_the_track_that_are_still_to_be_done(service, maintenance):
    assert {task.ref.key for task in service.tasks} == {"3003", "3008", "3104", "3105"}
    assert {task.ref.key for task in maintenance.tasks} == {"3202"}
    assert [work.ref.key for work in maintenance.works] == ["2102", "2104", "2106"]


@pytest.mark.clause("M72")
@pytest.mark.parametrize(
    ("period", "reports"),
    [
        # five working days of 7.5 hours: 5 April 2027 is a Monday, but 1 to 4 April hold two working days
        ("2027", [("2027-Q1", "2027-04-07"), ("2027-Q2", "2027-07-07"), ("2027-Q3", "2027-10-07"),
                  ("2027-Q4", "2028-01-07")]),
        ("2026-Q3", [("2026-Q3", "2026-10-13")]),  # after seven holidays; Saturday 10 October is worked
        ("2026-11", [("2026-11", "2026-12-07")]),
    ],
)  # fmt: skip
def test_reports_are_due_when_the_time_of_the_policy_has_passed_after_each_quarter(period, reports):
    assert [(r.period, r.due.isoformat()) for r in plan(Track.SERVICE, period).reports] == reports


def test_days_that_differ_from_their_weekday_are_named():
    found = plan(Track.SERVICE, "2026-Q4")
    # 3 and 4 October 2026 are a weekend: nobody works on them anyway
    assert [day.day for day in found.closed_days] == [1, 2, 5, 6, 7]
    assert found.open_days == (date(2026, 10, 10),)


def test_the_contracts_share_of_the_period_is_counted_by_days(service):
    assert service.costs.fee == pytest.approx(25 * 100)


@pytest.mark.parametrize(
    ("period", "before"),
    [("2027", "2026"), ("2027-Q1", "2026-Q4"), ("2026-Q3", "2026-Q2"), ("2027-01", "2026-12"), ("?", "")],
)
def test_the_period_before_is_of_the_same_kind(period, before):
    assert period_before(period) == before


def test_a_persons_own_rate_counts_before_that_of_the_role():
    assert REGISTERS.rate_of("liu.yang", Track.MAINTENANCE) == Decimal(300)
    assert REGISTERS.rate_of("wang.fang", Track.SERVICE) == Decimal(180)
    assert REGISTERS.rate_of("wang.fang", Track.MAINTENANCE) == Decimal(180)
    assert REGISTERS.rate_of("zhao.lei", Track.MAINTENANCE) is None
    assert REGISTERS.rate_of("stranger", Track.SERVICE) is None


def test_a_plan_says_what_it_is_of_and_under_which_policy_it_is_worked(service, maintenance):
    assert (service.track, maintenance.track) == (Track.SERVICE, Track.MAINTENANCE)
    told = plan(Track.SERVICE, " 2027-Q1 ")
    assert (told.product, told.period, told.reports[0].period) == ("erp", "2027-Q1", "2027-Q1")
    assert (told.first, told.last) == (date(2027, 1, 1), date(2027, 3, 31))
    assert (told.registered, told.leader) == (REGISTERS.products["erp"], "张伟")
    assert told.hours == tuple((day, "09:00-12:00, 13:30-18:00") for day in range(5))
    assert (told.small_change_hours, told.new_project_hours, told.tester_differs) == (4, 320, True)


@pytest.mark.parametrize(
    ("since", "limit"), [("2027-01-05 09:00", 8), ("2027-04-01 00:00", 8), ("2027-04-01 00:01", 4)]
)
def test_the_policy_is_that_of_the_day_on_which_the_period_begins_or_of_today(since, limit):
    new = replace(POLICY, small_change_hours=8)
    policies = Policies(((local("2020-01-01 00:00"), POLICY), (local(since), new)))
    told = work_plan([], REGISTERS, policies, track=Track.SERVICE, product="erp", period="2027-Q2", now=AFTER)
    assert told.small_change_hours == limit


@pytest.mark.clause("M24")
def test_staff_whom_no_register_knows_are_named_by_their_account():
    erp = REGISTERS.products["erp"]
    bare = replace(erp, service_staff=("wang.fang", "nobody"), appointments=())
    found = plan(Track.SERVICE, registers=replace(REGISTERS, products={"erp": bare})).staff
    assert found == (
        StaffLine("王芳", "上海", "", None, date(2025, 5, 12), date(2025, 5, 19)),
        StaffLine("nobody", "", "", None, None, None),
    )


def served(*contracts: Contract, period: str = "2027-Q1") -> list[Served]:
    """The customers of the period; the first one has nothing, the second these contracts."""
    delivered = (Delivery("erp", "3.1", date(2025, 6, 1)), Delivery("erp", "3.2", date(2026, 6, 1)))
    customers = {
        "c0": Customer("c0", "没有产品的公司", "北京"),
        "c1": Customer("c1", "有产品的公司", "南京", delivered, contracts=contracts),
    }
    return list(plan(Track.SERVICE, period, replace(REGISTERS, customers=customers)).customers)


def contract(number: str, first: str, last: str, product: str = "erp") -> Contract:
    days = (date.fromisoformat(first), date.fromisoformat(last))
    return Contract(product, number, *days, Decimal(100), "5×8")


@pytest.mark.clause("M03")
@pytest.mark.clause("M22")
def test_a_customer_is_told_with_its_version_and_its_contract():
    agreed = contract("A", "2026-01-01", "2027-12-31")
    assert served(agreed) == [
        Served(
            "有产品的公司", "南京", (), "3.2", date(2026, 6, 1),
            "A", date(2026, 1, 1), date(2027, 12, 31), Decimal(100), "5×8",
        )
    ]  # fmt: skip
    assert served() == [Served("有产品的公司", "南京", (), "3.2", date(2026, 6, 1), "", None, None, None, "")]


@pytest.mark.clause("M22")
@pytest.mark.parametrize(
    ("contracts", "number"),
    [
        ([("A", "2026-01-01", "2027-01-01")], "A"),  # its last day is the first of the period
        ([("A", "2026-01-01", "2026-12-31")], ""),
        ([("A", "2027-03-31", "2028-03-30")], "A"),  # its first day is the last of the period
        ([("A", "2027-04-01", "2028-03-30")], ""),
        ([("A", "2026-01-01", "2027-01-31"), ("B", "2027-02-01", "2028-01-31")], "B"),
        ([("B", "2027-02-01", "2028-01-31"), ("A", "2026-01-01", "2027-01-31")], "B"),
        ([("A", "2026-01-01", "2027-12-31", "crm")], ""),
    ],
)
def test_of_the_contracts_that_touch_the_period_the_latest_is_told(contracts, number):
    assert [one.contract for one in served(*(contract(*one) for one in contracts))] == [number]


def test_open_work_is_told_with_who_has_it_and_how_far_it_is():
    open_one = work(
        "7", "2026-11-02 09:00", "慢", Stage.CLASSIFIED, maintenance_class="corrective", severity="major"
    )
    closed = replace(open_one, ref=IssueRef("main", "8"), stage=Stage.CLOSED)
    elsewhere = replace(open_one, ref=IssueRef("main", "9"), product="crm")
    found = work_plan(
        [replace(open_one, status="已分类"), closed, elsewhere],
        REGISTERS, POLICY, track=Track.SERVICE, product="erp", period="2027", now=AFTER,
    )  # fmt: skip
    ref = IssueRef("main", "7")
    assert found.works == (OpenWork(ref, "慢", "corrective", "major", "刘洋", Stage.CLASSIFIED, "已分类"),)


@pytest.mark.clause("M66")
def test_the_period_before_is_told_by_the_tracks_own_report():
    for track, report, tallies, clocks in (
        (Track.SERVICE, customer_service_report, "kinds", "responses"),
        (Track.MAINTENANCE, product_maintenance_report, "classes", "resolutions"),
    ):
        last = report(issues(), REGISTERS, POLICY, product="erp", period="2026", now=AFTER)
        every, kept = getattr(last.statistics, tallies)[-1], getattr(last.statistics, clocks)[-1]
        assert (every.name, kept.name) == ("total", "total")
        assert plan(track).before == LastPeriod(
            "2026", every.received, every.done, kept.rate, last.effort_total, last.costs
        )


def test_nobody_who_works_never_hands_in_a_report():
    closed = replace(REGISTERS, calendar=replace(REGISTERS.calendar, hours={}, workdays=frozenset()))
    told = work_plan([], closed, POLICY, track=Track.SERVICE, product="erp", period="2027-Q1", now=AFTER)
    assert [one.due for one in told.reports] == [None]
    assert told.hours == ()
