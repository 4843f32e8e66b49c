"""Working time against a minute-by-minute count, and against real days of the Chinese calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc_plugin.domain.working_time import WorkCalendar, add_working, elapsed_working
from tests.builders import example

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = ((time(9), time(12)), (time(13, 30), time(18)))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def calendars() -> st.SearchStrategy[WorkCalendar]:
    days = st.sets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=5)
    weeks = st.dictionaries(st.integers(0, 6), st.just(OFFICE), min_size=1)
    return st.builds(
        WorkCalendar,
        zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York")]),
        hours=weeks,
        holidays=days.map(frozenset),
        workdays=days.map(frozenset),
    )


def moments() -> st.SearchStrategy[datetime]:
    # around the change to summer time in Europe, to the minute
    return st.integers(0, 15 * 24 * 60).map(
        lambda minutes: datetime(2026, 3, 22, tzinfo=UTC) + timedelta(minutes=minutes)
    )


def is_open(calendar: WorkCalendar, moment: datetime) -> bool:
    local = moment.astimezone(calendar.zone)
    day = local.date()
    if day in calendar.workdays:
        spans = calendar.workday_hours
    elif day in calendar.holidays:
        return False
    else:
        spans = calendar.hours.get(day.weekday(), ())
    return any(start <= local.time() < end for start, end in spans)


@settings(max_examples=60, deadline=None)
@given(calendars(), moments(), moments())
def test_elapsed_working_time_equals_a_count_of_open_minutes(calendar, one, other):
    start, end = min(one, other), max(one, other)
    minutes = int((end - start).total_seconds() // 60)
    counted = sum(is_open(calendar, start + timedelta(minutes=number)) for number in range(minutes))
    assert elapsed_working(calendar, start, end) == timedelta(minutes=counted)


@settings(max_examples=200, deadline=None)
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
    with pytest.raises(ValueError, match="no working hours"):
        add_working(WorkCalendar(SHANGHAI, {}), at("2026-11-23"), timedelta(hours=1))
