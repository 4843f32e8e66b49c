"""Calls that wait in an event loop without holding it."""

import asyncio
import gc
import random
import threading
import time
import weakref
from contextlib import suppress
from functools import partial

import pytest

from svc_plugin.store.alarms import Alarm
from svc_plugin.web.suspending import Suspending, alarm


def rung_later(seconds: float) -> Alarm:
    """An alarm for the caller that another thread rings after so many seconds."""
    mine = alarm()
    threading.Timer(seconds, mine.ring).start()
    return mine


def sleeps(seconds: float, answer: object) -> object:
    assert rung_later(seconds).sleep(20)
    return answer


def test_a_call_that_never_waits_gives_its_result():
    assert asyncio.run(Suspending().call(lambda: 42)) == 42


def test_what_a_call_raises_reaches_who_made_it_and_the_next_call_goes_on():
    async def story() -> int:
        suspending = Suspending()
        with pytest.raises(ZeroDivisionError):
            await suspending.call(lambda: 1 // 0)
        return await suspending.call(lambda: 42)

    assert asyncio.run(story()) == 42


def test_while_one_sleeps_the_others_are_served():
    async def story() -> list[str]:
        suspending, order = Suspending(), list[str]()

        async def one(name: str, seconds: float) -> None:
            await suspending.call(lambda: sleeps(seconds, name) if seconds else name)
            order.append(name)

        await asyncio.gather(one("slow", 0.2), one("quick", 0), one("middle", 0.05))
        return order

    assert asyncio.run(story()) == ["quick", "middle", "slow"]


def test_each_of_many_that_sleep_in_any_order_gets_its_own_result():
    chance = random.Random(7)

    async def story() -> list[object]:
        suspending = Suspending()
        calls = [partial(sleeps, chance.random() / 20, number) for number in range(300)]
        return await asyncio.gather(*map(suspending.call, calls))

    assert asyncio.run(story()) == list(range(300))


def test_a_call_may_sleep_more_than_once():
    async def story() -> object:
        return await Suspending().call(lambda: [sleeps(0.01, 1), sleeps(0.01, 2)])

    assert asyncio.run(story()) == [1, 2]


def test_an_alarm_that_rings_before_anybody_sleeps_is_not_lost():
    def call() -> bool:
        mine = alarm()
        mine.ring()
        return mine.sleep(5)

    assert asyncio.run(Suspending().call(call))
    assert call()  # and no less in a thread


def test_who_is_not_woken_in_time_hears_that_and_a_late_ring_does_no_harm():
    def call() -> bool:
        return rung_later(0.1).sleep(0.01)

    async def story() -> bool:
        rung = await Suspending().call(call)
        await asyncio.sleep(0.2)
        return rung

    assert not asyncio.run(story())
    assert not call()


def test_outside_of_a_loop_a_thread_sleeps():
    begin = time.monotonic()
    assert rung_later(0.05).sleep(5)
    assert 0.04 < time.monotonic() - begin < 2


class _Request:
    """Something that can be seen to be gone."""


def test_an_idle_stack_keeps_nothing_of_the_call_that_it_made():
    async def story() -> list[object]:
        suspending, seen = Suspending(), list[weakref.ref[_Request]]()

        def fails(request: _Request) -> None:
            raise ValueError(request)

        for function in (id, lambda request: [request], fails):
            request = _Request()
            seen.append(weakref.ref(request))
            with suppress(ValueError):
                await suspending.call(partial(function, request))
            del request
        gc.collect()
        return [one() for one in seen]

    assert asyncio.run(story()) == [None, None, None]
