"""Works through the table: claim, reconcile, give back; what fails waits longer each time, then is parked."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from svc_plugin.domain.errors import TerminalError, TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Clock, WorkItem, WorkTable
from svc_plugin.engine.reconciler import AtRest, Outcome, Reconciler, summary

_LEASE = timedelta(minutes=10)  # longer than any reconcile: every HTTP call inside has a time-out
_PAUSE = timedelta(seconds=1)
_FIRST_DELAY = 5.0
_LONGEST_DELAY = 3600.0
_MOST_TRIES = 12

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
    issue and is told what came of it.
    """

    def __init__(
        self,
        work: WorkTable,
        reconciler: Reconciler,
        clock: Clock,
        *,
        jitter: Callable[[], float],
        watch: Watch | None = None,
    ) -> None:
        self._work = work
        self._reconciler = reconciler
        self._clock = clock
        self._jitter = jitter
        self._watch = watch or _unwatched

    def work_on(self, ref: IssueRef | None = None, rest: AtRest | None = None) -> Result | None:
        """Claim ``ref`` (None: whatever is longest overdue) and reconcile it; None when nothing was due.

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
        """Keep what is written down inside in one go: for issues at rest only, see ``Reconciler.at_rest``."""
        return self._work.together()

    def _work_off(self, item: WorkItem, rest: AtRest | None) -> Result:
        if item.tries >= _MOST_TRIES:  # only workers that died leave so many behind
            return self._park(item, f"{item.tries} tries were cut short: a worker died at each of them")
        try:
            return self._finish(item, self._reconciler.reconcile(item.ref, rest))
        except TerminalError as error:
            return self._park(item, str(error), error.recheck_at)
        except TransientError as error:
            return self._retry(item, error, error.retry_after)
        except Exception as error:  # a fault of ours must not lose the issue
            log.exception("reconcile.failed")
            return self._retry(item, error, None)

    def drain(self, on_result: Callable[[Result], None] | None = None) -> None:
        """Work until nothing is due."""
        while (result := self.work_on()) is not None:
            if on_result:
                on_result(result)

    def _finish(self, item: WorkItem, outcome: Outcome) -> Result:
        now = self._clock()
        if outcome.follow:
            self._work.add(outcome.follow, due=now)
        next_due = self._work.done(item, now=now, again=self._again(outcome.recheck_at))
        state = "gone" if outcome.gone else "changed" if outcome.plans else "unchanged"
        named = {"plan": ",".join(plan.id for plan in outcome.plans)} if outcome.plans else {}
        log.info(
            "reconcile.done", state=state, rules=summary(outcome.plans), next=str(next_due or ""), **named
        )
        return Result(item.ref, state, next_due, follow=outcome.follow)

    def _again(self, at: datetime | None) -> datetime | None:
        # a moment that has just come is not over yet: without a pause we would look at it in circles
        return max(at, self._clock() + _PAUSE) if at else None

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
