"""Working time on a company calendar: hours, lunch break, public holidays and make-up workdays (调休).

Arithmetic happens on the instants of each working interval (UTC), so it is exact to the second even in
a zone with daylight saving time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_SEARCH_DAYS = 4000  # longer than any target: a calendar without work must not loop for ever


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When a company works.

    ``hours`` maps a weekday (Monday 0) to its working intervals in local time; ``holidays`` are closed
    whatever the weekday, ``workdays`` are open although they are weekend days and use ``workday_hours``.
    ``holiday_names`` tells what a holiday is called, by language, for the days that are known by name.
    """

    zone: tzinfo
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    workday_hours: tuple[tuple[time, time], ...] = field(default=((time(9), time(18)),))
    holiday_names: Mapping[date, Mapping[str, str]] = field(default_factory=dict[date, Mapping[str, str]])

    @property
    def works(self) -> bool:
        """Whether anybody works at all."""
        return bool(self.workdays) or any(self.hours.values())

    def day_of(self, moment: datetime) -> date:
        """Return the day that it is in the company's zone at an aware moment."""
        return moment.astimezone(self.zone).date()

    def intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return the working intervals of one local day as UTC instants, in order."""
        if day in self.workdays:
            spans = self.workday_hours
        elif day in self.holidays:
            spans = ()
        else:
            spans = self.hours.get(day.weekday(), ())
        return tuple((self._instant(day, start), self._instant(day, end)) for start, end in spans)

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def add_working(calendar: WorkCalendar, start: datetime, duration: timedelta) -> datetime:
    """Return the instant at which ``duration`` of working time has passed since ``start``.

    A zero duration gives ``start`` itself. Raises ``ValueError`` when ``start`` is naive, ``duration``
    is negative, or the calendar offers too little work within some ten years.
    """
    _require_aware(start)
    if duration < timedelta(0):
        raise ValueError(f"duration must not be negative: {duration}")
    if not duration:
        return start
    left, begins = duration, start.astimezone(UTC)  # local times must not be added up over a change of time
    for opens, closes in _intervals_from(calendar, start):
        begin = max(opens, begins)
        available = closes - begin
        if available <= timedelta(0):
            continue
        if left <= available:
            return (begin + left).astimezone(start.tzinfo)
        left -= available
    raise ValueError("the calendar has no working hours left for this duration")


def end_of_working_day(calendar: WorkCalendar, start: datetime) -> datetime:
    """Return the end of the working day in which ``start`` lies, or of the next one when it lies in none.

    After closing time it is the next working day. Raises ``ValueError`` when ``start`` is naive, or the
    calendar offers no work within some ten years.
    """
    _require_aware(start)
    first = calendar.day_of(start)
    for offset in range(_SEARCH_DAYS):
        spans = calendar.intervals(first + timedelta(days=offset))
        if spans and (closes := max(end for _, end in spans)) > start:
            return closes.astimezone(start.tzinfo)
    raise ValueError("the calendar has no working day left")


def elapsed_working(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta:
    """Return the working time between two aware instants; zero when ``end`` is not after ``start``."""
    _require_aware(start)
    _require_aware(end)
    total = timedelta(0)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return total
    for opens, closes in _intervals_from(calendar, start):
        if opens >= end:
            break
        total += max(timedelta(0), min(closes, end) - max(opens, start))
    return total


def next_day_opens(calendar: WorkCalendar, day: date) -> datetime:
    """Return when work begins on the first working day after ``day``.

    Raises ``ValueError`` when there is none within some ten years.
    """
    for offset in range(1, _SEARCH_DAYS):
        hours = calendar.intervals(day + timedelta(days=offset))
        if hours:
            return hours[0][0]
    raise ValueError(f"the calendar has no working day after {day}")


def closes_by(calendar: WorkCalendar, day: date) -> datetime:
    """Return when work ends on the last working day that is not after ``day``.

    Raises ``ValueError`` when there is none within some ten years.
    """
    for offset in range(_SEARCH_DAYS):
        hours = calendar.intervals(day - timedelta(days=offset))
        if hours:
            return hours[-1][1]
    raise ValueError(f"the calendar has no working day up to {day}")


def _intervals_from(calendar: WorkCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    # one day earlier: an interval of yesterday may still be open in a zone where it ends after midnight UTC
    first = calendar.day_of(start) - timedelta(days=1)
    for offset in range(_SEARCH_DAYS):
        yield from calendar.intervals(first + timedelta(days=offset))


def _require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {moment}")
