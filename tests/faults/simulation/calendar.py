"""Time as a list of things that will happen: nothing waits, and nothing happens by itself."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.builders import MONDAY


class Calendar:
    """The clock of a simulated world.

    ``skew`` is by how much the clock of our own machines is wrong; the order of things does not know it.
    """

    def __init__(self) -> None:
        self.moment = MONDAY
        self.skew = timedelta()
        self.happened = 0
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0
        self.jumped: Callable[[], None] = lambda: None

    def true(self) -> datetime:
        """The moment as the site has it."""
        return self.moment

    def ours(self) -> datetime:
        """The moment as our machines have it."""
        return self.moment + self.skew

    def jump(self, skew: timedelta) -> None:
        """Set the clock of our own machines; ``jumped`` is told."""
        self.skew = skew
        self.jumped()

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """Let something happen at a moment, or now when that has passed."""
        self._number += 1
        heapq.heappush(self._coming, (max(moment, self.moment), self._number, what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """Let something happen after a while."""
        self.at(self.moment + timedelta(seconds=seconds), what)

    def every(self, minutes: float, what: Callable[[], datetime | None]) -> "Round":
        """Let something happen again and again, see ``Round``."""
        return Round(self, timedelta(minutes=minutes), what)

    def pass_until(self, moment: datetime) -> None:
        """Let everything happen that comes until then. May be called from within something that happens."""
        while self._coming and self._coming[0][0] <= moment:
            at, _, what = heapq.heappop(self._coming)
            self.moment = max(self.moment, at)
            self.happened += 1
            what()
        self.moment = max(self.moment, moment)


class Round:
    """Something done every so often, always at moments of one grid; those with nothing to do are left out.

    ``what`` returns from when on it would find something to do, None for not before somebody calls ``wake``.
    To jump over empty time changes nothing as long as it tells the truth.
    """

    def __init__(self, calendar: Calendar, span: timedelta, what: Callable[[], datetime | None]) -> None:
        self._calendar = calendar
        self._span = span
        self.what = what
        self._begin = calendar.moment
        self._next: datetime | None = None

    def wake(self, at: datetime | None = None) -> None:
        """Come at the next moment of the grid that is not before ``at``."""
        passed = (self._calendar.moment - self._begin) // self._span + 1
        wanted = -((self._begin - at) // self._span) if at else 0
        moment = self._begin + max(passed, wanted) * self._span
        if self._next is None or moment < self._next:
            self._next = moment
            self._calendar.at(moment, lambda: self._come(moment))

    def _come(self, moment: datetime) -> None:
        if moment != self._next:
            return  # an earlier moment took its place
        self._next = None
        again = self.what()
        if again is not None:
            self.wake(again)
