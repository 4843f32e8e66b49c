"""A whole engine on a site in memory, with a clock in the test's hand and hooks that a test may lose."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.plan import Attach, IssueDocument
from svc_plugin.domain.policy import Mode, Policies, Policy
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.documents import Written
from svc_plugin.engine.looking import Looker, Rulebook
from svc_plugin.engine.ports import Notice, Write
from svc_plugin.engine.reconciler import Reconciler, Records
from svc_plugin.engine.sweep import Sweeper
from svc_plugin.engine.sync import Syncer
from svc_plugin.engine.worker import Result, Worker
from svc_plugin.messages import load
from svc_plugin.sites.memory import MemorySite
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.records import SqlCursors, SqlLedger, SqlMirror
from svc_plugin.store.refusals import SqlRefusals
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.tables import metadata
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY, SERVICE, example

# the engine is on trial here, not the process: enough rules to move, ask, hand over, wait and write
IN_FORCE = {"M05", "M06", "M12", "M14", "M32", "M40", "M50", "M54"}


@dataclass
class Watch:
    """The only clock of the world."""

    moment: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.moment

    def later(self, **span: float) -> None:
        self.moment += timedelta(**span)


class WatchedSite(MemorySite):
    """Counts what is written to it and tells of every change, as a tracker's webhook does."""

    def __init__(self, name: str, clock: Watch) -> None:
        super().__init__(name, clock)
        self.writes: list[tuple[IssueRef, tuple[Write, ...]]] = []
        self.events: list[IssueRef] = []
        self.broken: Exception | None = None
        self.unreadable: dict[IssueRef, Exception] = {}

    def fetch(self, ref: IssueRef) -> Issue:
        if error := self.broken or self.unreadable.get(ref):
            raise error
        return super().fetch(ref)

    def apply(self, ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        before = dict(self._issues)
        self.writes.append((ref, tuple(writes)))
        try:
            super().apply(ref, writes, seen=seen)
        finally:
            self.events += [one.ref for key, one in self._issues.items() if before.get(key) != one]

    def put(self, issue: Issue) -> None:
        """Have an issue as given."""
        self._keep(issue)

    def delete(self, ref: IssueRef) -> None:
        """Let somebody delete an issue."""
        del self._issues[ref.key]

    def all(self) -> list[Issue]:
        return list(self._issues.values())


class Around:
    """The product's other issues, as a mirror tells of them."""

    def __init__(self, *issues: Issue) -> None:
        self.issues = issues

    def standing(
        self, product: str, kind: IssueKind, stages: Collection[Stage], *, since: datetime | None = None
    ) -> Iterator[Issue]:
        changed = [one for one in self.issues if since is None or one.updated_at >= since]
        return (one for one in changed if (one.product, one.kind) == (product, kind) and one.stage in stages)


class Papers:
    """Writes documents of one line."""

    def write(self, wanted: IssueDocument, *, language: str, now: datetime) -> Written:
        name = f"{wanted.document_id}-v1.docx"
        return Written(Attach(name, b"PK", "application/msword"), f"{name} ({language})")


class World:
    """Person, site, hooks, store and worker; without ``policy`` a few rules and those of ``also``."""

    def __init__(
        self, url: str = "sqlite://", *, also: Collection[str] = (), policy: Policies | Policy | None = None
    ) -> None:
        self.clock = Watch()
        self.site = WatchedSite("main", self.clock)
        self.database = Database(url)
        with self.database.begin() as connection:
            metadata.create_all(connection)
        settings = example()
        in_force = IN_FORCE | set(also)
        few = replace(settings.policy, modes={r.id: Mode.OFF for r in RULES if r.id not in in_force})
        self.rulebook = Rulebook(policy or few, "digest", settings.registers, {"zh": load("zh")})
        self.work, self.inbox = SqlWorkTable(self.database), SqlInbox(self.database)
        self.mirror, self.ledger = SqlMirror(self.database), SqlLedger(self.database)
        self.refusals, self.cursors = SqlRefusals(self.database), SqlCursors(self.database)
        looker = Looker({"main": self.site}, self.rulebook, self.clock, self.mirror)
        self.states = SqlSiteStates(self.database)
        records = Records(
            self.mirror,
            self.ledger,
            self.refusals,
            brakes=self.states,
            together=partial(self.database.together, everywhere=True),
        )
        self.reconciler = Reconciler(looker, self.rulebook, records, Papers(), self.clock)
        self.worker = Worker(self.work, self.reconciler, self.clock, jitter=lambda: 1.0, outages=self.states)
        self.sweeper = Sweeper(self.work, self.mirror, self.cursors, self.clock)
        self.syncer = Syncer(
            self.sweeper,
            self.reconciler.weigher,
            self.worker,
            lambda site: self.states.release(site, now=self.clock()),
        )
        self._deliveries = 0

    def create(self, kind: IssueKind = IssueKind.SERVICE_REQUEST, **more: object) -> IssueRef:
        """Let a person file an issue, silently: call ``hook`` for the event."""
        given = {"author": SERVICE, "fields": {}, **more}
        return self.site.create(kind, "erp", "开票失败", **given)  # type: ignore[arg-type]

    def does(
        self,
        ref: IssueRef,
        account: str = SERVICE,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
    ) -> None:
        """Let a person act a minute later, silently."""
        self.clock.later(minutes=1)
        self.site.person_does(ref, account, stage=stage, fields=fields, note=note)

    def hook(self, ref: IssueRef, delivery: str = "") -> bool:
        """Deliver an event about an issue."""
        self._deliveries += 1
        name = delivery or f"d{self._deliveries}"
        return self.inbox.accept(Notice(ref, name, b"{}", self.clock()))

    def drain(self) -> list[Result]:
        """Work until nothing is due; our own echoes are lost."""
        results: list[Result] = []
        self.worker.drain(results.append)
        self.site.events.clear()
        return results

    def settle(self) -> list[Result]:
        """Work, hear our own echoes, and work again until all is quiet."""
        results: list[Result] = []
        for _ in range(20):
            self.worker.drain(results.append)
            echoes, self.site.events = self.site.events, []
            if not echoes:
                return results
            for ref in echoes:
                self.hook(ref)
        raise AssertionError("echoes never end")

    def issue(self, ref: IssueRef) -> Issue:
        return MemorySite.fetch(self.site, ref)

    def closed_without_evidence(self) -> IssueRef:
        """A request that a person closed although its closing list is empty: M40 reopens it."""
        ref = self.create(fields={Field.REQUEST_KIND: "request", Field.CHANNEL: "phone"})
        self.does(ref, stage=Stage.IN_PROGRESS)
        self.does(ref, stage=Stage.CLOSED)
        return ref


EVIDENCE = {Field.ANSWER: "已说明", Field.MEASURE: "无", Field.SATISFACTION_EVIDENCE: "written"}
DOWN = TransientError("the site is down")
