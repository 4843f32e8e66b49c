"""Kinds and numbers of the requests, compared with the period before (M06, M30, M41, M64)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from svc_plugin.domain.figures.model import (
    TOTAL,
    Figure,
    MonthTally,
    RequestRow,
    ResponseTally,
    Statistics,
    Survey,
    Tally,
)
from svc_plugin.domain.figures.window import Window
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field


@dataclass(frozen=True, slots=True)
class Past:
    """A request received within the period before, as far as it is counted."""

    ref: IssueRef
    kind: str
    customer: str
    channel: str


def statistics(
    rows: Sequence[RequestRow], past: Sequence[Past], surveys: Sequence[Survey], window: Window
) -> Statistics:
    """Count the requests of a report; ``past`` are those received within the period before."""
    received = [row for row in rows if window.holds(row.received)]
    kinds = _known(Field.REQUEST_KIND, [*(r.kind for r in rows), *(p.kind for p in past)])
    channels = _known(Field.CHANNEL, [*(r.channel for r in rows), *(p.channel for p in past)])
    total = _tally(TOTAL, rows, [p.ref for p in past], window)
    return Statistics(
        kinds=(*_by(kinds, lambda r: r.kind, lambda p: p.kind, rows, past, window), total),
        customers=_customers(rows, past, window),
        channels=_by(channels, lambda r: r.channel, lambda p: p.channel, rows, past, window),
        months=_months(rows, window),
        responses=(
            *(_response(kind, [r for r in received if r.kind == kind]) for kind in kinds),
            _response(TOTAL, received),
        ),
        score_product=_mean(
            [(r.ref, r.score_product) for r in rows] + [(s.task.ref, s.score_product) for s in surveys]
        ),
        score_service=_mean(
            [(r.ref, r.score_service) for r in rows] + [(s.task.ref, s.score_service) for s in surveys]
        ),
    )


def hours(span: timedelta) -> float:
    """Return a span in hours."""
    return span.total_seconds() / 3600


def _known(name: Field, found: Iterable[str]) -> tuple[str, ...]:
    """List the choices of a field in their own order, then whatever else the issues hold ("" last)."""
    choices = FIELD_SPECS[name].choices
    others = sorted(set(found) - set(choices), key=lambda value: (not value, value))
    return (*choices, *others)


def _by(
    names: Iterable[str],
    name_of: Callable[[RequestRow], str],
    past_name_of: Callable[[Past], str],
    rows: Sequence[RequestRow],
    past: Sequence[Past],
    window: Window,
) -> tuple[Tally, ...]:
    return tuple(
        _tally(
            name,
            [row for row in rows if name_of(row) == name],
            [p.ref for p in past if past_name_of(p) == name],
            window,
        )
        for name in names
    )


def _customers(rows: Sequence[RequestRow], past: Sequence[Past], window: Window) -> tuple[Tally, ...]:
    """Tally by customer, the one with most requests first."""
    names = {row.customer for row in rows} | {p.customer for p in past}
    tallies = _by(sorted(names), lambda r: r.customer, lambda p: p.customer, rows, past, window)
    return tuple(sorted(tallies, key=lambda t: (-len(t.received.refs), not t.name, t.name)))


def _months(rows: Sequence[RequestRow], window: Window) -> tuple[MonthTally, ...]:
    zone = window.start.tzinfo

    def within(month: str, moment_of: Callable[[RequestRow], datetime | None]) -> Figure:
        moments = ((row.ref, moment_of(row)) for row in rows)
        return Figure.count(
            tuple(ref for ref, at in moments if at and f"{at.astimezone(zone):%Y-%m}" == month)
        )

    return tuple(
        MonthTally(
            name=month,
            received=within(month, lambda r: r.received),
            late=within(month, lambda r: r.registered if _is_late(r, window) else None),
            done=within(month, lambda r: r.done_at),
        )
        for month in window.months()
    )


def _tally(name: str, rows: Sequence[RequestRow], past: Sequence[IssueRef], window: Window) -> Tally:
    done = [row for row in rows if row.done_at and window.holds(row.done_at)]
    return Tally(
        name=name,
        received=Figure.count(tuple(r.ref for r in rows if window.holds(r.received))),
        previous=Figure.count(tuple(past)),
        late=Figure.count(tuple(r.ref for r in rows if _is_late(r, window))),
        done=Figure.count(tuple(r.ref for r in done)),
        open=Figure.count(tuple(r.ref for r in rows if r.open)),
        hours=_mean([(r.ref, hours(r.duration) if r.duration is not None else None) for r in done]),
    )


def _response(name: str, rows: Sequence[RequestRow]) -> ResponseTally:
    in_time = tuple(r.ref for r in rows if r.response.in_time is True)
    late = tuple(r.ref for r in rows if r.response.in_time is False)
    judged = len(in_time) + len(late)
    used = [(r.ref, hours(r.response.used) if r.response.used is not None else None) for r in rows]
    return ResponseTally(
        name=name,
        in_time=Figure.count(in_time),
        late=Figure.count(late),
        pending=Figure.count(tuple(r.ref for r in rows if r.response.in_time is None)),
        rate=Figure(len(in_time) / judged if judged else None, (*in_time, *late)),
        hours=_mean(used),
    )


def _mean(values: Iterable[tuple[IssueRef, float | None]]) -> Figure:
    known = [(ref, value) for ref, value in values if value is not None]
    if not known:
        return Figure(None)
    return Figure(sum(value for _, value in known) / len(known), tuple(ref for ref, _ in known))


def _is_late(row: RequestRow, window: Window) -> bool:
    return row.received < window.start and window.holds(row.registered)
