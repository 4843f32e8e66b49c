"""One simulated world from its first event to a drained queue, and what became of it."""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from svc_plugin.domain.decide import decide
from svc_plugin.domain.errors import SvcPluginError, TransientError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.engine.pacing import Limits
from svc_plugin.engine.ports import Backlog, Notice
from svc_plugin.engine.reconciler import REFUSED, Reconciler, Records
from svc_plugin.engine.sweep import Sweeper
from svc_plugin.engine.worker import Worker
from svc_plugin.messages import load
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.records import SqlCursors, SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.tables import metadata
from svc_plugin.store.work import SqlWorkTable
from tests.builders import example
from tests.faults.simulation.calendar import Calendar
from tests.faults.simulation.faults import FaultyDatabase, FaultySite, Luck, WorkerKilledError
from tests.faults.simulation.people import People
from tests.unit.engine.world import IN_FORCE, Papers

_QUIET = timedelta(hours=30)  # in which retries, leases and deadlines come to their end
_TRIES = 3


@dataclass(frozen=True)
class Size:
    """How much happens: cases, further edits of each, over how many hours, with how many workers.

    People save ``burst`` times within some seconds; a hint reaches a worker after ``hint_seconds``.
    """

    cases: int
    edits: int
    hours: float
    workers: int = 2
    sweep_minutes: float = 5
    tick_minutes: float = 1
    burst: int = 1
    hint_seconds: float = 0.01


@dataclass
class Ending:
    """What a world looks like in the end: each issue by name, what is left to do, and what it took."""

    issues: Counter[str]
    states: dict[str, str]
    left: list[str]
    backlog: Backlog
    met: Counter[str]
    events: int
    delivered: int
    looks: int
    requests: int
    lied: bool
    unexplained: list[str] = field(default_factory=list[str])


class Simulation:
    """People, site, hooks, store and workers under one calendar."""

    def __init__(self, seed: int, size: Size, faults: Collection[str]) -> None:
        self.size = size
        self.calendar = Calendar()
        until = self.calendar.moment + timedelta(hours=size.hours)
        self.luck = Luck(Random(f"faults {seed}"), faults, self.calendar, until)
        self.site = FaultySite("main", self.calendar, self.luck)
        self.database = FaultyDatabase(self.luck)
        self.events = self.looks = self.delivered = 0
        self._numbers = Random(f"jitter {seed}")
        self._awake = 0
        self._parts()
        people = People(self.site, Random(f"people {seed}"))
        people.plan(size.cases, size.edits / size.burst, size.burst, size.hours * 3600, self._act)

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
        records = Records(self.mirror, SqlLedger(self.database), self.refusals, brakes=self.states)
        self.reconciler = Reconciler(looker, rulebook, records, Papers(), clock)
        jitter = lambda: self._numbers.uniform(0.7, 1.3)  # noqa: E731
        self.worker = Worker(self.work, self.reconciler, clock, jitter=jitter, outages=self.states)
        self.sweeper = Sweeper(self.work, self.mirror, SqlCursors(self.database), clock)
        self.states.limit({"main": Limits(at_once=self.size.workers)})
        self.database.sound = False

    def run(self) -> Ending:
        """Live through it all; then let the queue run dry in a kind world, and look at what is there."""
        self.luck.begin()
        self._every(60 * self.size.tick_minutes, self._tick)
        self._every(60 * self.size.sweep_minutes, lambda: self.sweeper.sweep_safely(self.site))
        self._every(1800, self._release_brake)
        self.calendar.pass_until(self.luck.until)
        self.calendar.skew = timedelta()
        self.calendar.pass_until(self.luck.until + _QUIET / 2)
        stuck = self.work.parked(limit=10**6)
        unexplained = [f"{one.ref}: {one.error}" for one in stuck if not self.site.lied]
        for one in stuck:  # a person reads the queue, and the site tells no lies any more
            self.refusals.release(one.ref, at=self.calendar.moment)
        self.work.add([one.ref for one in stuck], due=self.calendar.moment)
        self.calendar.pass_until(self.luck.until + _QUIET + timedelta(minutes=3))
        return self._ending(unexplained)

    def _act(self, seconds: float, what: Callable[[], None]) -> None:
        def act() -> None:
            what()
            self.events += 1
            self._tell()

        self.calendar.after(seconds, act)

    def _every(self, seconds: float, what: Callable[[], None]) -> None:
        def again() -> None:
            self.calendar.after(seconds, again)
            with suppress(TransientError, WorkerKilledError):
                what()

        again()

    def _tell(self) -> None:
        """Send a delivery for each change of the site."""
        luck = self.luck
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
            again = self.worker.work_a_while(lambda _: self._looked())
        except (TransientError, WorkerKilledError):
            again = None  # the hint is lost, the tick finds what is due
        self._tell()
        if again is not None:
            self._hint(again)

    def _looked(self) -> None:
        self.looks += 1
        self._tell()

    def _tick(self) -> None:
        for _ in self.work.due(now=self.calendar.ours(), limit=self.size.workers):
            self._hint()

    def _release_brake(self) -> None:
        for state in self.states.states():
            if state.brake:
                self.luck.met["brake released"] += 1
                self.states.release(state.site, now=self.calendar.ours())

    def _ending(self, unexplained: list[str]) -> Ending:
        self.database.sound = True
        issues = self.site.all()
        names = {issue.ref: _name(issue, self.site) for issue in issues}
        left: list[str] = []
        for issue in issues:
            try:
                if decide(self.reconciler.look(issue.ref), self.reconciler.policies):
                    left.append(names[issue.ref])
            except SvcPluginError as error:
                left.append(f"{names[issue.ref]}: {error}")
        ending = Ending(
            issues=Counter(names.values()),
            states={names[issue.ref]: _state(issue, names) for issue in issues},
            left=left,
            backlog=self.work.pending(now=self.calendar.ours()),
            met=self.luck.met,
            events=self.events,
            delivered=self.delivered,
            looks=self.looks,
            requests=self.site.requests,
            lied=self.site.lied,
            unexplained=unexplained,
        )
        self.database.close()
        return ending


def _name(issue: Issue, site: FaultySite) -> str:
    """Name an issue by what it is for: the numbers of two worlds differ."""
    origin = issue.value(Field.ORIGIN)
    if not origin:
        return issue.title
    rule, _, ref = origin.partition("@")
    parent = site.known(IssueRef("main", ref.partition("/")[2].partition("#")[0]))
    return f"{rule} of {_name(parent, site)}"


def _state(issue: Issue, names: dict[IssueRef, str]) -> str:
    """Say what people see of an issue and what counts, without moments and numbers."""
    fields = {name: value for name, value in sorted(issue.fields.items()) if name is not Field.ORIGIN}
    linked = sorted(names[ref] for ref in issue.links)
    said = sorted(marker for marker in issue.comments if marker != REFUSED)
    return repr(
        (issue.kind, issue.stage, issue.product, issue.assignee, fields, linked, said,
         sorted(issue.watchers), issue.attachments)
    )  # fmt: skip
