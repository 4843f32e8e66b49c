"""Hints over each storage: one leads to work, a lost one is healed by the tick, a foreign one is refused."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.tasks import Hints
from svc_plugin.store.database import Database
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY, ref

SECRET = "k" * 40
LEASE = timedelta(minutes=10)


@pytest.fixture(
    params=[
        "memory",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("redis", marks=pytest.mark.redis),
    ]
)
def storage(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory:"
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url.replace("+psycopg", "", 1)


@pytest.fixture(params=["postgresql", "redis"])
def shared(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url.replace("+psycopg", "", 1)


class Desk:
    """Where hints arrive: who was looked at, and what the tick says is due."""

    def __init__(self) -> None:
        self.looked: list[IssueRef] = []
        self.due: list[IssueRef] = []
        self.again: float | None = None
        self._guard = threading.Lock()

    def work_on(self, ref: IssueRef) -> float | None:
        with self._guard:
            self.looked.append(ref)
            again, self.again = self.again, None
        return again

    def hints(self, url: str, secret: str = SECRET) -> Hints:
        return Hints(url, secret, self.work_on, lambda: self.due)


@contextmanager
def running(*hints: Hints) -> Iterator[None]:
    consumers = [one.consumer(2) for one in hints]
    for consumer in consumers:
        consumer.start()
    yield
    for consumer in consumers:
        consumer.stop(graceful=True)


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_hint_leads_to_a_look_within_a_second(storage: str) -> None:
    desk = Desk()
    hints = desk.hints(storage)
    with running(hints):
        began = time.monotonic()
        hints.send(ref("7"))
        until(lambda: desk.looked == [ref("7")])
        assert time.monotonic() - began < 1


def test_what_is_due_although_its_hint_was_lost_is_found_by_the_tick(storage: str) -> None:
    desk = Desk()
    desk.due = [ref("1"), ref("2")]
    with running(desk.hints(storage)):
        until(lambda: set(desk.looked) == {ref("1"), ref("2")})


def test_a_look_that_asks_for_another_one_gets_it(storage: str) -> None:
    desk = Desk()
    desk.again = 0.2
    hints = desk.hints(storage)
    with running(hints):
        hints.send(ref("7"))
        until(lambda: desk.looked == [ref("7"), ref("7")])


def test_a_look_that_fails_does_not_stop_the_worker(storage: str) -> None:
    desk = Desk()

    def trips(wanted: IssueRef) -> float | None:
        return {}["nothing"] if wanted == ref("1") else desk.work_on(wanted)

    hints = Hints(storage, SECRET, trips, list)
    with running(hints):
        hints.send_all([ref("1"), ref("1"), ref("1"), ref("2")])
        until(lambda: desk.looked == [ref("2")])


def test_messages_are_sent_while_a_tick_takes_its_time() -> None:
    sent, over = threading.Event(), threading.Event()

    def slow() -> list[IssueRef]:
        over.wait(10)
        return []

    with running(Hints("memory:", SECRET, Desk().work_on, slow, sent.set)):
        arrived = sent.wait(5)
        over.set()
    assert arrived


def test_two_consumers_share_the_hints_and_no_hint_is_worked_on_twice(shared: str) -> None:
    one, two = Desk(), Desk()
    sender = Desk().hints(shared)
    refs = [ref(str(number)) for number in range(60)]
    with running(one.hints(shared), two.hints(shared)):
        sender.send_all(refs)
        until(lambda: len(one.looked) + len(two.looked) >= 60)
        time.sleep(0.2)
    assert Counter(one.looked + two.looked) == Counter(refs)


def test_a_message_that_is_not_signed_with_our_key_is_refused(shared: str) -> None:
    desk, stranger = Desk(), Desk()
    ours, foreign = desk.hints(shared), stranger.hints(shared, "x" * 40)
    with running(ours):
        foreign.send(ref("666"))
        ours.send(ref("7"))
        until(lambda: ref("7") in desk.looked)
        time.sleep(0.2)
    assert desk.looked == [ref("7")]


def test_every_event_on_a_few_issues_is_seen_by_two_consumers_without_sharing_one(
    storage: str, database: Database
) -> None:
    work, desk = SqlWorkTable(database), Desk()
    held: set[IssueRef] = set()
    overlaps: list[IssueRef] = []
    guard = threading.Lock()

    def look(wanted: IssueRef) -> float | None:
        item = work.take(now=MONDAY, lease=LEASE, ref=wanted)
        if item is None:
            return None
        with guard:
            overlaps.extend({wanted} & held)
            held.add(wanted)
        with guard:
            held.discard(wanted)
        return 0.0 if work.done(item, now=MONDAY, again=None) else None

    hints = Hints(storage, SECRET, look, lambda: list(work.due(now=MONDAY, limit=100)))
    others = () if storage == "memory:" else (Hints(storage, SECRET, look, list),)
    with running(hints, *others):
        for number in range(40):
            work.add([ref(str(number % 5))], due=MONDAY)
            hints.send(ref(str(number % 5)))
        until(lambda: work.due(now=MONDAY, limit=9) == [] and work.pending(now=MONDAY).busy == 0)
    assert overlaps == []
    assert desk.looked == []


def test_an_unknown_storage_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"'amqp:' is not known; use memory:, redis://… or postgresql://…"):
        Desk().hints("amqp://somewhere")
