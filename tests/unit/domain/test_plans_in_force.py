"""Which plan is in force on a day: from its first day to its last, and which one begins next."""

from datetime import date

import pytest

from svc_plugin.domain.model import ApprovedPlan, ProductContext
from svc_plugin.domain.plans_in_force import approved_plan, covered_until, next_start
from tests.builders import a_plan, example, ref

NOVEMBER = ApprovedPlan(ref("1"), "service_plan", date(2026, 11, 1), date(2026, 12, 1))
YEAR = ApprovedPlan(ref("2"), "service_plan", date(2026, 1, 1), date(2027, 1, 1))
OTHER = ApprovedPlan(ref("3"), "maintenance_plan", date(2025, 1, 1), date(2030, 1, 1))


@pytest.mark.clause("M75")
@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 1), None),
    ],
)
def test_a_plan_is_in_force_from_its_first_day_to_its_last(day, until):
    assert covered_until(ProductContext((NOVEMBER, OTHER)), "service_plan", day) == until


@pytest.mark.clause("M75")
def test_of_several_plans_the_one_that_lasts_longest_counts():
    for plans in ((NOVEMBER, YEAR), (YEAR, NOVEMBER)):
        found = covered_until(ProductContext(plans), "service_plan", date(2026, 11, 5))
        assert found == date(2027, 1, 1)


@pytest.mark.clause("M75")
@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2025, 12, 31), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 11, 1)),  # what begins today is not what begins next
        (date(2026, 11, 1), None),
    ],
)
def test_the_plan_that_begins_next_is_the_first_after_today(day, begins):
    assert next_start(ProductContext((NOVEMBER, YEAR, OTHER)), "service_plan", day) == begins


@pytest.mark.clause("M26")
@pytest.mark.clause("M48")
def test_an_approved_plan_names_its_issue_and_covers_its_period():
    found = approved_plan(a_plan("maintenance_plan", "2026-Q4", key="91"), example().registers)
    assert found == ApprovedPlan(ref("91"), "maintenance_plan", date(2026, 10, 1), date(2027, 1, 1))
