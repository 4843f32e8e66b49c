"""Counting under headings, the same for requests and for maintenance (M41, M62)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, TypeVar

from svc_plugin.domain.figures.model import TOTAL, Figure, MonthTally, Response, ResponseTally, Tally
from svc_plugin.domain.figures.window import Window
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field


class Counted(Protocol):
    """What is counted: one issue with its dates."""

    @property
    def ref(self) -> IssueRef: ...
    @property
    def received(self) -> datetime: ...
    @property
    def registered(self) -> datetime: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def duration(self) -> timedelta | None: ...
    @property
    def open(self) -> bool: ...


R = TypeVar("R", bound=Counted)
# a name, and a figure for each month of the period
MonthlyLine: TypeAlias = tuple[str, tuple[Figure, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Past:
    """An issue received within the period before, with the names under which it is counted."""

    ref: IssueRef
    names: Mapping[Field, str]


def by_choice(
    field: Field, name_of: Callable[[R], str], rows: Sequence[R], past: Sequence[Past], window: Window
) -> tuple[Tally, ...]:
    """Tally by a field's choices in their own order, then by whatever else issues hold ("" last)."""
    choices = FIELD_SPECS[field].choices
    found = {*(name_of(row) for row in rows), *(p.names[field] for p in past)}
    others = sorted(found - set(choices), key=lambda value: (not value, value))
    return _tallies((*choices, *others), field, name_of, rows, past, window)


def by_customer(
    name_of: Callable[[R], str], rows: Sequence[R], past: Sequence[Past], window: Window
) -> tuple[Tally, ...]:
    """Tally by customer, the one with most received first."""
    names = {name_of(row) for row in rows} | {p.names[Field.CUSTOMER] for p in past}
    tallies = _tallies(sorted(names), Field.CUSTOMER, name_of, rows, past, window)
    return tuple(sorted(tallies, key=lambda t: (-len(t.received.refs), not t.name, t.name)))


def total(rows: Sequence[Counted], past: Sequence[Past], window: Window) -> Tally:
    """Tally everything."""
    return _tally(TOTAL, rows, [p.ref for p in past], window)


def by_month(rows: Sequence[Counted], window: Window) -> tuple[MonthTally, ...]:
    """Count what was received, registered late and done in each month of the period."""
    zone = window.start.tzinfo
    received: dict[str, list[IssueRef]] = defaultdict(list)
    late: dict[str, list[IssueRef]] = defaultdict(list)
    done: dict[str, list[IssueRef]] = defaultdict(list)
    for row in rows:
        received[f"{row.received.astimezone(zone):%Y-%m}"].append(row.ref)
        if is_late(row, window):
            late[f"{row.registered.astimezone(zone):%Y-%m}"].append(row.ref)
        if row.done_at:
            done[f"{row.done_at.astimezone(zone):%Y-%m}"].append(row.ref)
    return tuple(
        MonthTally(month, *(Figure.count(tuple(found[month])) for found in (received, late, done)))
        for month in window.months()
    )


def received_by_month(
    field: Field, name_of: Callable[[R], str], rows: Sequence[R], window: Window
) -> tuple[MonthlyLine, ...]:
    """Count what was received under each choice of a field, a figure a month; the last line is the total.

    Choices under which nothing was received are left out; there is no line when nothing was received at all.
    """
    zone = window.start.tzinfo
    received = [row for row in rows if window.holds(row.received)]

    def line(name: str, found: Sequence[R]) -> MonthlyLine:
        months = grouped(found, lambda row: f"{row.received.astimezone(zone):%Y-%m}")
        return name, tuple(Figure.count(tuple(r.ref for r in months[month])) for month in window.months())

    kinds = grouped(received, name_of)
    choices = FIELD_SPECS[field].choices
    names = sorted(kinds, key=lambda n: (choices.index(n) if n in choices else len(choices), not n, n))
    return (*(line(name, kinds[name]) for name in names), line(TOTAL, received)) if received else ()


def responses(name: str, found: Sequence[tuple[IssueRef, Response]]) -> ResponseTally:
    """Judge a clock over many issues: in time, late, not decided yet."""
    in_time = tuple(ref for ref, response in found if response.in_time is True)
    late = tuple(ref for ref, response in found if response.in_time is False)
    judged = len(in_time) + len(late)
    return ResponseTally(
        name=name,
        in_time=Figure.count(in_time),
        late=Figure.count(late),
        pending=Figure.count(tuple(ref for ref, response in found if response.in_time is None)),
        rate=Figure(len(in_time) / judged if judged else None, (*in_time, *late)),
        hours=mean((ref, hours(response.used)) for ref, response in found),
    )


def grouped(rows: Iterable[T], name_of: Callable[[T], str]) -> dict[str, list[T]]:
    """Put rows under their names; a name without rows has an empty list."""
    groups: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        groups[name_of(row)].append(row)
    return groups


def hours(span: timedelta | None) -> float | None:
    """Return a span in hours."""
    return None if span is None else span.total_seconds() / 3600


def mean(values: Iterable[tuple[IssueRef, float | None]]) -> Figure:
    """Return the mean of what is known, with the issues that it was counted from."""
    known = [(ref, value) for ref, value in values if value is not None]
    if not known:
        return Figure(None)
    return Figure(sum(value for _, value in known) / len(known), tuple(ref for ref, _ in known))


def is_late(row: Counted, window: Window) -> bool:
    """Tell whether the customer asked before the period and it was registered only in it (M28)."""
    return row.received < window.start and window.holds(row.registered)


def _tallies(
    names: Iterable[str],
    field: Field,
    name_of: Callable[[R], str],
    rows: Sequence[R],
    past: Sequence[Past],
    window: Window,
) -> tuple[Tally, ...]:
    present = grouped(rows, name_of)
    before = grouped(past, lambda p: p.names[field])
    return tuple(_tally(name, present[name], [p.ref for p in before[name]], window) for name in names)


def _tally(name: str, rows: Sequence[Counted], past: Sequence[IssueRef], window: Window) -> Tally:
    done = [row for row in rows if row.done_at and window.holds(row.done_at)]
    return Tally(
        name=name,
        received=Figure.count(tuple(r.ref for r in rows if window.holds(r.received))),
        previous=Figure.count(tuple(past)),
        late=Figure.count(tuple(r.ref for r in rows if is_late(r, window))),
        done=Figure.count(tuple(r.ref for r in done)),
        open=Figure.count(tuple(r.ref for r in rows if r.open)),
        hours=mean((r.ref, hours(r.duration)) for r in done),
    )
