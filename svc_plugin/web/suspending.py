"""Ordinary functions in an event loop: who waits gives the thread to others.

A greenlet has a stack of its own inside a thread. What runs on one may stop in the middle of a call and go on
later, so that Flask's views need not know of the loop.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NoReturn, TypeVar, cast

from greenlet import getcurrent, greenlet

from svc_plugin.store.alarms import Alarm, ThreadAlarm

_Result = TypeVar("_Result")
_IDLE: Final = 64  # stacks that are kept for the next calls


class _Stack(greenlet):
    """A greenlet that makes one call after the other: to begin a new one takes longer than many a call.

    Each switch to its coroutine gives a future to wait for, or what came of the call.
    """

    def __init__(self) -> None:
        super().__init__(self._work)
        self._loop = getcurrent()
        self.switch()  # to where it asks for its first call: what a greenlet begins with, it keeps for ever

    def _work(self) -> NoReturn:
        ended = None
        while True:
            call: Callable[[], Any] = self.suspend(ended)
            ended = _Ended()
            try:
                ended.result = call()
            except Exception as error:  # noqa: BLE001 - it belongs to the coroutine
                ended.error = error
            del call  # a stack may lie idle for long: it must not keep a request

    def suspend(self, given: object) -> Any:
        """Give the thread, and something, to the coroutine; return what comes back from it."""
        return self._loop.switch(given)


class _Ended:
    """What came of a call."""

    result: Any = None
    error: Exception | None = None

    def take(self) -> Any:
        """Return or raise it, and keep nothing of it."""
        result, error = self.result, self.error
        self.result = self.error = None
        if error:
            raise error
        return result


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
        if len(self._idle) < _IDLE:
            self._idle.append(stack)
        return cast("_Result", given.take())
