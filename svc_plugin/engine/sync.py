"""The admin's ``sync``: find what changed, weigh it, refuse to change too much at once, then work it off.

Each issue is read once: one on which there is nothing to do is written down when it is weighed.
"""

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
from svc_plugin.engine.sweep import Sweeper, Swept
from svc_plugin.engine.weighing import Weighed, Weigher
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
class _Walked:
    """What the walk over a site found; ``kept`` of it was written down as it was weighed."""

    site: Site
    swept: Swept
    kept: set[IssueRef] = field(default_factory=set[IssueRef])
    unreported: int = 0

    @property
    def left(self) -> Sequence[IssueRef]:
        return [ref for ref in self.swept.stale if ref not in self.kept]


@dataclass(slots=True)
class SyncSummary:
    """What a sync did; ``braked`` means that it refused to, and changed nothing on a site."""

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
        weigher: Weigher,
        worker: Worker,
        release: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sweeper = sweeper
        self._weigher = weigher
        self._worker = worker
        self._release = release

    def run(self, sites: Iterable[Site], options: SyncOptions, progress: Progress) -> SyncSummary:
        """Walk, weigh, brake, work. A site that cannot be walked is named in ``failed``."""
        summary = SyncSummary()
        found = self._walk(sites, options, summary)
        total = sum(len(one.swept.stale) for one in found)
        for one in found:
            weighed = self._weigh(one, summary, lambda: progress("plan", summary.looked_at, total))
            while some := list(islice(weighed, _TOGETHER)):
                if not options.dry_run:
                    summary.results += self._keep(one, some)
        # what was met: a sync that was cut short is judged as one that was not
        met = max(summary.looked_at, sum(one.swept.walked for one in found))
        summary.braked = not options.force and too_much(len(summary.plans), met)
        if not (options.dry_run or summary.braked):
            self._work(found, options, summary, progress)
        return summary

    def _walk(self, sites: Iterable[Site], options: SyncOptions, summary: SyncSummary) -> Sequence[_Walked]:
        found: list[_Walked] = []
        for site in sites:
            since = None if options.full else options.since or self._sweeper.swept_until(site)
            try:
                found.append(_Walked(site, self._sweeper.find(site, since=since, full=options.full)))
            except SvcPluginError as error:
                summary.failed[site.name] = str(error)
        return found

    def _weigh(self, walked: _Walked, summary: SyncSummary, told: Callable[[], None]) -> Iterator[Weighed]:
        """Say of each issue what is to be done about it; those that cannot be read are noted only."""
        for ref, glanced in self._glance(walked.swept.stale):
            summary.looked_at += 1
            try:
                weighed = self._weigher.weigh(ref, glanced)
            except IssueNotFoundError:
                summary.gone += 1
            except SvcPluginError as error:
                summary.failed[str(ref)] = str(error)
            else:
                summary.plans += [weighed.plan] if weighed.plan else []
                yield weighed
            told()

    def _glance(self, refs: Sequence[IssueRef]) -> Iterator[tuple[IssueRef, Snapshot | None]]:
        """Read issues many at a time; None for one that is to be looked at alone, where its fault shows."""
        for begin in range(0, len(refs), _AT_ONCE):
            some = refs[begin : begin + _AT_ONCE]
            try:
                found = self._weigher.look_at_many(some)
            except SvcPluginError as error:
                log.warning("sync.one_by_one", error=str(error))
                found = dict[IssueRef, Snapshot]()
            yield from ((ref, found.get(ref)) for ref in some)

    def _keep(self, walked: _Walked, some: Sequence[Weighed]) -> Sequence[Result]:
        """Write down in one go what is at rest; if that fails, it is left to be worked on like the others."""
        try:
            with self._worker.together():
                rests = {one.seen.issue.ref: self._weigher.at_rest(one) for one in some}
                resting = {ref: rest for ref, rest in rests.items() if rest}
                unreported = self._sweeper.take_up(walked.swept, resting)
                results = [self._worker.work_on(ref, rest) for ref, rest in resting.items()]
        except TransientError as error:
            log.warning("sync.not_together", error=str(error))
            return ()
        walked.unreported += unreported
        kept = [result for result in results if result and result.state == "unchanged"]
        walked.kept.update(result.ref for result in kept)
        return kept

    def _work(
        self, found: Sequence[_Walked], options: SyncOptions, summary: SyncSummary, progress: Progress
    ) -> None:
        def note(result: Result) -> None:
            summary.results.append(result)
            progress("work", len(summary.results), 0)

        for one in found:
            if options.force:
                self._release(one.site.name)
            unreported = one.unreported + self._sweeper.take_up(one.swept, one.left)
            self._sweeper.finish(one.site, one.swept, unreported=unreported)
        for ref in (ref for one in found for ref in one.left):
            # read again: between weighing and now much may have changed
            if result := self._worker.work_on(ref):
                note(result)
        self._worker.drain(note)
