"""Kinds, numbers, effort and open defects of maintenance (M42, M44, M62, M64)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from svc_plugin.domain.figures import effort
from svc_plugin.domain.figures.effort import Booked
from svc_plugin.domain.figures.maintenance_model import DefectAge, MaintenanceStatistics, WorkRow
from svc_plugin.domain.figures.model import TOTAL, Figure
from svc_plugin.domain.figures.tallies import (
    Past,
    by_choice,
    by_customer,
    by_month,
    grouped,
    mean,
    responses,
    total,
)
from svc_plugin.domain.figures.window import Window
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, Stage

_SECONDS_A_DAY = 86_400


def statistics(
    rows: Sequence[WorkRow],
    past: Sequence[Past],
    booked: Sequence[Booked],
    window: Window,
    until: datetime,
    *,
    behind: Mapping[IssueRef, Issue],
    capacity: float | None,
) -> MaintenanceStatistics:
    """Count the maintenance of a report as of ``until``.

    ``past`` was received within the period before. ``behind`` are the customers' requests by the work they
    became; ``capacity`` is the effort available in a month, in hours.
    """
    defects = [row for row in rows if row.maintenance_class == "corrective"]
    received = [row for row in defects if window.holds(row.received)]
    classes = FIELD_SPECS[Field.MAINTENANCE_CLASS].choices
    return MaintenanceStatistics(
        classes=(
            *by_choice(Field.MAINTENANCE_CLASS, lambda r: r.maintenance_class, rows, past, window),
            total(rows, past, window),
        ),
        sources=by_choice(Field.SOURCE, lambda r: r.source, rows, past, window),
        customers=by_customer(lambda r: r.customer, rows, past, window),
        months=by_month(rows, window),
        effort_by_class=effort.by_name(booked, lambda entry: entry.maintenance_class, classes),
        effort_by_month=effort.by_name(booked, lambda entry: entry.month, window.months()),
        resolutions=(
            *(
                responses(name, [(r.ref, r.resolution) for r in found])
                for name, found in _by_severity(received)
            ),
            responses(TOTAL, [(r.ref, r.resolution) for r in received]),
        ),
        defects=tuple(
            _ages(name, found, until) for name, found in _by_severity([r for r in defects if _stays(r)])
        ),
        score_product=_score(behind, Field.SCORE_PRODUCT),
        score_service=_score(behind, Field.SCORE_SERVICE),
        capacity=None if capacity is None else float(capacity * len(window.months())),
    )


def _by_severity(rows: Sequence[WorkRow]) -> Iterable[tuple[str, list[WorkRow]]]:
    choices = FIELD_SPECS[Field.SEVERITY].choices
    found = grouped(rows, lambda row: row.severity)
    others = sorted(set(found) - set(choices), key=lambda value: (not value, value))
    return [(name, found[name]) for name in (*choices, *others)]


def _stays(row: WorkRow) -> bool:
    """Tell whether a defect is in the product still: done is removed, even before the customer was told."""
    return row.open and row.stage is not Stage.DONE


def _ages(severity: str, rows: Sequence[WorkRow], until: datetime) -> DefectAge:
    days = [(row.ref, (until - row.received).total_seconds() / _SECONDS_A_DAY) for row in rows]
    oldest = max(days, key=lambda day: day[1], default=None)
    return DefectAge(
        severity=severity,
        open=Figure.count(tuple(row.ref for row in rows)),
        mean_days=mean(days),
        oldest_days=Figure(oldest[1], (oldest[0],)) if oldest else Figure(None),
    )


def _score(behind: Mapping[IssueRef, Issue], name: Field) -> Figure:
    requests = {issue.ref: issue for issue in behind.values()}
    return mean((ref, read_number(issue.value(name))) for ref, issue in sorted(requests.items()))
