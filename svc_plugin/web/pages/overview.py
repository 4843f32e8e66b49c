"""The figures of one product, counted in the database and kept for half a minute."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.effort import Booked, costs
from svc_plugin.domain.figures.model import Costs
from svc_plugin.domain.figures.window import Window, window_of
from svc_plugin.domain.model import ApprovedPlan, Issue, IssueRef
from svc_plugin.domain.plans_in_force import approved_plan
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.store.board import Coverage, Kept, Risk
from svc_plugin.web.pages.parts import PageParts

_FRESH = timedelta(seconds=30)
_REMEMBERED = 200  # pages; anybody may ask for any period
_MONTHS = 12
_LISTED = 5
_ALL_TIME = datetime(1970, 1, 1, tzinfo=UTC)
AGES = (90, 30, 7)
"""Days that part the ages of open issues."""
KINDS: Mapping[Track, IssueKind] = {
    Track.SERVICE: IssueKind.SERVICE_REQUEST,
    Track.MAINTENANCE: IssueKind.MAINTENANCE,
}
_TARGETS = ("first_response", "resolution")


@dataclass(frozen=True, slots=True)
class TrackFigures:
    """One track: counts of the period by heading, of the last months, of what is open by age, and money.

    ``headings`` are name, received, done. ``ages`` count from the oldest to the youngest (see ``AGES``).
    """

    track: Track
    headings: Sequence[tuple[str, int, int]]
    received: Sequence[int]
    done: Sequence[int]
    ages: Sequence[int]
    costs: Costs


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that a product's page tells, as counted at ``at``; ``plans`` are those in force."""

    period: str
    at: datetime
    months: Sequence[str]
    plans: Sequence[tuple[Issue, ApprovedPlan]]
    tracks: Sequence[TrackFigures]
    kept: Mapping[str, Kept]
    at_risk: int
    missed: int
    risks: Sequence[Risk]
    coverage: Sequence[Coverage]


@dataclass(slots=True)
class _Page:
    """What is known of a product in a period; whoever has the ``turn`` counts it anew."""

    turn: Lock = field(default_factory=Lock)
    found: Overview | None = None

    def as_of(self, now: datetime, age: timedelta) -> Overview | None:
        """Return what was counted less than ``age`` ago."""
        return self.found if self.found and timedelta() <= now - self.found.at < age else None


@dataclass(frozen=True, slots=True)
class Overviews:
    """Counts, and remembers for a moment: many may look at one product, and it changes slowly.

    One counts at a time what several want to see, and nobody waits for that whose figures are hardly older.
    """

    parts: PageParts
    _known: OrderedDict[tuple[str, str], _Page] = field(default_factory=OrderedDict[tuple[str, str], _Page])
    _lock: Lock = field(default_factory=Lock)

    def of(self, product: str, period: str) -> Overview:
        """Return the figures of a product for a period. Raises ``ValueError`` for one not understood."""
        window, page = window_of(period, self.parts.registers.calendar.zone), self._page(product, period)
        if found := page.as_of(self.parts.clock(), _FRESH):
            return found
        hardly_older = page.as_of(self.parts.clock(), 2 * _FRESH)
        if hardly_older and page.turn.locked():
            return hardly_older
        with page.turn:
            page.found = page.as_of(self.parts.clock(), _FRESH) or self._counted(product, period, window)
            return page.found

    def _page(self, product: str, period: str) -> _Page:
        with self._lock:
            page = self._known.setdefault((product, period), _Page())
            self._known.move_to_end((product, period))
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)  # what was looked at longest ago
        return page

    def _counted(self, product: str, period: str, window: Window) -> Overview:
        now, board = self.parts.clock(), self.parts.board
        bounds = _months(now.astimezone(self.parts.registers.calendar.zone))
        at_risk, missed, risks = board.risks(product, now, limit=_LISTED)
        return Overview(
            period=period,
            at=now,
            months=[f"{one:%m}" for one in bounds[:-1]],
            plans=self._plans(product, now),
            tracks=[self._track(product, track, window, now, bounds) for track in KINDS],
            kept=board.kept(product, _TARGETS, window.start, min(window.end, now)),
            at_risk=at_risk,
            missed=missed,
            risks=risks,
            coverage=board.coverage(product, limit=_LISTED),
        )

    def _track(
        self, product: str, track: Track, window: Window, now: datetime, bounds: Sequence[datetime]
    ) -> TrackFigures:
        board, kind, registers = self.parts.board, KINDS[track], self.parts.registers
        counted = board.headings(product, kind, window.start, window.end)
        ages = [_ALL_TIME, *(now - timedelta(days=days) for days in AGES), now + timedelta(days=1)]
        nobody = IssueRef("", "")  # costs are told without the issues behind them
        entries = [
            Booked(nobody, one.account, one.month, "", one.hours)
            for one in board.hours(product, track, window.months())
        ]
        return TrackFigures(
            track=track,
            headings=sorted(
                ((name, received, done) for name, (received, done) in counted.items()),
                key=lambda row: (-row[1], row[0]),
            ),
            received=board.spread(product, kind, bounds),
            done=board.spread(product, kind, bounds, done=True),
            ages=board.ages(product, kind, ages),
            costs=costs(entries, registers, window, product, track),
        )

    def _plans(self, product: str, now: datetime) -> Sequence[tuple[Issue, ApprovedPlan]]:
        day = self.parts.registers.calendar.day_of(now)
        approved = self.parts.library.mirror.standing(product, IssueKind.DOCUMENT, {Stage.APPROVED})
        plans = ((issue, approved_plan(issue, self.parts.registers)) for issue in approved)
        return [(issue, plan) for issue, plan in plans if plan and plan.starts_on <= day < plan.ends_before]


def _months(now: datetime) -> Sequence[datetime]:
    """Return the beginnings of the last twelve months, and the end of the last of them."""
    last = now.year * 12 + now.month - 1
    numbers = range(last - _MONTHS + 1, last + 2)
    return [datetime(number // 12, number % 12 + 1, 1, tzinfo=now.tzinfo) for number in numbers]


def usual_periods(now: datetime) -> tuple[str, ...]:
    """Return the periods that the page offers: this quarter, the one before, this year, the one before."""
    quarter = (now.month - 1) // 3
    year, former = now.year, (now.year - 1, 3) if quarter == 0 else (now.year, quarter - 1)
    return f"{year}-Q{quarter + 1}", f"{former[0]}-Q{former[1] + 1}", f"{year}", f"{year - 1}"
