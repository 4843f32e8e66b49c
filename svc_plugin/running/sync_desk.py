"""Carries out the syncs that administrators ask for on a page, and tells how far they are."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from svc_plugin.engine.ports import Clock, Site
from svc_plugin.engine.sync import Syncer, SyncOptions, SyncSummary
from svc_plugin.store.syncs import AskedSync, SqlSyncs

_LEASE = timedelta(minutes=15)  # longer than one issue may take: progress renews it
_OFTEN = timedelta(seconds=1)
_STATES = ("changed", "unchanged", "gone", "retry", "parked")
_log = structlog.get_logger(__name__)


class _StoppedError(Exception):
    """The process ends; nothing is wrong with the sync."""


class SyncDesk:
    """Takes one sync after the other; two workers never take the same.

    Once ``stopping`` tells so, it stops between two issues and leaves the sync to whoever runs next.
    """

    def __init__(
        self,
        syncs: SqlSyncs,
        syncer: Syncer,
        sites: Mapping[str, Site],
        clock: Clock,
        *,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._syncs = syncs
        self._syncer = syncer
        self._sites = sites
        self._clock = clock
        self._stopping = stopping

    def run(self) -> None:
        """Carry out what was asked for; one that was cut short begins anew."""
        while (
            not self._stopping() and (asked := self._syncs.claim(now=self._clock(), lease=_LEASE)) is not None
        ):
            try:
                result = self._carry_out(asked)
            except _StoppedError:
                self._syncs.progress(asked.id, "walk", 0, 0, until=self._clock() - _OFTEN)
                return
            self._syncs.end(asked.id, result, at=self._clock())
            _log.info("sync.done", site=asked.site, account=asked.account, **result)

    def _carry_out(self, asked: AskedSync) -> Mapping[str, object]:
        site = self._sites.get(asked.site)
        if site is None:
            return {"error": f"site '{asked.site}' is not configured any more"}
        try:
            summary = self._syncer.run([site], SyncOptions(full=asked.full), self._progress(asked))
        except _StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault must not have it begun again and again
            _log.exception("sync.failed", site=asked.site)
            return {"error": str(error)}
        return _told(summary)

    def _progress(self, asked: AskedSync) -> Callable[[str, int, int], None]:
        last = self._clock() - _OFTEN

        def note(step: str, done: int, total: int) -> None:
            nonlocal last
            if self._stopping():
                raise _StoppedError
            now = self._clock()
            if now - last >= _OFTEN or done == total:
                last = now
                self._syncs.progress(asked.id, step, done, total, until=now + _LEASE)

        return note


def _told(summary: SyncSummary) -> Mapping[str, object]:
    return {
        "looked_at": summary.looked_at,
        "would_change": len(summary.plans),
        "braked": summary.braked,
        "failed": len(summary.failed),
        "error": next(iter(summary.failed.values()), ""),
        **{state: summary.count(state) for state in _STATES},
    }
