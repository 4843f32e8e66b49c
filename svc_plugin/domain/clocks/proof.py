"""The proof of a clock: its whole time divided into intervals, each with the cause why it counted or not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from svc_plugin.domain.clocks.model import Clock
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.domain.working_time import WorkCalendar

_SATURDAY = 5


class Cause(StrEnum):
    """Why a clock ran or stood still."""

    WORKING = "working"
    MAKE_UP = "make_up"
    BREAK = "break"
    NIGHT = "night"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    PAUSED = "paused"


_RUNNING = frozenset({Cause.WORKING, Cause.MAKE_UP})


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a clock's time, in UTC; ``stage`` is that of a pause, ``names`` a holiday's by language."""

    starts_at: datetime
    ends_at: datetime
    cause: Cause
    stage: Stage | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def lasted(self) -> timedelta:
        """How long it was."""
        return self.ends_at - self.starts_at

    @property
    def used(self) -> timedelta:
        """How much of it counted."""
        return self.lasted if self.cause in _RUNNING else timedelta()


def proof(clock: Clock, now: datetime) -> tuple[Interval, ...]:
    """Divide the clock's time, from its start to its stop or to ``now``, without gap or overlap.

    What counted adds up to ``clock.used`` when ``now`` is the moment at which the clock was measured.
    Neighbours of the same cause are one interval.
    """
    end = (clock.stopped_at or now).astimezone(UTC)
    return tuple(_folded(_divided(clock, end)))


def cause_shown(texts: Texts, one: Interval) -> str:
    """Say why an interval counted or did not: a pause with its stage, a holiday with its name if known."""
    if one.cause is Cause.PAUSED:
        return texts.say("clock.cause.paused", stage=texts.stage(one.stage))
    name = one.names.get(texts.language)
    return (
        texts.say("clock.cause.holiday.named", name=name) if name else texts.say(f"clock.cause.{one.cause}")
    )


def length_shown(span: timedelta) -> str:
    """Write a span as hours, minutes and seconds."""
    seconds = int(span.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _divided(clock: Clock, end: datetime) -> Iterator[Interval]:
    at = clock.started_at.astimezone(UTC)
    for pause in clock.pauses:
        since, until = pause.since.astimezone(UTC), (pause.until or end).astimezone(UTC)
        yield from _by_calendar(clock.calendar, at, since)
        yield Interval(since, until, Cause.PAUSED, pause.stage)
        at = until
    yield from _by_calendar(clock.calendar, at, end)


def _by_calendar(calendar: WorkCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    day = calendar.day_of(start)
    while _midnight(calendar, day) < end:
        for part in _day(calendar, day):
            clipped = replace(part, starts_at=max(part.starts_at, start), ends_at=min(part.ends_at, end))
            if clipped.starts_at < clipped.ends_at:
                yield clipped
        day += timedelta(days=1)


def _day(calendar: WorkCalendar, day: date) -> Iterator[Interval]:
    at, ends = _midnight(calendar, day), _midnight(calendar, day + timedelta(days=1))
    spans = calendar.intervals(day)
    if not spans:
        yield _closed(calendar, day, at, ends)
        return
    runs = Cause.MAKE_UP if day in calendar.workdays else Cause.WORKING
    for number, (opens, closes) in enumerate(spans):
        yield Interval(at, opens, Cause.BREAK if number else Cause.NIGHT)
        yield Interval(opens, closes, runs)
        at = closes
    yield Interval(at, ends, Cause.NIGHT)


def _closed(calendar: WorkCalendar, day: date, starts: datetime, ends: datetime) -> Interval:
    if day in calendar.holidays:
        return Interval(starts, ends, Cause.HOLIDAY, names=calendar.holiday_names.get(day, {}))
    return Interval(starts, ends, Cause.WEEKEND if day.weekday() >= _SATURDAY else Cause.DAY_OFF)


def _folded(intervals: Iterable[Interval]) -> Iterator[Interval]:
    last: Interval | None = None
    for one in intervals:
        if last and (last.cause, last.stage, last.names) == (one.cause, one.stage, one.names):
            last = replace(last, ends_at=one.ends_at)
            continue
        if last and last.lasted:
            yield last
        last = one
    if last and last.lasted:
        yield last


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time(0), calendar.zone).astimezone(UTC)
