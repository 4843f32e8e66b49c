"""The discrete simulation: deliveries come, cores and database are shared, sites take their time."""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.sites.turns import Row, Turns

_PROJECTS, _ISSUES = 3, 100  # of a site: its projects, and the open issues that people save
_BETWEEN = 1.5  # seconds between two saves in a row


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds of our processes and of the database, and round trips to it, each of a look's parts.

    ``more`` is what a look that carries out a plan takes beyond one with nothing to do.
    """

    receive: float
    look: float
    more: float
    database_receive: float
    database_look: float
    database_more: float
    trips: float


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for, and with what: ``row`` saves in a row, ``threads`` on each core of the workers."""

    cores: int
    threads: int
    row: int
    sites: int = 1000
    a_minute: float = 100.0
    at_once: int = 8
    database_cores: int = 8
    planned: float = 0.25
    request: tuple[float, float] = (0.05, 0.3)
    trip: float = 0.0005
    seconds: float = 20.0


@dataclass(slots=True)
class Figures:
    """What came of it, in the second half of the time; ``waiting`` are issues that are due, in the end."""

    looks: int = 0
    waits: list[float] = field(default_factory=list[float])
    waiting: int = 0
    half: int = 0
    cores_busy: float = 0.0
    database_busy: float = 0.0
    at_work: int = 0


class Station:
    """Servers that take jobs in the order in which they come."""

    def __init__(self, world: "World", servers: int) -> None:
        self._world = world
        self._free = servers
        self._jobs: deque[tuple[float, Callable[[], None]]] = deque()
        self.used = 0.0

    def do(self, seconds: float, then: Callable[[], None]) -> None:
        """Take so many seconds of one server, then go on."""
        self._jobs.append((seconds, then))
        self._start()

    def _start(self) -> None:
        while self._free and self._jobs:
            seconds, then = self._jobs.popleft()
            self._free -= 1
            self.used += seconds
            self._world.after(seconds, lambda then=then: self._end(then))

    def _end(self, then: Callable[[], None]) -> None:
        self._free += 1
        then()
        self._start()


class World:
    """Deliveries, receivers, workers and sites under one clock."""

    def __init__(self, seed: int, load: Load, costs: Costs) -> None:
        self.load, self.costs, self.now = load, costs, 0.0
        self.turns = Turns(load.at_once)
        self.cores, self.database = Station(self, load.cores), Station(self, load.database_cores)
        self.figures = Figures()
        self._random = Random(seed)
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._idle = load.cores * load.threads

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """Let something happen after a while."""
        self._number += 1
        heapq.heappush(self._coming, (self.now + seconds, self._number, what))

    def run(self) -> Figures:
        """Live through it."""
        load, figures = self.load, self.figures
        self._save()
        self._pass_until(load.seconds / 2)
        before, figures.half = (self.cores.used, self.database.used), self.turns.waiting
        figures.looks = 0
        figures.waits.clear()
        self._pass_until(load.seconds)
        span = load.seconds / 2
        figures.cores_busy = (self.cores.used - before[0]) / span
        figures.database_busy = (self.database.used - before[1]) / span
        figures.waiting = self.turns.waiting
        figures.at_work = load.cores * load.threads - self._idle
        return figures

    def _pass_until(self, moment: float) -> None:
        while self._coming and self._coming[0][0] <= moment:
            self.now, _, what = heapq.heappop(self._coming)
            what()
        self.now = moment

    def _save(self) -> None:
        """Somebody somewhere saves an issue some times in a row; then somebody else does."""
        load, random = self.load, self._random
        site = f"site{random.randrange(load.sites)}"
        key = random.randrange(_ISSUES)
        place = (site, f"project{key % _PROJECTS}")
        for number in range(load.row):
            self.after(number * _BETWEEN, lambda: self._delivered(place, str(key)))
        rate = load.sites * load.a_minute / 60 / load.row
        self.after(random.expovariate(rate), self._save)

    def _delivered(self, place: tuple[str, str], key: str) -> None:
        def stored() -> None:
            self.turns.deliver(place, key, self.now)
            self._work()

        self.cores.do(self.costs.receive, lambda: self.database.do(self.costs.database_receive, stored))

    def _work(self) -> None:
        while self._idle and (row := self.turns.take()):
            self._idle -= 1
            self._look(row)

    def _look(self, row: Row) -> None:
        """A claim, a request, a decision, and for some a plan: a write and a request to read it back."""
        costs = self.costs

        def written() -> None:
            self._compute(costs.more, costs.database_more, lambda: self._done(row))

        def decided() -> None:
            if self._random.random() < self.load.planned:
                self.after(self._request() + self._request(), written)
            else:
                self._done(row)

        def fetched() -> None:
            self._compute(costs.look, costs.database_look, decided)

        self.after(self._request(), fetched)

    def _compute(self, seconds: float, database: float, then: Callable[[], None]) -> None:
        on_the_way = self.costs.trips * self.load.trip
        wait = lambda: self.after(on_the_way, then)  # noqa: E731
        self.cores.do(seconds, lambda: self.database.do(database, wait))

    def _request(self) -> float:
        return self._random.uniform(*self.load.request)

    def _done(self, row: Row) -> None:
        self.figures.looks += 1
        self.figures.waits.append(self.now - row.asked)
        self.turns.done(row, self.now)
        self._idle += 1
        self._work()
