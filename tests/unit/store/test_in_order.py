"""Waiting in the order of arrival."""

import threading
import time
from collections.abc import Callable

import pytest

from svc_plugin.domain.errors import TransientError
from svc_plugin.store import database as module
from svc_plugin.store.database import Database
from svc_plugin.store.in_order import InOrder


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.001)


def waiting(order: InOrder) -> int:
    return len(order._waiting)


def test_who_came_first_is_let_in_first_whoever_comes_again_meanwhile() -> None:
    order, seen = InOrder(1), list[int]()

    def come(number: int) -> None:
        with order:
            seen.append(number)

    with order:
        threads = [threading.Thread(target=come, args=[number]) for number in range(8)]
        for place, thread in enumerate(threads):
            thread.start()
            wait_until(lambda place=place: waiting(order) == place + 1)  # type: ignore[misc]
    come(8)
    for thread in threads:
        thread.join()
    assert seen == list(range(9))


def test_never_more_are_inside_than_it_is_wide() -> None:
    order, inside, most = InOrder(3), list[int](), list[int]()

    def come() -> None:
        for _ in range(50):
            with order:
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0001)
                inside.pop()

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 3
    assert not inside


def test_who_gives_up_takes_no_turn_with_them() -> None:
    order, told = InOrder(1, patience=0.01), list[str]()

    def come() -> None:
        try:
            with order:
                told.append("in")
        except TimeoutError as error:
            told.append(str(error))

    with order:
        thread = threading.Thread(target=come)
        thread.start()
        thread.join()
    assert told == ["others were busy for 0.01 seconds"]
    come()
    assert told[1:] == ["in"]


def test_an_error_inside_lets_the_next_one_in() -> None:
    order = InOrder(1, patience=0.01)
    with pytest.raises(ValueError, match="inside"), order:
        raise ValueError("inside")
    with order:
        pass


def test_a_database_that_others_keep_busy_is_told_as_trouble_that_passes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    database, told = Database("sqlite://"), list[str]()

    def read() -> None:
        try:
            with database.reading():
                pass
        except TransientError as error:
            told.append(str(error))

    with database.begin():
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert told == ["the database did not take it: others were busy for 0.05 seconds"]
    read()
    assert len(told) == 1
