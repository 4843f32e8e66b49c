from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.domain.model import IssueRef, origin_marker, parse_origin
from svc_plugin.domain.moments import period_bounds, read_moment, read_number

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("period", "bounds"),
    [
        ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
        ("2026-Q1", (date(2026, 1, 1), date(2026, 4, 1))),
        ("0001", (date(1, 1, 1), date(2, 1, 1))),
        ("9998", (date(9998, 1, 1), date(9999, 1, 1))),
        ("2026-Q2", (date(2026, 4, 1), date(2026, 7, 1))),
        ("2026-Q3", (date(2026, 7, 1), date(2026, 10, 1))),
        ("2026-01", (date(2026, 1, 1), date(2026, 2, 1))),
        ("2026-Q4", (date(2026, 10, 1), date(2027, 1, 1))),
        ("2026-12", (date(2026, 12, 1), date(2027, 1, 1))),
        (" 2026-02 ", (date(2026, 2, 1), date(2026, 3, 1))),
    ],
)
def test_a_period_is_its_first_day_and_the_day_after_it(period, bounds):
    assert period_bounds(period) == bounds


@pytest.mark.parametrize(
    "period", ["", "26", "2026-", "2026-Q0", "2026-Q5", "2026-00", "2026-13", "2026-1", "9999", "²026"]
)
def test_what_is_no_period_is_not_understood(period):
    assert period_bounds(period) is None


def test_a_moment_without_an_offset_is_local():
    assert read_moment("2026-11-23 09:00", SHANGHAI) == datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0001-01-01", "1899-12-31 23:59", "9999-01-01T00:00:00+00:00", "gestern", ""]
)
def test_a_moment_that_nobody_can_have_meant_is_not_read(text):
    assert read_moment(text, SHANGHAI) is None


@pytest.mark.parametrize("text", ["1900-01-01 00:00", "9998-12-31 23:59"])
def test_the_first_and_the_last_year_are_read(text):
    assert read_moment(text, SHANGHAI) == datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_moment_with_an_offset_keeps_it():
    assert read_moment("2026-11-23T09:00:00+00:00", SHANGHAI) == datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "昨天", "2026-13-01 09:00"])
def test_what_is_no_moment_is_none(text):
    assert read_moment(text, SHANGHAI) is None


@pytest.mark.parametrize(
    ("text", "number"), [("4", 4.0), ("4.5", 4.5), ("", None), ("四", None), ("nan", None), ("inf", None)]
)
def test_only_finite_numbers_are_numbers(text, number):
    assert read_number(text) == number


def test_an_origin_marker_names_its_owner():
    owner = IssueRef("main", "12")
    assert parse_origin(origin_marker("M32", owner)) == ("M32", owner)


@pytest.mark.parametrize("text", ["", "M32", "M32@", "M32@main", "M32@main/", "@main/12", "M32@/12"])
def test_what_is_no_marker_of_ours_has_no_owner(text):
    assert parse_origin(text) == ("", None)
