"""Calendars and moments to generate, and the simplest possible answer to "is the company open now"."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from svc_plugin.domain.working_time import WorkCalendar

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
