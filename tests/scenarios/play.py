"""One scenario being played: people act in a world, the product answers at once, and what it did is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any

from svc_plugin.domain.model import Issue, IssueRef, parse_origin
from svc_plugin.domain.plan import Attach, IssueDocument, Plan
from svc_plugin.domain.plans_in_force import PLAN_OF
from svc_plugin.domain.policy import Mode
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind
from svc_plugin.engine.documents import Written
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.engine.worker import Result, Worker
from svc_plugin.messages import load
from svc_plugin.settings import Settings
from svc_plugin.store.database import Database
from svc_plugin.store.records import SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.tables import metadata
from svc_plugin.store.work import SqlWorkTable
from tests.builders import a_plan
from tests.scenarios.words import Words
from tests.scenarios.worlds import World


class _Papers:
    """Writes documents of one line: here it only counts that one is written."""

    def write(self, wanted: IssueDocument, *, language: str, now: datetime) -> Written:
        name = f"{wanted.document_id}-v1.docx"
        return Written(Attach(name, b"PK", "application/msword"), f"{name} ({language})")


class _Ledger(SqlLedger):
    """Keeps what was carried out in the order in which it was."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.plans: list[Plan] = []

    def record(self, plan: Plan, *, policy: str, at: datetime) -> None:
        super().record(plan, policy=policy, at=at)
        self.plans.append(plan)


@dataclass
class _Engine:
    """The product as it is installed, without webhooks and pages."""

    work: SqlWorkTable
    worker: Worker
    ledger: _Ledger


def _engine(
    settings: Settings, modes: Mapping[str, Mode], planned: set[str], world: World, database: Database
) -> _Engine:
    clock = world.clock
    with database.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.delete())
    policy = replace(settings.policy, modes={**settings.policy.modes, **modes})
    language = world.site.language
    rulebook = Rulebook(policy, "digest", settings.registers, {language: load(language)})
    ledger, work = _Ledger(database), SqlWorkTable(database)
    mirror = SqlMirror(database)
    records = Records(mirror, ledger, SqlRefusals(database))
    for number, (served, kind) in enumerate(product(sorted(planned), PLAN_OF.values())):
        plan = a_plan(kind, str(clock().year), product=served, key=f"plan{number}")
        mirror.put(plan, seen_at=clock())
    looker = Looker({"main": world.site}, rulebook, clock, mirror)
    reconciler = Reconciler(looker, rulebook, records, _Papers(), clock)
    return _Engine(work, Worker(work, reconciler, clock, jitter=lambda: 1.0), ledger)


def _must_be_done(result: Result) -> None:
    assert result.state in {"changed", "unchanged"}, f"the product could not do its work: {result}"


class Play:
    """The people's issues by the names that the scenario gives them; ``sets`` are prepared entries.

    ``database`` has the tables of the product; what it holds is forgotten.
    """

    def __init__(self, settings: Settings, words: Words, world: World, database: Database) -> None:
        world.clock.restart()
        self.settings, self.words, self.world = settings, words, world
        self._database = database
        self.sets: dict[str, dict[Field, str]] = {}
        self.modes: dict[str, Mode] = {}
        self.unplanned: set[str] = set()
        self._refs: dict[str, IssueRef] = {}
        self._filed: list[IssueRef] = []
        self._kinds: dict[str, IssueKind] = {}
        self._read: dict[IssueRef, Issue] = {}
        self._engine: _Engine | None = None

    @property
    def texts(self) -> Texts:
        return load(self.words.language)

    @property
    def plans(self) -> list[Plan]:
        return self._started().ledger.plans

    @property
    def filed(self) -> list[IssueRef]:
        """What people filed, in order."""
        return self._filed

    def never_trained(self, account: str, kind: str) -> None:
        """Strike one kind of training from a person's records."""
        registers = self.settings.registers
        person = registers.people[account]
        left = tuple(training for training in person.trainings if training.kind != kind)
        people = {**registers.people, account: replace(person, trainings=left)}
        self.settings = replace(self.settings, registers=replace(registers, people=people))

    def file(self, name: str, kind: IssueKind, product: str, **more: Any) -> None:
        """Let a person file an issue; the product answers."""
        self.world.clock.tick()
        ref = self.world.create(kind, product, name, **more)
        self._filed.append(ref)
        self.call(name, ref, kind)
        self.settle(ref)

    def call(self, name: str, ref: IssueRef, kind: IssueKind) -> None:
        """Give an issue a name."""
        assert name not in self._refs, f"two issues are called {name}"
        self._refs[name], self._kinds[name] = ref, kind

    def knows(self, name: str) -> bool:
        """Tell whether an issue has this name."""
        return name in self._refs

    def does(self, name: str, account: str, **acts: Any) -> None:
        """Let a person act on an issue; the product answers."""
        self.world.clock.tick()
        self.world.act(self._refs[name], account, **acts)
        self.settle(self._refs[name])

    def strands(self, name: str, account: str) -> None:
        self.world.clock.tick()
        self.world.strand(self._refs[name], account)
        self.settle(self._refs[name])

    def books(self, name: str, account: str, hours: float) -> None:
        self.world.clock.tick()
        self.world.book(self._refs[name], account, hours)
        self.settle(self._refs[name])

    def releases(self, product: str, name: str, account: str) -> None:
        """Let a person make a version; no issue changes by that."""
        self.world.release(product, name, account)

    def kind(self, name: str) -> IssueKind:
        return self._kinds[name]

    def issue(self, name: str) -> Issue:
        """The issue as it is now."""
        return self._fetch(self._refs[name])

    def linked(self, name: str, kind: IssueKind) -> list[Issue]:
        """Issues of a kind that an issue is linked to, eldest first."""
        refs = sorted(self.issue(name).links, key=lambda ref: int(ref.key))
        return [one for one in map(self._fetch, refs) if one.kind is kind]

    def _fetch(self, ref: IssueRef) -> Issue:
        # between two acts nothing changes: what was read once is still so
        if ref not in self._read:
            self._read[ref] = self.world.site.fetch(ref)
        return self._read[ref]

    def settle(self, *refs: IssueRef) -> None:
        """Let the product look at these issues and at what it finds it must look at because of them."""
        self._read.clear()
        engine, waiting = self._started(), list(refs)
        engine.work.add(waiting, due=self.world.clock())
        while waiting:
            result = engine.worker.work_on(waiting.pop(0))
            if result:
                _must_be_done(result)
                waiting += result.follow

    def time_passes(self, to: datetime) -> None:
        """Move the clock; the product looks at what has become due."""
        self._read.clear()
        self.world.clock.set(to)
        self._started().worker.drain(_must_be_done)

    def comes_to_rest(self) -> None:
        """A second look at every issue changes nothing: the product does not answer its own acts."""
        engine, refs = self._started(), [issue.ref for _, issue in self.all_issues()]
        engine.work.add(refs, due=self.world.clock())
        for ref in refs:
            result = engine.worker.work_on(ref)
            assert result, f"{ref} is not due"
            assert result.state == "unchanged", f"{ref} was not at rest: {result}"

    def all_issues(self) -> Iterator[tuple[str, Issue]]:
        """Every issue under a name that is the same in each world: its turn, or what made it for which."""
        known = {ref: str(turn) for turn, ref in enumerate(self._filed, start=1)}
        for ref in self._filed:
            yield known[ref], self._fetch(ref)
            for made in sorted(self._fetch(ref).links - known.keys(), key=lambda one: int(one.key)):
                issue = self._fetch(made)
                rule, owner = parse_origin(issue.value(Field.ORIGIN))
                known[made] = f"{rule}@{known.get(owner, '?') if owner else '?'}"
                yield known[made], issue

    def _started(self) -> _Engine:
        if self._engine is None:
            planned = set(self.settings.registers.products) - self.unplanned
            self._engine = _engine(self.settings, self.modes, planned, self.world, self._database)
        return self._engine
