"""Kinds and numbers of the requests, compared with the period before (M06, M28, M30, M31, M41, M64)."""

from collections.abc import Sequence

from svc_plugin.domain.figures.model import TOTAL, Figure
from svc_plugin.domain.figures.service_model import RequestRow, Statistics, Survey
from svc_plugin.domain.figures.tallies import (
    Past,
    by_choice,
    by_customer,
    by_month,
    grouped,
    hours,
    mean,
    responses,
    total,
)
from svc_plugin.domain.figures.window import Window
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field
from svc_plugin.domain.working_time import WorkCalendar, elapsed_working


def statistics(
    rows: Sequence[RequestRow],
    past: Sequence[Past],
    surveys: Sequence[Survey],
    window: Window,
    calendar: WorkCalendar,
) -> Statistics:
    """Count the requests of a report; ``past`` are those received within the period before."""
    received = [row for row in rows if window.holds(row.received)]
    kinds = by_choice(Field.REQUEST_KIND, lambda r: r.kind, rows, past, window)
    judged = grouped(received, lambda r: r.kind)
    delays = [(row.ref, hours(elapsed_working(calendar, row.received, row.registered))) for row in received]
    return Statistics(
        kinds=(*kinds, total(rows, past, window)),
        customers=by_customer(lambda r: r.customer, rows, past, window),
        channels=by_choice(Field.CHANNEL, lambda r: r.channel, rows, past, window),
        months=by_month(rows, window),
        responses=(
            *(responses(kind.name, [(r.ref, r.response) for r in judged[kind.name]]) for kind in kinds),
            responses(TOTAL, [(r.ref, r.response) for r in received]),
        ),
        score_product=mean(
            [(r.ref, r.score_product) for r in rows] + [(s.task.ref, s.score_product) for s in surveys]
        ),
        score_service=mean(
            [(r.ref, r.score_service) for r in rows] + [(s.task.ref, s.score_service) for s in surveys]
        ),
        recording_delay=mean(delays),
        longest_delay=_longest(delays),
        inquiries=Figure.count(tuple(row.ref for row in judged["inquiry"])),
        first_contact=Figure.count(tuple(r.ref for r in judged["inquiry"] if _at_once(r, calendar))),
    )


def _longest(delays: Sequence[tuple[IssueRef, float | None]]) -> Figure:
    ref, most = max(delays, key=lambda delay: delay[1] or 0.0, default=(None, None))
    return Figure(most, (ref,) if ref else ())


def _at_once(row: RequestRow, calendar: WorkCalendar) -> bool:
    """Tell whether a request was done on the day on which it was received (M31)."""
    if row.done_at is None:
        return False
    return calendar.day_of(row.done_at) == calendar.day_of(row.received)
