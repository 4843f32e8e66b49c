"""One simulated world from its first event to a drained queue, and what became of it."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from svc_plugin.domain.errors import SvcPluginError, TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.engine.pacing import Limits
from svc_plugin.engine.ports import Notice
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.engine.sweep import OVERLAP, Sweeper
from svc_plugin.engine.worker import Result, Worker
from svc_plugin.messages import load
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.moments import to_utc
from svc_plugin.store.records import SqlCursors, SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.tables import metadata, work
from svc_plugin.store.work import SqlWorkTable
from tests.builders import example
from tests.faults.simulation.calendar import Calendar
from tests.faults.simulation.ending import Ending, ending_of
from tests.faults.simulation.faults import FaultyDatabase, FaultySite, Luck, WorkerKilledError
from tests.faults.simulation.people import People, Size
from tests.unit.engine.world import IN_FORCE, Papers

_NEXT_DUE = sa.select(sa.func.min(sa.case((work.c.busy > work.c.due, work.c.busy), else_=work.c.due)))
_QUIET = timedelta(hours=30)  # in which retries, leases and deadlines come to their end
_TRIES = 3
_PARTS = 24  # of which progress is told


class Simulation:
    """People, site, hooks, store and workers under one calendar."""

    def __init__(self, seed: int, size: Size, faults: Collection[str]) -> None:
        self.size = size
        self.calendar = Calendar()
        self._span = timedelta(hours=size.hours)
        until = self.calendar.moment + self._span
        self.luck = Luck(Random(f"faults {seed}"), faults, self.calendar, until)
        self.site = FaultySite("main", self.calendar, self.luck)
        self.database = FaultyDatabase(self.luck)
        self.events = self.looks = self.delivered = 0
        self._numbers = Random(f"jitter {seed}")
        self._awake = 0
        self._next_due: datetime | None = None
        self._parts()
        self.ticks = self.calendar.every(size.tick_minutes, self._tick)
        self.sweeps = self.calendar.every(size.sweep_minutes, self._sweep)
        self.releases = self.calendar.every(30, self._release_brake)
        self.calendar.jumped = self._reckon_anew
        people = People(self.site, Random(f"people {seed}"))
        people.plan(size, self._act)

    def _parts(self) -> None:
        self.database.sound = True
        with self.database.begin() as connection:
            metadata.create_all(connection)
        company, clock = example(), self.calendar.ours
        few = replace(company.policy, modes={r.id: Mode.OFF for r in RULES if r.id not in IN_FORCE})
        rulebook = Rulebook(few, "digest", company.registers, {"zh": load("zh")})
        self.work, self.inbox = SqlWorkTable(self.database), SqlInbox(self.database)
        self.states, self.mirror = SqlSiteStates(self.database), SqlMirror(self.database)
        self.refusals = SqlRefusals(self.database)
        looker = Looker({"main": self.site}, rulebook, clock, self.mirror)
        records = Records(
            self.mirror,
            SqlLedger(self.database),
            self.refusals,
            brakes=self.states,
            together=self.database.together,
        )
        self.reconciler = Reconciler(looker, rulebook, records, Papers(), clock)
        jitter = lambda: self._numbers.uniform(0.7, 1.3)  # noqa: E731
        self.worker = Worker(self.work, self.reconciler, clock, jitter=jitter, outages=self.states)
        self.sweeper = Sweeper(self.work, self.mirror, SqlCursors(self.database), clock)
        self.states.limit({"main": Limits(at_once=self.size.workers)})
        self.database.sound = False

    def run(self, progress: Callable[[float, int], None] = lambda _share, _events: None) -> Ending:
        """Live through it all; then let the queue run dry in a kind world, and look at what is there.

        ``progress`` is told which share of the time has passed and how much people have done.
        """
        self.luck.begin()
        self.sweeps.wake()
        for part in range(_PARTS, 0, -1):
            self.calendar.pass_until(self.luck.until - (part - 1) * self._span / _PARTS)
            progress(1 - (part - 1) / _PARTS, self.events)
        self.calendar.jump(timedelta())
        self.calendar.pass_until(self.luck.until + _QUIET / 2)
        stuck = self.work.parked(limit=10**6)
        unexplained = [f"{one.ref}: {one.error}" for one in stuck if not self.site.lied]
        for one in stuck:  # a person reads the queue, and the site tells no lies any more
            self.refusals.release(one.ref, at=self.calendar.moment)
        self.work.add([one.ref for one in stuck], due=self.calendar.moment)
        self.ticks.wake()
        self.calendar.pass_until(self.luck.until + _QUIET + timedelta(minutes=3))
        self.database.sound = True
        backlog = self.work.pending(now=self.calendar.ours())
        ending = ending_of(self.site, self.reconciler, backlog, self.luck.until)
        self.database.close()
        return replace(
            ending,
            met=self.luck.met,
            events=self.events,
            delivered=self.delivered,
            looks=self.looks,
            requests=self.site.requests,
            lied=self.site.lied,
            unexplained=unexplained,
        )

    def _act(self, seconds: float, what: Callable[[], None]) -> None:
        def act() -> None:
            what()
            self.events += 1
            self._tell()

        self.calendar.after(seconds, act)

    def _tell(self) -> None:
        """Send a delivery for each change of the site."""
        luck = self.luck
        if self.site.told:
            self.sweeps.wake()
        for ref in dict.fromkeys(self.site.told):
            if luck.strikes("dropped"):
                continue
            name = f"d{self.calendar.happened}-{self._numbers.random()}"
            delay = luck.between(0.05, 0.5)
            delay += luck.between(60, 7200) if luck.strikes("delayed") else 0
            delay += luck.between(0, 20) if luck.strikes("reordered") else 0
            copies = 3 if luck.strikes("doubled") else 1
            for number in range(copies):
                self.calendar.after(delay * (number + 1), self._delivery(ref, name, _TRIES))
        self.site.told.clear()

    def _delivery(self, ref: IssueRef, name: str, tries: int) -> Callable[[], None]:
        def deliver() -> None:
            notice = Notice(ref, name, b"{}", self.calendar.ours(), project=self._product(ref))
            try:
                new = self.inbox.accept(notice)
            except (TransientError, WorkerKilledError):
                if tries > 1:  # the sender was told 503, or nothing at all
                    self.calendar.after(60, self._delivery(ref, name, tries - 1))
                return
            self.delivered += 1
            if new:
                self.ticks.wake()
                self._hint()

        return deliver

    def _product(self, ref: IssueRef) -> str:
        return self.site.known(ref).product

    def _hint(self, seconds: float = 0.0) -> None:
        if self._awake < self.size.workers and not self.luck.lasts("hints lost"):
            self._awake += 1
            self.calendar.after(max(seconds, self.size.hint_seconds), self._work)

    def _work(self) -> None:
        self._awake -= 1
        try:
            again = self.worker.work_a_while(self._looked)
        except (TransientError, WorkerKilledError):
            again = None  # the hint is lost, the tick finds what is due
        self._tell()
        self.ticks.wake()
        if again is not None:
            self._hint(again)

    def _looked(self, result: Result) -> None:
        self.looks += 1
        if result.state == "parked":
            self.releases.wake()
        self._tell()

    def _tick(self) -> datetime | None:
        """Send a hint for what is due; tell when the next thing will be."""
        with self.database.spared(), self.database.begin() as connection:
            next_due: float | None = connection.execute(_NEXT_DUE).scalar()
        due = to_utc(next_due) if next_due is not None else None
        if due and due <= self.calendar.ours():
            with suppress(TransientError, WorkerKilledError):
                for _ in self.work.due(now=self.calendar.ours(), limit=self.size.workers):
                    self._hint()
        self._next_due = due
        return due - self.calendar.skew if due else None

    def _reckon_anew(self) -> None:
        """Come for what is due by our clock, which was set anew."""
        if self._next_due:
            self.ticks.wake(self._next_due - self.calendar.skew)

    def _sweep(self) -> datetime | None:
        """Sweep; the next one finds something as long as it walks over a change."""
        over = False
        with suppress(SvcPluginError, WorkerKilledError):
            found = self.sweeper.sweep(self.site)
            if found.stale:
                self.ticks.wake()
            over = self.site.changed_at < found.started_at - OVERLAP
        return None if over else self.calendar.moment

    def _release_brake(self) -> None:
        """A person comes by who asks why the brake holds."""
        with suppress(TransientError, WorkerKilledError):
            for state in self.states.states([self.site.name]):
                if state.brake:
                    self.luck.met["brake released"] += 1
                    self.states.release(state.site, now=self.calendar.ours())
        self.ticks.wake()
