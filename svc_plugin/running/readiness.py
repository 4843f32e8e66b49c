"""Whether this process may be sent work: every reason against it has a name (``/ready``)."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from svc_plugin.domain.errors import TransientError
from svc_plugin.engine.ports import Backlog, Clock
from svc_plugin.running.pulse import FRESH
from svc_plugin.store.database import Database
from svc_plugin.store.heartbeats import SqlHeartbeats
from svc_plugin.store.work import SqlWorkTable

STUCK = timedelta(minutes=10)
"""An issue that is due for longer shows that hints are lost or workers hang."""
LEAST_SPACE = 200 * 1024 * 1024
"""Bytes that must be free beside an embedded database."""
_KEPT = timedelta(seconds=2)  # anybody may ask; the disk is not asked more often than this
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """What was found: ``reasons`` by the name of the check that failed, and the backlog where it is known."""

    reasons: Sequence[tuple[str, str]]
    backlog: Backlog | None = None


class Readiness:
    """Looks at database, schema, workers, queue and disk; one look serves all who ask within two seconds.

    ``free`` returns the free bytes beside a file.
    """

    def __init__(
        self,
        database: Database,
        work: SqlWorkTable,
        clock: Clock,
        free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self._database = database
        self._heartbeats = SqlHeartbeats(database)
        self._work = work
        self._clock = clock
        self._free = free
        self._lock = threading.Lock()
        self._last: tuple[datetime, State] | None = None

    def state(self) -> State:
        """Return what was found now, or just before."""
        with self._lock:
            now = self._clock()
            if self._last is None or not timedelta() <= now - self._last[0] < _KEPT:
                self._last = now, self._look(now)
            return self._last[1]

    def _look(self, now: datetime) -> State:
        try:
            self._heartbeats.probe(now)
            backlog = self._work.pending(now=now)
            reasons = [*self._schema(), *self._workers(now), *_queue(backlog, now), *self._disk()]
        except TransientError as error:
            _log.warning("ready.failed", error=str(error))  # the text may name servers: not for everybody
            return State([("database", "the database cannot be written to"), *self._disk()])
        return State(reasons, backlog)

    def _schema(self) -> Iterator[tuple[str, str]]:
        if not self._database.is_current():
            yield "migrations", "the tables are not those of this version; restart, it brings them up to date"

    def _workers(self, now: datetime) -> Iterator[tuple[str, str]]:
        if not any(now - one.at < FRESH for one in self._heartbeats.all()):
            yield "workers", f"no worker has been heard of for {FRESH.total_seconds():.0f} s"

    def _disk(self) -> Iterator[tuple[str, str]]:
        file = self._database.file
        if file is not None and self._free(file.parent) < LEAST_SPACE:
            yield "disk", f"less than {LEAST_SPACE // 1024**2} MB are free beside the database"


def _queue(backlog: Backlog, now: datetime) -> Iterator[tuple[str, str]]:
    if backlog.oldest_due is not None and now - backlog.oldest_due > STUCK:
        yield "queue", f"an issue has been due since {backlog.oldest_due.isoformat()}"
