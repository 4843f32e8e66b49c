"""Finds on the sites what no delivery has reported: deliveries may be lost, a sweep is not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Clock, Cursors, Mirror, Site, Version, WorkTable

OVERLAP = timedelta(minutes=5)
"""Walked again by each sweep: covers slow transactions and clocks that do not quite agree."""
_SAME_SECOND = timedelta(seconds=2)  # sites keep whole seconds: a change just after our look hides in one

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a walk over a site found: from when, when it began, how many issues it met, which to look at.

    ``unknown`` are newer than our last look (or gone); ``uncertain`` changed in the very second of it.
    """

    since: datetime | None
    started_at: datetime
    walked: int
    unknown: tuple[IssueRef, ...]
    uncertain: tuple[IssueRef, ...]
    projects: Mapping[IssueRef, str]

    @property
    def stale(self) -> tuple[IssueRef, ...]:
        """All that must be looked at."""
        return (*self.unknown, *self.uncertain)


class Sweeper:
    """Walks what changed on a site since the last sweep and marks what we have not seen as due."""

    def __init__(self, work: WorkTable, mirror: Mirror, cursors: Cursors, clock: Clock) -> None:
        self._work = work
        self._mirror = mirror
        self._cursors = cursors
        self._clock = clock

    def sweep(self, site: Site) -> Swept:
        """Find what changed since the last sweep and mark it as due."""
        found = self.find(site, since=self.swept_until(site))
        self.mark(site, found)
        return found

    def swept_until(self, site: Site) -> datetime | None:
        """Return how far the site was swept; None when it never was."""
        return self._cursors.read(site.name)

    def sweep_safely(self, site: Site) -> None:
        """Sweep from the timer: a site that is down is logged and swept again later, from the same place."""
        try:
            self.sweep(site)
        except SvcPluginError as error:
            log.warning("sweep.failed", site=site.name, error=str(error))

    def find(self, site: Site, *, since: datetime | None, full: bool = False) -> Swept:
        """Walk the site and compare it with the mirror; nothing is written.

        ``since`` None walks everything; ``full`` also takes up every issue again and finds deleted ones.
        """
        started = self._clock()
        newest: dict[IssueRef, datetime] = {}
        projects: dict[IssueRef, str] = {}
        for changed in site.changed_since(since - OVERLAP if since else None):
            projects[changed.ref] = changed.project
            newest[changed.ref] = max(changed.updated_at, newest.get(changed.ref, changed.updated_at))
        # only of what was met: a mirror may hold a million issues, of which a sweep meets a few
        known = self._mirror.versions(site.name, None if full else [ref.key for ref in newest])
        unknown = {ref for ref, at in newest.items() if _is_unknown(known.get(ref.key), at)}
        uncertain = {ref for ref, at in newest.items() if full or _is_uncertain(known.get(ref.key), at)}
        if full:
            unknown |= {ref for key in known if (ref := IssueRef(site.name, key)) not in newest}
        rest = uncertain - unknown
        return Swept(since, started, len(newest), tuple(sorted(unknown)), tuple(sorted(rest)), projects)

    def mark(self, site: Site, found: Swept) -> None:
        """Mark what was found as due, then remember how far we are: a crash between loses nothing."""
        self.finish(site, found, unreported=self.take_up(found, found.stale))

    def take_up(self, found: Swept, refs: Collection[IssueRef]) -> int:
        """Mark ``refs``, out of what was found, as due; return how many of them no delivery had reported."""
        now, unknown = self._clock(), set(found.unknown).intersection(refs)
        # a walk over everything leaves the turns of the projects to what happens meanwhile
        projects = found.projects if found.since else dict[IssueRef, str]()
        self._work.add(set(refs) - unknown, due=now, projects=projects)
        return self._work.add(unknown, due=now, projects=projects)

    def finish(self, site: Site, found: Swept, *, unreported: int) -> None:
        """Remember how far we are, when all that was found has been marked; ``unreported`` of it was news."""
        cursor = self._cursors.read(site.name)
        # a walk that began later than the last one ended leaves a gap: the cursor stays before it
        gapless = cursor is None or found.since is None or found.since <= cursor
        until = found.started_at if gapless else cursor
        self._cursors.advance(site.name, until or found.started_at, unreported=unreported)
        log.info(
            "sweep.done", site=site.name, walked=found.walked, stale=len(found.stale), unreported=unreported
        )


def _is_unknown(known: Version | None, updated_at: datetime) -> bool:
    return known is None or updated_at > known.updated_at


def _is_uncertain(known: Version | None, updated_at: datetime) -> bool:
    return known is not None and updated_at >= known.seen_at - _SAME_SECOND
