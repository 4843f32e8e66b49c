"""A report's period, and issues as they stood at its end (M76)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from svc_plugin.domain.model import HistoryEntry, Issue, Snapshot
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field

_EARLIEST = (
    1900  # before that a moment cannot be converted between zones without care, and no product is older
)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of whole months of one year in the company's zone: from ``start``, up to but without ``end``."""

    start: datetime
    end: datetime

    @property
    def first(self) -> date:
        """The first day."""
        return self.start.date()

    @property
    def last(self) -> date:
        """The last day, still within."""
        return self.end.date() - timedelta(days=1)

    def holds(self, at: datetime) -> bool:
        """Tell whether a moment falls within."""
        return self.start <= at < self.end

    def holds_day(self, day: date) -> bool:
        """Tell whether a day of the company's calendar falls within."""
        return self.first <= day <= self.last

    def months(self) -> tuple[str, ...]:
        """List the months of the span, as ``2026-11``."""
        first, last = self.first, self.last
        return tuple(f"{first.year:04}-{month:02}" for month in range(first.month, last.month + 1))


def window_of(period: str, zone: tzinfo) -> Window:
    """Return the days of a period (``2026``, ``2026-Q4``, ``2026-11``) in the company's zone.

    Raises ``ValueError`` when the period is not understood.
    """
    bounds = period_bounds(period)
    if bounds is None or bounds[0].year <= _EARLIEST:
        raise ValueError(f"period '{period}' is not understood: write 2026, 2026-Q4 or 2026-11")
    return _window(*bounds, zone)


def before(window: Window) -> Window:
    """Return the span of as many months that ends where this one begins."""
    first, after = window.first, window.end.date()
    months = (after.year - first.year) * 12 + after.month - first.month
    start = first.year * 12 + first.month - 1 - months
    return _window(date(start // 12, start % 12 + 1, 1), first, window.start.tzinfo)


def span_of(period: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return from when, and up to when, the record tells what a document on the period says.

    The period before is within: a report compares with it, a plan begins with it. Raises as ``window_of``.
    """
    window = window_of(period, zone)
    return before(window).start, window.end


def as_of(issue: Issue, end: datetime) -> Issue:
    """Return the issue as it stood just before ``end``: what happened later is taken back.

    Stage, mapped fields and history are taken back; title and assignee are today's, for an issue's
    history does not tell theirs. An issue registered later stands as it was registered.
    """
    later = [entry for entry in issue.history if entry.at >= end]
    if not later:
        return issue
    stage, fields = issue.stage, dict(issue.fields)
    for entry in reversed(later):
        if _is_move(entry):
            stage = entry.moved_from
        for change in reversed(entry.changes):
            fields[change.field] = change.old
    return replace(issue, stage=stage, fields=fields, history=tuple(e for e in issue.history if e.at < end))


def wordless(issue: Issue, registers: Registers, now: datetime, linked: Sequence[Issue] = ()) -> Snapshot:
    """Return the issue as clocks look at it; figures say nothing, so there are no sentences."""
    return Snapshot(issue, registers, Texts("", {}), now, linked)


def is_open(issue: Issue) -> bool:
    """Tell whether there is still work to do: an unmapped status counts as open, so that people see it."""
    return issue.stage not in FINAL_STAGES


def done_at(issue: Issue) -> datetime | None:
    """Return when the issue reached its present final stage, None while it is open."""
    if is_open(issue):
        return None
    moves = [entry.at for entry in issue.history if entry.moved_to in FINAL_STAGES]
    return moves[-1] if moves else issue.created_at


def touched(issue: Issue, window: Window) -> bool:
    """Tell whether the issue was registered or anything happened to it within, or it stayed open after.

    ``issue`` is one that ``as_of`` returned for the window's end.
    """
    acted = window.holds(issue.created_at) or any(window.holds(entry.at) for entry in issue.history)
    return acted or is_open(issue)


def text_of(issue: Issue, name: Field) -> str:
    """Return a field's text without the space around it."""
    return issue.value(name).strip()


def _is_move(entry: HistoryEntry) -> bool:
    return entry.moved_from is not None or entry.moved_to is not None


def _window(first: date, after: date, zone: tzinfo | None) -> Window:
    return Window(datetime.combine(first, time(0), zone), datetime.combine(after, time(0), zone))
