"""Works through the table: claim, reconcile, give back; what fails waits longer each time, then is parked.

A site that does not answer is left alone as a whole: that is no fault of the issue that met it.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from svc_plugin.domain.errors import TerminalError, TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.pacing import Outages
from svc_plugin.engine.ports import Clock, WorkItem, WorkTable
from svc_plugin.engine.reconciler import Outcome, Reconciler
from svc_plugin.engine.weighing import AtRest

_LEASE = timedelta(minutes=10)  # longer than any reconcile: every HTTP call inside has a time-out
_PAUSE = timedelta(seconds=1)
_FIRST_DELAY = 5.0
_LONGEST_DELAY = 3600.0
_MOST_TRIES = 12
_TICK = timedelta(minutes=1)
_AT_A_STRETCH = 20  # then others, the clock among them, get the thread

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one claim. ``state`` is unchanged, changed, gone, retry or parked."""

    ref: IssueRef
    state: str
    next_due: datetime | None = None
    error: str = ""
    follow: tuple[IssueRef, ...] = ()


Watch: TypeAlias = Callable[[IssueRef], AbstractContextManager[Callable[[Result], None]]]
"""Stands around the work on an issue; gives the function to which the result is told."""


@contextmanager
def _unwatched(_ref: IssueRef) -> Generator[Callable[[Result], None]]:
    yield lambda _result: None


class Worker:
    """Takes one issue at a time; several workers share a table without ever sharing an issue.

    ``jitter`` returns a factor around 1 that spreads retries. ``watch`` stands around the work on each
    issue and is told what came of it. Without ``outages`` each issue finds out by itself that its site is
    down.
    """

    def __init__(
        self,
        work: WorkTable,
        reconciler: Reconciler,
        clock: Clock,
        *,
        jitter: Callable[[], float],
        watch: Watch | None = None,
        outages: Outages | None = None,
    ) -> None:
        self._work = work
        self._reconciler = reconciler
        self._clock = clock
        self._jitter = jitter
        self._watch = watch or _unwatched
        self._outages = outages

    def work_on(self, ref: IssueRef | None = None, rest: AtRest | None = None) -> Result | None:
        """Claim ``ref`` (None: whose turn it is) and reconcile it; None when nothing may be claimed now.

        ``rest``: see ``Reconciler.reconcile``.
        """
        item = self._work.take(now=self._clock(), lease=_LEASE, ref=ref)
        if item is None:
            return None
        with structlog.contextvars.bound_contextvars(issue=str(item.ref)), self._watch(item.ref) as told:
            result = self._work_off(item, rest)
            told(result)
            return result

    def together(self) -> AbstractContextManager[None]:
        """Keep what is written down inside in one go: for issues at rest only, see ``Weigher.at_rest``."""
        return self._work.together()

    def _work_off(self, item: WorkItem, rest: AtRest | None) -> Result:
        if item.tries >= _MOST_TRIES:  # only workers that died leave so many behind
            return self._park(item, f"{item.tries} tries were cut short: a worker died at each of them")
        try:
            return self._finish(item, self._reconciler.reconcile(item.ref, rest))
        except TerminalError as error:
            return self._park(item, str(error), error.recheck_at)
        except TransientError as error:
            return self._failed(item, error)
        except Exception as error:  # a fault of ours must not lose the issue
            log.exception("reconcile.failed")
            return self._retry(item, error, None)

    def work_a_while(
        self, on_result: Callable[[Result], None], *, stopping: Callable[[], bool] = lambda: False
    ) -> float | None:
        """Work on whose turn it is until nothing may be claimed, or long enough for one stretch.

        Return after how many seconds, less than a minute, to go on: something is due then, or a site's pause
        is over. None when others will see to it: nothing was claimed at all, or the minute's tick is soon
        enough (a hint kept longer would only be lost in a restart).
        """
        due: list[datetime] = []
        for number in range(_AT_A_STRETCH):
            result = self.work_on()
            if result is None:
                free = self._work.free_at(now=self._clock()) if number else None
                # what is due during a pause has to wait for its end, and a pause ends for what is due by then
                return self._soon([max(one, free) for one in due] or [free] if free else due)
            on_result(result)
            if stopping():
                return None
            due += [result.next_due] if result.next_due else []
        return 0.0

    def _soon(self, moments: Sequence[datetime]) -> float | None:
        waits = [(moment - self._clock()).total_seconds() for moment in moments]
        return max(0.0, min(waits)) if waits and min(waits) < _TICK.total_seconds() else None

    def drain(self, on_result: Callable[[Result], None] | None = None) -> None:
        """Work until nothing is due."""
        while (result := self.work_on()) is not None:
            if on_result:
                on_result(result)

    def _finish(self, item: WorkItem, outcome: Outcome) -> Result:
        now = self._clock()
        with self._work.together():
            if self._outages and item.troubled:
                self._outages.answered(item.ref.site)
            if outcome.follow:
                self._work.add(outcome.follow, due=now)
            next_due = self._work.done(item, now=now, again=self._again(outcome.recheck_at))
        state = "gone" if outcome.gone else "changed" if outcome.plans else "unchanged"
        named = {"plan": ",".join(plan.id for plan in outcome.plans)} if outcome.plans else {}
        rules = ",".join(dict.fromkeys(one.rule for plan in outcome.plans for one in plan.acting))
        log.info("reconcile.done", state=state, rules=rules, next=str(next_due or ""), **named)
        return Result(item.ref, state, next_due, follow=outcome.follow)

    def _again(self, at: datetime | None) -> datetime | None:
        # a moment that has just come is not over yet: without a pause we would look at it in circles
        return max(at, self._clock() + _PAUSE) if at else None

    def _failed(self, item: WorkItem, error: TransientError) -> Result:
        if not (error.site_wide and self._outages):
            return self._retry(item, error, error.retry_after)
        site, now = item.ref.site, self._clock()
        outage = self._outages.failed(site, now=now, retry_after=error.retry_after, error=str(error))
        log.warning("site.down", site=site, until=str(outage.until), error=str(error))
        wait = (outage.until - now).total_seconds()
        if outage.first:  # one issue alone may bring a server down each time: its tries are counted
            return self._retry(item, error, max(wait, error.retry_after or 0.0))
        next_due = self._work.postpone(item, due=outage.until)
        return Result(item.ref, "retry", next_due, str(error))

    def _retry(self, item: WorkItem, error: Exception, retry_after: float | None) -> Result:
        if item.tries + 1 >= _MOST_TRIES:
            return self._park(item, f"{item.tries + 1} tries failed, the last: {error}")
        delay = retry_after or min(_FIRST_DELAY * 2.0**item.tries, _LONGEST_DELAY) * self._jitter()
        due = self._clock() + timedelta(seconds=delay)
        next_due = self._work.retry(item, due=due, error=str(error))
        log.warning("reconcile.retry", tries=item.tries + 1, delay=round(delay, 1), error=str(error))
        return Result(item.ref, "retry", next_due, str(error))

    def _park(self, item: WorkItem, error: str, again: datetime | None = None) -> Result:
        next_due = self._work.park(item, error=error, again=self._again(again))
        log.warning("reconcile.parked", error=error)
        return Result(item.ref, "parked", next_due, error)
