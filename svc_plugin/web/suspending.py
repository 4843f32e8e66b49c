"""Ordinary functions in an event loop: who waits gives the thread to others.

A greenlet has a stack of its own inside a thread. What runs on one may stop in the middle of a call and go on
later, so that Flask's views need not know of the loop.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar, cast

from greenlet import getcurrent, greenlet

from svc_plugin.store.alarms import Alarm, ThreadAlarm

_Result = TypeVar("_Result")


class _Stack(greenlet):
    """A greenlet that makes one call after the other: a new one for each would cost as much as a short call.

    Each switch to its coroutine gives a future to wait for, or the task that has returned or raised.
    """

    def __init__(self) -> None:
        super().__init__(self._work)
        self._loop = getcurrent()

    def _work(self, call: Callable[[], Any]) -> NoReturn:
        while True:
            ended: _Ended = _Ended()
            try:
                ended.result = call()
            except Exception as error:  # noqa: BLE001 - it belongs to the coroutine
                ended.error = error
            call = self.suspend(ended)

    def suspend(self, given: object) -> Any:
        """Give the thread, and something, to the coroutine; return what comes back from it."""
        return self._loop.switch(given)


class _Ended:
    result: Any = None
    error: Exception | None = None


class _LoopAlarm:
    """Lets a call on a stack sleep while the loop goes on."""

    def __init__(self, stack: _Stack) -> None:
        self._stack = stack
        self._loop = asyncio.get_running_loop()
        self._rung: asyncio.Future[bool] = self._loop.create_future()

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody sleeps
            self._loop.call_soon_threadsafe(self._end, True)

    def sleep(self, seconds: float) -> bool:
        lapse = self._loop.call_later(seconds, self._end, False)
        rung = bool(self._stack.suspend(self._rung))
        lapse.cancel()
        return rung

    def _end(self, rung: bool) -> None:
        if not self._rung.done():
            self._rung.set_result(rung)


def alarm() -> Alarm:
    """Return an alarm for who calls this: a call that ``Suspending`` makes, or else a thread."""
    current = getcurrent()
    return _LoopAlarm(current) if isinstance(current, _Stack) else ThreadAlarm()


class Suspending:
    """Makes calls that may sleep by ``alarm``, all in the thread of one event loop."""

    def __init__(self) -> None:
        self._idle: list[_Stack] = []

    async def call(self, function: Callable[[], _Result]) -> _Result:
        """Call ``function``; raises what it raises."""
        stack = self._idle.pop() if self._idle else _Stack()
        given = stack.switch(function)
        while not isinstance(given, _Ended):
            given = stack.switch(await given)
        self._idle.append(stack)
        if given.error:
            raise given.error
        return cast("_Result", given.result)
