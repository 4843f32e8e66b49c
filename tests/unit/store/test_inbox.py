"""Deliveries: committed before they are acknowledged, kept once, and never the reason to lose work."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from svc_plugin.domain.errors import TransientError
from svc_plugin.engine.ports import Notice
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import GroupCommitInbox, SqlInbox
from svc_plugin.store.tables import deliveries
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY, ref

LEASE = timedelta(minutes=10)


def notice(delivery: str = "d1", key: str = "12", *, after: float = 0) -> Notice:
    return Notice(ref(key), delivery, b'{"issue": 12}', MONDAY + timedelta(seconds=after))


def stored(database: Database) -> list[tuple[str, str, int, bytes]]:
    wanted = sa.select(deliveries.c.delivery, deliveries.c.key, deliveries.c.seq, deliveries.c.body)
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(wanted.order_by(deliveries.c.id))]


def test_a_delivery_is_on_disk_and_its_issue_is_due_when_accept_returns(
    database: Database, database_url: str
) -> None:
    assert SqlInbox(database).accept(notice())
    other = Database(database_url)  # a second connection sees only what is committed
    assert stored(other) == [("d1", "12", 1, b'{"issue": 12}')]
    assert SqlWorkTable(other).due(now=MONDAY, limit=10) == [ref()]
    other.close()


def test_the_same_delivery_twice_is_stored_once_and_asks_for_nothing_new(database: Database) -> None:
    inbox, work = SqlInbox(database), SqlWorkTable(database)
    inbox.accept(notice())
    item = work.take(now=MONDAY, lease=LEASE)
    assert item is not None
    assert not inbox.accept(notice(after=5))
    assert len(stored(database)) == 1
    assert work.done(item, now=MONDAY, again=None) is None


def test_a_delivery_is_known_by_its_senders_own_id_too(database: Database) -> None:
    def identified(delivery: str, identifier: str) -> Notice:
        return Notice(ref(), delivery, b"{}", MONDAY, identifier)

    inbox = SqlInbox(database)
    assert inbox.accept(identified("d1", "i1"))
    assert not inbox.accept(identified("d2", "i1"))
    assert not inbox.accept(identified("d1", "i2"))
    together = [identified("d3", "i3"), identified("d4", "i3"), identified("d5", "")]
    assert inbox.accept_all(together) == [True, False, True]
    assert [row[0] for row in stored(database)] == ["d1", "d3", "d5"]


def test_what_is_known_by_its_senders_own_id_asks_for_nothing_new(database: Database) -> None:
    inbox, work = SqlInbox(database), SqlWorkTable(database)
    inbox.accept(Notice(ref(), "d1", b"{}", MONDAY, "i1"))
    item = work.take(now=MONDAY, lease=LEASE)
    assert item is not None
    assert not inbox.accept(Notice(ref(), "d2", b"{}", MONDAY, "i1"))
    assert work.done(item, now=MONDAY, again=None) is None


def test_the_same_delivery_id_on_another_site_is_another_delivery(database: Database) -> None:
    inbox = SqlInbox(database)
    elsewhere = Notice(type(ref())("second", "12"), "d1", b"{}", MONDAY)
    assert inbox.accept_all([notice(), elsewhere, notice()]) == [True, True, False]


def test_old_deliveries_are_forgotten_and_newer_ones_kept(database: Database) -> None:
    inbox = SqlInbox(database)
    inbox.accept_all([notice("old"), notice("new", after=60)])
    assert inbox.forget_before(MONDAY + timedelta(seconds=60)) == 1
    assert [row[0] for row in stored(database)] == ["new"]


def test_deliveries_of_one_issue_are_numbered_in_the_order_of_their_commits(database: Database) -> None:
    inbox = SqlInbox(database)
    for number in range(4):
        inbox.accept(notice(f"d{number}"))
    assert [(row[0], row[2]) for row in stored(database)] == [("d0", 1), ("d1", 2), ("d2", 3), ("d3", 4)]


def test_many_threads_store_one_issues_deliveries_without_a_gap_or_a_double(database: Database) -> None:
    inbox = SqlInbox(database)

    def send(number: int) -> bool:
        return inbox.accept(notice(f"d{number % 20}"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(40)))
    assert sum(answers) == 20
    assert len({row[2] for row in stored(database)}) == 20


def test_a_delivery_brings_a_parked_issue_back(database: Database) -> None:
    inbox, work = SqlInbox(database), SqlWorkTable(database)
    inbox.accept(notice())
    item = work.take(now=MONDAY, lease=LEASE)
    assert item is not None
    work.park(item, error="refused")
    inbox.accept(notice("d2", after=60))
    assert work.parked(limit=10) == []
    assert work.due(now=MONDAY + timedelta(minutes=2), limit=10) == [ref()]


class _Disk:
    """An inbox's disk that a test can hold up or break."""

    def __init__(self, inbox: SqlInbox) -> None:
        self.inbox, self.free, self.busy = inbox, threading.Event(), threading.Event()
        self.error: Exception | None = None
        self.batches: list[int] = []

    def accept_all(self, notices: Sequence[Notice]) -> list[bool]:
        self.busy.set()
        assert self.free.wait(10)
        self.batches.append(len(notices))
        if self.error:
            raise self.error
        return self.inbox.accept_all(notices)


@pytest.fixture
def disk(database: Database) -> _Disk:
    return _Disk(SqlInbox(database))


def _queued(inbox: GroupCommitInbox, count: int) -> None:
    deadline = time.monotonic() + 5
    while inbox._waiting.qsize() < count:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def _in_thread(pool: ThreadPoolExecutor, call: Callable[[], bool]) -> Callable[[], bool]:
    return pool.submit(call).result


def test_all_that_wait_are_stored_in_one_commit(database: Database, disk: _Disk) -> None:
    inbox = GroupCommitInbox(disk)  # type: ignore[arg-type]
    with ThreadPoolExecutor(30) as pool:
        first = pool.submit(inbox.accept, notice("first"))
        assert disk.busy.wait(5)
        rest = [pool.submit(inbox.accept, notice(f"d{n}", str(n % 7))) for n in range(24)]
        again = [pool.submit(inbox.accept, notice("d3", "3"))]
        _queued(inbox, 25)
        disk.free.set()
        assert first.result()
        assert sum(one.result() for one in rest + again) == 24
    inbox.close()
    assert disk.batches == [1, 25]
    assert len(stored(database)) == 25


def test_a_failing_disk_is_told_to_every_waiting_sender_and_the_next_one_is_served(
    database: Database, disk: _Disk
) -> None:
    inbox = GroupCommitInbox(disk)  # type: ignore[arg-type]
    disk.error = RuntimeError("disk on fire")
    disk.free.set()
    with ThreadPoolExecutor(12) as pool:
        sent = [pool.submit(inbox.accept, notice(f"d{n}")) for n in range(12)]
        for one in sent:
            with pytest.raises(TransientError, match="disk on fire"):
                one.result()
    assert stored(database) == []
    disk.error = None
    assert inbox.accept(notice("d1"))
    inbox.close()


def test_a_full_queue_sends_the_sender_away_with_a_time_to_come_back(disk: _Disk) -> None:
    inbox = GroupCommitInbox(disk, capacity=2)  # type: ignore[arg-type]
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(inbox.accept, notice("d0"))]
        assert disk.busy.wait(5)
        waiting += [pool.submit(inbox.accept, notice(f"d{n}")) for n in (1, 2)]
        _queued(inbox, 2)
        with pytest.raises(TransientError) as refused:
            inbox.accept(notice("d3"))
        assert refused.value.retry_after
        disk.free.set()
        assert all(one.result() for one in waiting)
    inbox.close()


def test_close_stores_what_still_waits(database: Database, disk: _Disk) -> None:
    inbox = GroupCommitInbox(disk, group=3)  # type: ignore[arg-type]
    with ThreadPoolExecutor(9) as pool:
        sent = [pool.submit(inbox.accept, notice(f"d{n}")) for n in range(8)]
        assert disk.busy.wait(5)
        closing = pool.submit(inbox.close)
        disk.free.set()
        closing.result(5)
        assert all(one.result(5) for one in sent)
    assert len(stored(database)) == 8


def test_who_comes_after_close_is_sent_away_at_once(disk: _Disk) -> None:
    disk.free.set()
    inbox = GroupCommitInbox(disk)  # type: ignore[arg-type]
    inbox.close()
    began = time.monotonic()
    with pytest.raises(TransientError):
        inbox.accept(notice())
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("issues", [1, 7])
def test_two_receivers_that_get_the_same_deliveries_in_any_order_store_each_once(
    postgresql_url: str, issues: int
) -> None:
    databases = [Database(postgresql_url) for _ in range(2)]
    databases[0].migrate()
    inboxes = [GroupCommitInbox(SqlInbox(one)) for one in databases]
    sent = [(inbox, number) for inbox in inboxes for number in range(200)]
    Random(7).shuffle(sent)

    def send(inbox: GroupCommitInbox, number: int) -> bool:
        return inbox.accept(notice(f"d{number}", str(number % issues)))

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(send, *zip(*sent, strict=True)))
    for inbox in inboxes:
        inbox.close()
    kept = stored(databases[0])
    assert sum(answers) == len(kept) == len({delivery for delivery, *_ in kept}) == 200
    assert len({(key, seq) for _, key, seq, _ in kept}) == 200
    for one in databases:
        one.close()
