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

    def true(self) -> datetime:
        """The moment as the site has it."""
        return self.moment

    def ours(self) -> datetime:
        """The moment as our machines have it."""
        return self.moment + self.skew

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """Let something happen at a moment, or now when that has passed."""
        self._number += 1
        heapq.heappush(self._coming, (max(moment, self.moment), self._number, what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """Let something happen after a while."""
        self.at(self.moment + timedelta(seconds=seconds), what)

    def pass_until(self, moment: datetime) -> None:
        """Let everything happen that comes until then. May be called from within something that happens."""
        while self._coming and self._coming[0][0] <= moment:
            at, _, what = heapq.heappop(self._coming)
            self.moment = max(self.moment, at)
            self.happened += 1
            what()
        self.moment = max(self.moment, moment)
