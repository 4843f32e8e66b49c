"""What goes wrong, and when: drawn from one seed, so that the same seed is the same bad luck."""

from collections import Counter
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import SetStage
from svc_plugin.engine.ports import Write
from svc_plugin.sites.memory import MemorySite
from svc_plugin.store.database import Database
from tests.faults.simulation.calendar import Calendar

FAULTS = (
    "dropped", "doubled", "delayed", "reordered", "hints lost",
    "site down", "site slow", "500", "429", "half applied", "answer lost", "lying 204",
    "database locked", "disk full", "killed", "clock jumps",
)  # fmt: skip
_SPELLS = {  # mean minutes between two spells, and of a spell
    "site down": (240, 20), "site slow": (120, 5), "429": (120, 2), "lying 204": (360, 5),
    "disk full": (480, 10), "database locked": (60, 1), "clock jumps": (300, 10), "hints lost": (180, 20),
}  # fmt: skip
_CHANCES = {
    "dropped": 0.03, "doubled": 0.05, "delayed": 0.05, "reordered": 0.2,
    "500": 0.02, "half applied": 0.04, "answer lost": 0.03, "killed": 0.002,
}  # fmt: skip


class WorkerKilledError(BaseException):
    """A worker's process ended here; nothing of it comes after."""


@dataclass
class Luck:
    """Tells at each chance whether a fault strikes; ``met`` counts how often each did.

    Before ``until`` only: afterwards the world is kind, so that what was left undone can be done.
    """

    random: Random
    active: Collection[str]
    calendar: Calendar
    until: datetime
    met: Counter[str] = field(default_factory=Counter[str])
    spells: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def strikes(self, fault: str) -> bool:
        """Draw whether a fault strikes at this chance."""
        return self._on(fault) and self.random.random() < _CHANCES[fault] and self._count(fault)

    def lasts(self, fault: str) -> bool:
        """Tell whether a spell of a fault lasts now."""
        return (
            self._on(fault)
            and self.spells.get(fault, self.calendar.moment) > self.calendar.moment
            and self._count(fault)
        )

    def begin(self) -> None:
        """Plan the first spell of each lasting fault."""
        for fault in _SPELLS:
            if fault in self.active:
                self._plan(fault)

    def between(self, least: float, most: float) -> float:
        """Draw a number."""
        return self.random.uniform(least, most)

    def _plan(self, fault: str) -> None:
        pause, _ = _SPELLS[fault]
        self.calendar.after(self.random.expovariate(1 / pause) * 60, lambda: self._strike(fault))

    def _strike(self, fault: str) -> None:
        _, length = _SPELLS[fault]
        self.spells[fault] = self.calendar.moment + timedelta(minutes=length * self.random.uniform(0.2, 2))
        if fault == "clock jumps" and self._on(fault) and self._count(fault):
            self.calendar.jump(timedelta(seconds=self.random.uniform(-90, 90)))
            self.calendar.at(self.spells[fault], self._set_right)
        self._plan(fault)

    def _set_right(self) -> None:
        self.calendar.jump(timedelta())

    def _on(self, fault: str) -> bool:
        return fault in self.active and self.calendar.moment < self.until

    def _count(self, fault: str) -> bool:
        self.met[fault] += 1
        return True


class FaultySite(MemorySite):
    """A site in memory that fails as sites fail, and tells of every change through ``tell``."""

    def __init__(self, name: str, calendar: Calendar, luck: Luck) -> None:
        super().__init__(name, calendar.true)
        self.told: list[IssueRef] = []
        self.changed_at = calendar.moment
        self.requests = 0
        self.lied = False
        self._calendar = calendar
        self._luck = luck
        self._working = 0

    def fetch(self, ref: IssueRef) -> Issue:
        """Read an issue, if the site answers."""
        self._answer()
        return super().fetch(ref)

    def versions(self, product: str, *, holding: str = "") -> Sequence[object]:  # type: ignore[override]
        """Read versions, if the site answers."""
        self._answer()
        return super().versions(product, holding=holding)

    def changed_since(self, since: datetime | None):  # type: ignore[no-untyped-def]
        """Walk, if the site answers."""
        self._answer()
        return super().changed_since(since)

    def apply(self, ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        """Write all, a part, or nothing and say that all was written."""
        self._answer()
        luck = self._luck
        if luck.lasts("lying 204"):
            self.lied = True
            writes = [write for write in writes if not isinstance(write, SetStage)]
        if luck.strikes("half applied"):
            super().apply(ref, writes[: luck.random.randrange(len(writes) or 1)])
            raise TransientError("the connection was cut")
        super().apply(ref, writes)
        if luck.strikes("answer lost"):
            raise TransientError("the answer did not come")
        if luck.strikes("killed"):
            raise WorkerKilledError

    def known(self, ref: IssueRef) -> Issue:
        """Return an issue, whatever goes wrong."""
        return self._issue(ref)

    def all(self) -> list[Issue]:
        """Return every issue, whatever goes wrong."""
        return list(self._issues.values())

    def _keep(self, issue: Issue) -> None:
        super()._keep(issue)
        self.told.append(issue.ref)
        self.changed_at = max(self.changed_at, issue.updated_at)

    def _answer(self) -> None:
        self.requests += 1
        luck = self._luck
        if luck.lasts("site down"):
            raise TransientError("connection refused", site_wide=True)
        if luck.lasts("429"):
            raise TransientError("429", retry_after=luck.between(1, 60), site_wide=True)
        if luck.strikes("500"):
            raise TransientError("500")
        if luck.strikes("killed"):
            raise WorkerKilledError
        # while one waits for the site, people, hooks and the other workers go on
        if self._working < 3 and luck.lasts("site slow"):
            self._working += 1
            self._calendar.pass_until(self._calendar.moment + timedelta(seconds=luck.between(1, 30)))
            self._working -= 1


class FaultyDatabase(Database):
    """A database in memory that is locked or full at times; workers die at its door."""

    def __init__(self, luck: Luck) -> None:
        super().__init__("sqlite://")
        self._luck = luck
        self.sound = False

    @contextmanager
    def spared(self) -> Generator[None]:
        """Let whoever watches the world from outside read without drawing a fault."""
        before, self.sound = self.sound, True
        try:
            yield
        finally:
            self.sound = before

    @contextmanager
    def begin(self, *, at_once: bool = False) -> Generator[sa.Connection]:
        """Give a connection, unless the database is in trouble; on a full disk nothing is kept."""
        luck = self._luck
        if not self.sound:
            if luck.lasts("database locked") and luck.random.random() < 0.5:
                raise TransientError("the database did not take it: database is locked")
            if luck.strikes("killed"):
                raise WorkerKilledError
        with super().begin(at_once=at_once) as connection:
            yield connection
            if not self.sound and luck.lasts("disk full"):
                raise OperationalError("", None, Exception("database or disk is full"))
        if not self.sound and luck.strikes("killed"):
            raise WorkerKilledError
