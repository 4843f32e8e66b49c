"""Working time against a minute-by-minute count, and against real days of the Chinese calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.working_time import (
    WorkCalendar,
    add_working,
    closes_by,
    elapsed_working,
    end_of_working_day,
    next_day_opens,
)
from tests.builders import example
from tests.calendars import BERLIN, OFFICE, SHANGHAI, at, calendars, is_open, moments
from tests.thorough import examples


@settings(max_examples=examples(60), deadline=None)
@given(calendars(), moments(), moments())
def test_elapsed_working_time_equals_a_count_of_open_minutes(calendar, one, other):
    start, end = min(one, other), max(one, other)
    minutes = int((end - start).total_seconds() // 60)
    counted = sum(is_open(calendar, start + timedelta(minutes=number)) for number in range(minutes))
    assert elapsed_working(calendar, start, end) == timedelta(minutes=counted)


@settings(max_examples=examples(200), deadline=None)
@given(calendars(), moments(), st.integers(1, 6000))
def test_adding_working_time_and_measuring_it_agree(calendar, start, seconds):
    span = timedelta(seconds=seconds)
    end = add_working(calendar, start, span)
    assert elapsed_working(calendar, start, end) == span
    assert elapsed_working(calendar, start, end - timedelta(seconds=1)) < span


@pytest.mark.parametrize(
    ("start", "hours", "due", "why"),
    [
        ("2026-02-13 17:00", 2, "2026-02-14 10:00", "Saturday 14 February is a make-up workday"),
        ("2026-02-14 17:00", 2, "2026-02-24 10:00", "Spring Festival lasts from 15 to 23 February"),
        ("2026-02-27 17:30", 1, "2026-02-28 09:30", "Saturday 28 February is a make-up workday"),
        ("2026-09-18 17:00", 2, "2026-09-20 10:00", "Sunday 20 September is a make-up workday"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00", "National Day lasts from 1 to 7 October"),
        ("2026-10-09 17:00", 2, "2026-10-10 10:00", "Saturday 10 October is a make-up workday"),
        (
            "2025-01-27 17:00",
            2,
            "2025-02-05 10:00",
            "Spring Festival 2025 lasts from 28 January to 4 February",
        ),
        ("2025-09-28 09:00", 1, "2025-09-28 10:00", "Sunday 28 September 2025 is a make-up workday"),
        ("2025-10-11 11:30", 1, "2025-10-11 14:00", "a make-up Saturday has a lunch break too"),
        ("2026-11-20 17:00", 2, "2026-11-23 10:00", "an ordinary week-end"),
        ("2026-11-23 11:30", 1, "2026-11-23 14:00", "the lunch break does not count"),
    ],
)
def test_real_days_of_the_chinese_calendar(start, hours, due, why):
    calendar = example().registers.calendar
    assert add_working(calendar, at(start), timedelta(hours=hours)) == at(due), why


def test_working_hours_keep_their_local_time_over_the_change_to_summer_time():
    calendar = WorkCalendar(BERLIN, dict.fromkeys(range(7), OFFICE))
    assert add_working(calendar, at("2026-03-28 17:00", BERLIN), timedelta(hours=2)) == at(
        "2026-03-29 10:00", BERLIN
    )


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        elapsed_working(example().registers.calendar, datetime(2026, 11, 23), at("2026-11-24"))  # noqa: DTZ001


def test_a_calendar_that_never_opens_is_refused_instead_of_searched_for_ever():
    with pytest.raises(ValueError, match=r"^the calendar has no working hours left for this duration$"):
        add_working(WorkCalendar(SHANGHAI, {}), at("2026-11-23"), timedelta(hours=1))


def test_a_night_shift_over_the_change_to_summer_time_lasts_an_hour_less():
    calendar = WorkCalendar(BERLIN, dict.fromkeys(range(7), ((time(1), time(5)),)))
    start, end = at("2026-03-29 01:30", BERLIN), at("2026-03-29 04:30", BERLIN)
    assert elapsed_working(calendar, start, end) == timedelta(hours=2)
    assert add_working(calendar, start, timedelta(hours=2)) == end


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-11-23 00:00", "2026-11-23 18:00"),
        ("2026-11-23 12:30", "2026-11-23 18:00"),  # in the lunch break
        ("2026-11-23 17:59", "2026-11-23 18:00"),
        ("2026-11-23 18:00", "2026-11-24 18:00"),
        ("2026-11-27 20:00", "2026-11-30 18:00"),  # over the weekend
        ("2026-09-30 19:00", "2026-10-08 18:00"),  # over the National Day holidays
        ("2026-10-09 19:00", "2026-10-10 18:00"),  # a make-up Saturday
    ],
)
def test_a_working_day_ends_when_its_last_hours_do(start, ends):
    assert end_of_working_day(example().registers.calendar, at(start)) == at(ends)


@settings(deadline=None)
@given(calendars(), st.integers(0, 21 * 24 * 60))
def test_work_ends_after_its_start_and_on_the_first_day_that_has_any_left(calendar, minutes):
    start = datetime(2026, 3, 20, tzinfo=UTC) + timedelta(minutes=minutes)
    ends = end_of_working_day(calendar, start)
    assert ends > start
    assert elapsed_working(calendar, start, ends) == elapsed_working(
        calendar, start, datetime.combine(ends.astimezone(calendar.zone), time(23, 59, 59), calendar.zone)
    )
    assert elapsed_working(calendar, start, ends) > timedelta(0)


def test_a_working_day_needs_a_zone_and_work():
    calendar = WorkCalendar(zone=SHANGHAI, hours={})
    with pytest.raises(ValueError, match="time zone"):
        end_of_working_day(example().registers.calendar, at("2026-11-23 09:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match=r"^the calendar has no working day left$"):
        end_of_working_day(calendar, at("2026-11-23 09:00"))


@settings(deadline=None, max_examples=examples(60))
@given(calendars(), st.dates(date(2026, 3, 20), date(2026, 4, 10)))
def test_the_next_opening_and_the_last_closing_have_no_working_day_between(calendar, day):
    opens, closes = next_day_opens(calendar, day), closes_by(calendar, day)
    opening, closing = opens.astimezone(calendar.zone).date(), closes.astimezone(calendar.zone).date()
    assert closing <= day < opening
    assert calendar.intervals(opening)[0][0] == opens
    assert calendar.intervals(closing)[-1][1] == closes
    free = (closing + timedelta(days=number) for number in range(1, (opening - closing).days))
    assert not any(calendar.intervals(one) for one in free)


def test_a_calendar_without_work_has_neither():
    never = WorkCalendar(SHANGHAI, {})
    for find in (next_day_opens, closes_by):
        with pytest.raises(ValueError, match="no working day"):
            find(never, date(2026, 3, 20))


def test_the_day_that_ends_is_that_of_the_calendars_zone_wherever_the_program_runs():
    last_zone = ZoneInfo("Pacific/Niue")  # the day ends there when it has ended everywhere else
    late = WorkCalendar(last_zone, dict.fromkeys(range(7), ((time(9), time(23, 45)),)))
    asked = at("2026-03-24 23:30", last_zone).astimezone(BERLIN)
    ends = end_of_working_day(late, asked)
    assert ends == at("2026-03-24 23:45", last_zone)
    assert ends.tzinfo is BERLIN
