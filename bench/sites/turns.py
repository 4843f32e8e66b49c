"""The work table as the product keeps it, without a database: who is next, who waits, what is merged.

A test gives the product's own table and this one the same deliveries and compares every claim.
"""

import heapq
from bisect import insort
from dataclasses import dataclass
from typing import TypeAlias

_MANY = 20  # issues

Place: TypeAlias = tuple[str, str]
"""A site and a project of it."""


@dataclass(slots=True, eq=False)
class Row:
    """One issue: ``asked`` is when the oldest delivery came that no finished look has seen."""

    place: Place
    key: str
    asked: float = 0.0
    due: bool = False
    busy: bool = False
    again: float | None = None


class Turns:
    """Gives out issues in turns between projects, at most ``at_once`` of a site."""

    def __init__(self, at_once: int) -> None:
        self.waiting = 0
        self._at_once = at_once
        self._rows: dict[tuple[Place, str], Row] = {}
        self._due: dict[Place, list[tuple[float, str, Row]]] = {}
        self._served: dict[Place, int] = {}
        self._newest: set[Place] = set()
        self._order: list[tuple[int, Place]] = []
        self._shut: dict[str, list[Place]] = {}
        self._busy: dict[str, int] = {}
        self._last = 0

    def deliver(self, place: Place, key: str, now: float) -> None:
        """Mark an issue as due; what comes while it is worked on asks for one more look."""
        row = self._rows.get((place, key))
        if row is None:
            row = self._rows[place, key] = Row(place, key)
        if row.busy:
            row.again = now if row.again is None else row.again
        elif not row.due:
            self._put(row, now, asked=now)

    def take(self) -> Row | None:
        """Claim an issue of the project whose turn it is; None when nothing may be taken.

        Its longest overdue one; while many wait behind it, alternately its newest.
        """
        while self._order:
            _, place = heapq.heappop(self._order)
            site = place[0]
            if self._busy.get(site, 0) >= self._at_once:
                self._shut.setdefault(site, []).append(place)
                continue
            queue = self._due[place]
            if place in self._newest:
                row = queue.pop()[2]
                self._newest.remove(place)
            else:
                row = queue.pop(0)[2]
                if len(queue) > _MANY:
                    self._newest.add(place)
            row.due, row.busy = False, True
            self.waiting -= 1
            self._busy[site] = self._busy.get(site, 0) + 1
            self._last += 1
            self._served[place] = self._last
            if queue:
                heapq.heappush(self._order, (self._last, place))
            return row
        return None

    def done(self, row: Row, now: float) -> None:
        """Give a claim back."""
        site = row.place[0]
        row.busy = False
        self._busy[site] -= 1
        for place in self._shut.pop(site, ()):
            heapq.heappush(self._order, (self._served.get(place, 0), place))
        if row.again is not None:
            self._put(row, now, asked=row.again)
            row.again = None

    def _put(self, row: Row, due: float, *, asked: float) -> None:
        row.asked, row.due = asked, True
        self.waiting += 1
        queue = self._due.setdefault(row.place, [])
        insort(queue, (due, row.key, row))
        if len(queue) == 1:
            heapq.heappush(self._order, (self._served.get(row.place, 0), row.place))
