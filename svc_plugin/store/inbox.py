"""Deliveries: committed before they are acknowledged, many requests in one commit."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Notice
from svc_plugin.store.alarms import Alarm, ThreadAlarm
from svc_plugin.store.by_site import by_site
from svc_plugin.store.claims import enlist
from svc_plugin.store.database import Database
from svc_plugin.store.tables import deliveries, work
from svc_plugin.store.work import touching

# built once: to build a statement costs more than to run it
_SITE: sa.BindParameter[str] = sa.bindparam("at_site")
_NAMES: sa.BindParameter[Any] = sa.bindparam("names", expanding=True)
_KNOWN = sa.select(deliveries.c.delivery).where(deliveries.c.site == _SITE, deliveries.c.delivery.in_(_NAMES))
_IDENTIFIED = sa.select(deliveries.c.identifier).where(
    deliveries.c.site == _SITE, deliveries.c.identifier.in_(_NAMES)
)
_PATIENCE = 10.0  # seconds a sender waits for the disk before it is told to come back


class SqlInbox:
    """Stores deliveries one transaction at a time, from the caller's thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._touching = touching(database).returning(work.c.site, work.c.key, work.c.wanted)
        storing = database.insert(deliveries).on_conflict_do_nothing()
        self._storing = storing.returning(deliveries.c.site, deliveries.c.delivery)

    def accept(self, notice: Notice) -> bool:
        """Store the delivery and mark its issue as due; False when it was stored before."""
        return self.accept_all([notice])[0]

    def accept_all(self, notices: Sequence[Notice]) -> list[bool]:
        """Store several deliveries in one transaction: all of them or none."""
        names = [(notice.ref.site, notice.delivery) for notice in notices]
        with self._database.begin() as connection:
            known = _known(connection, notices, names)
            new = {name: notice for name, notice in zip(names, notices, strict=True) if name not in known}
            stored = self._store(connection, list(new.values())) if new else set[tuple[str, str]]()
        answers: list[bool] = []
        for name in names:
            answers.append(name in stored)
            stored.discard(name)  # of two alike in one commit the first is the stored one
        return answers

    def open_deliveries(self, ref: IssueRef, *, limit: int) -> Sequence[str]:
        """Return the ids of the deliveries on an issue that no finished look has seen, the newest first."""
        seen = sa.select(work.c.done).where(work.c.site == ref.site, work.c.key == ref.key)
        rows = (
            sa.select(deliveries.c.delivery)
            .where(deliveries.c.site == ref.site, deliveries.c.key == ref.key)
            .where(deliveries.c.seq > sa.func.coalesce(seen.scalar_subquery(), 0))
            .order_by(deliveries.c.seq.desc())
            .limit(limit)
        )
        with self._database.begin() as connection:
            return list(connection.execute(rows).scalars())

    def forget_before(self, moment: datetime) -> int:
        """Delete the deliveries received before ``moment``: their bodies may hold what people wrote."""
        old = sa.delete(deliveries).where(deliveries.c.received_at < moment.timestamp())
        with self._database.begin() as connection:
            return connection.execute(old).rowcount

    def _store(self, connection: sa.Connection, notices: Sequence[Notice]) -> set[tuple[str, str]]:
        by_issue: dict[IssueRef, list[Notice]] = {}
        for notice in notices:
            by_issue.setdefault(notice.ref, []).append(notice)
        # the work rows first and in order: that locks the issues, so that the numbers of one issue commit
        # in order and two transactions cannot block each other
        touched = [
            {
                "site": ref.site,
                "key": ref.key,
                "wanted": len(group),
                "due": min(notice.received_at for notice in group).timestamp(),
                "project": next((notice.project for notice in reversed(group) if notice.project), ""),
            }
            for ref, group in sorted(by_issue.items())
        ]
        counted = connection.execute(self._touching, touched)
        counts = {IssueRef(site, key): wanted for site, key, wanted in counted}
        enlist(self._database, connection, touched)
        rows = [
            {
                "site": ref.site,
                "delivery": notice.delivery,
                "key": ref.key,
                "seq": counts[ref] - len(group) + number,
                "body": notice.body,
                "received_at": notice.received_at.timestamp(),
                "identifier": notice.identifier or None,
            }
            for ref, group in by_issue.items()
            for number, notice in enumerate(group, 1)
        ]
        return {(site, delivery) for site, delivery in connection.execute(self._storing, rows)}


def _known(
    connection: sa.Connection, notices: Sequence[Notice], names: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return which of the deliveries, by site and id, were stored before under either of their ids."""
    known = {(site, row.delivery) for site, row in _found(connection, _KNOWN, names)}
    identified = {
        (one.ref.site, one.identifier): (one.ref.site, one.delivery) for one in notices if one.identifier
    }
    again = _found(connection, _IDENTIFIED, identified)
    return known | {identified[site, row.identifier] for site, row in again}


def _found(
    connection: sa.Connection, wanted: sa.Select[*tuple[Any, ...]], pairs: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, sa.Row[*tuple[Any, ...]]]]:
    """Run a statement for the names of each site; return the rows with their site."""
    for site, names in by_site(pairs).items():
        for row in connection.execute(wanted, {"at_site": site, "names": names}):
            yield site, row


class _Waiting:
    """A delivery whose sender waits."""

    def __init__(self, notice: Notice, alarm: Alarm) -> None:
        self.notice = notice
        self._result: bool | TransientError = False
        self._alarm = alarm

    def answer(self) -> bool:
        """Return whether the delivery is new, as soon as that is known."""
        if not self._alarm.sleep(_PATIENCE):
            raise TransientError("the store is too slow", retry_after=30)
        if isinstance(self._result, TransientError):
            raise self._result
        return self._result

    def tell(self, result: bool | TransientError) -> None:
        self._result = result
        self._alarm.ring()


class GroupCommitInbox:
    """Stores the deliveries of all requests that wait in one commit: one fsync serves them all.

    Measured reasons: with a connection a thread SQLite's writers starve in its busy handler, and PostgreSQL
    is asked six times for each delivery alone. ``alarm`` gives what a sender sleeps by.
    """

    def __init__(
        self,
        inbox: SqlInbox,
        *,
        alarm: Callable[[], Alarm] = ThreadAlarm,
        capacity: int = 1024,
        group: int = 256,
    ) -> None:
        self._inbox = inbox
        self._alarm = alarm
        self._group = group
        self._capacity = capacity
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def accept(self, notice: Notice) -> bool:
        """Wait until the delivery is on disk; False when it was stored before.

        Raises ``TransientError`` when too many wait or the store is down.
        """
        if self._closed:
            raise TransientError("the receiver is stopping", retry_after=5)
        if self._waiting.qsize() >= self._capacity:
            raise TransientError("too many deliveries are waiting", retry_after=5)
        waiting = _Waiting(notice, self._alarm())
        self._waiting.put(waiting)
        return waiting.answer()

    def close(self) -> None:
        """Store what waits, then stop; who comes later is sent away."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            batch, last = [first], False
            while len(batch) < self._group and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    last = True
                    break
                batch.append(more)
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        results: Sequence[bool | TransientError]
        try:
            results = self._inbox.accept_all([one.notice for one in batch])
        except TransientError as error:
            results = [error] * len(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, each waiting request must hear of it
            results = [TransientError(repr(error))] * len(batch)
        for one, result in zip(batch, results, strict=True):
            one.tell(result)
