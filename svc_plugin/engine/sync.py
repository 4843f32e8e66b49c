"""The admin's ``sync``: find what changed, weigh it, refuse to change too much at once, then work it off."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import structlog

from svc_plugin.domain.errors import IssueNotFoundError, SvcPluginError, TransientError
from svc_plugin.domain.limits import too_much
from svc_plugin.domain.model import IssueRef, Snapshot
from svc_plugin.domain.plan import Plan
from svc_plugin.engine.ports import Site
from svc_plugin.engine.reconciler import Reconciler
from svc_plugin.engine.sweep import Sweeper, Swept
from svc_plugin.engine.worker import Result, Worker

_TOGETHER = 25  # issues whose records go to the disk in one commit: deliveries wait that long
_AT_ONCE = 1000  # issues that are read together and held in memory

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What to walk and how far to go; ``since`` None continues where the last sweep ended."""

    since: datetime | None = None
    full: bool = False
    dry_run: bool = False
    force: bool = False


@dataclass(slots=True)
class SyncSummary:
    """What a sync did; ``braked`` means that it refused to, and changed nothing."""

    looked_at: int = 0
    gone: int = 0
    plans: list[Plan] = field(default_factory=list[Plan])
    failed: dict[str, str] = field(default_factory=dict[str, str])
    results: list[Result] = field(default_factory=list[Result])
    braked: bool = False

    def count(self, state: str) -> int:
        """Return how many issues ended in a state."""
        return sum(result.state == state for result in self.results)


Progress = Callable[[str, int, int], None]
"""Told (step, done, of): step is ``plan`` or ``work``; of 0 means that the end is not known."""


class Syncer:
    """Runs one sync over some sites; ``release`` takes the brake of a site off when a sync is forced."""

    def __init__(
        self,
        sweeper: Sweeper,
        reconciler: Reconciler,
        worker: Worker,
        release: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sweeper = sweeper
        self._reconciler = reconciler
        self._worker = worker
        self._release = release

    def run(self, sites: Iterable[Site], options: SyncOptions, progress: Progress) -> SyncSummary:
        """Walk, plan, brake, work. A site that cannot be walked is named in ``failed``."""
        summary = SyncSummary()
        found = self._walk(sites, options, summary)
        stale = [ref for _, swept in found for ref in swept.stale]
        for ref, glanced in self._glance(stale):
            self._plan(ref, glanced, summary)
            progress("plan", summary.looked_at, len(stale))
        summary.braked = not options.force and self._too_much(summary)
        if not (options.dry_run or summary.braked):
            for site, swept in found:
                if options.force:
                    self._release(site.name)
                self._sweeper.mark(site, swept)
            self._work(stale, summary, progress)
        return summary

    def _glance(self, refs: Sequence[IssueRef]) -> Iterator[tuple[IssueRef, Snapshot | None]]:
        """Read issues many at a time; None for one that is to be looked at alone, where its fault shows."""
        for begin in range(0, len(refs), _AT_ONCE):
            some = refs[begin : begin + _AT_ONCE]
            try:
                found = self._reconciler.look_at_many(some)
            except SvcPluginError as error:
                log.warning("sync.one_by_one", error=str(error))
                found = dict[IssueRef, Snapshot]()
            yield from ((ref, found.get(ref)) for ref in some)

    def _walk(
        self, sites: Iterable[Site], options: SyncOptions, summary: SyncSummary
    ) -> Sequence[tuple[Site, Swept]]:
        found: list[tuple[Site, Swept]] = []
        for site in sites:
            since = None if options.full else options.since or self._sweeper.swept_until(site)
            try:
                found.append((site, self._sweeper.find(site, since=since, full=options.full)))
            except SvcPluginError as error:
                summary.failed[site.name] = str(error)
        return found

    def _plan(self, ref: IssueRef, glanced: Snapshot | None, summary: SyncSummary) -> None:
        summary.looked_at += 1
        try:
            plan = self._reconciler.plan(ref, glanced)
        except IssueNotFoundError:
            summary.gone += 1
        except SvcPluginError as error:
            summary.failed[str(ref)] = str(error)
        else:
            if plan:
                summary.plans.append(plan)

    @staticmethod
    def _too_much(summary: SyncSummary) -> bool:
        return too_much(len(summary.plans), summary.looked_at)

    def _work(self, stale: Sequence[IssueRef], summary: SyncSummary, progress: Progress) -> None:
        def note(result: Result) -> None:
            summary.results.append(result)
            progress("work", len(summary.results), 0)

        # read again: between planning and now much may have changed
        glances = self._glance(stale)
        while some := list(islice(glances, _TOGETHER)):
            for result in self._work_on(some):
                note(result)
        self._worker.drain(note)

    def _work_on(self, some: Sequence[tuple[IssueRef, Snapshot | None]]) -> Iterator[Result]:
        """Write down in one go what is at rest; the others one by one, each plan on the disk before it."""
        kept: list[Result | None] = []
        alone: list[IssueRef] = []
        try:
            with self._worker.together():
                for ref, glanced in some:
                    if rest := self._reconciler.at_rest(ref, glanced):
                        kept.append(self._worker.work_on(ref, rest))
                    else:
                        alone.append(ref)
        except TransientError as error:
            log.warning("sync.not_together", error=str(error))
            kept, alone = [], [ref for ref, _ in some]
        yield from (result for result in kept if result)
        for ref in alone:
            if result := self._worker.work_on(ref):
                yield result
