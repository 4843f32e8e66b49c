"""Where requests come in: what the server (RSGI) calls, in front of the Flask application.

Deliveries are answered in the thread of the event loop: sixteen threads would spend more on handing the
interpreter over than on the work (ADR 0028). Everything else may take its time, in a thread of its own.
"""

import asyncio
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, Final

from granian.rsgi import Scope

from svc_plugin.web.environ import Exchange, Upload, environ_of
from svc_plugin.web.suspending import Suspending

_THREADS: Final = 16
_SMALL: Final = 262_144  # bytes: to read and check so many holds the loop for some milliseconds

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class _Answer:
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    body: bytes = b""


class Gateway:
    """Gives requests to ``application`` (WSGI).

    With ``in_loop``, small deliveries run in the event loop's thread: nothing may hold them up there but the
    alarms of ``svc_plugin.web.suspending``. ``patience`` is how many seconds a sender may let us wait for the
    whole of a small delivery, and for each block of anything else.
    """

    def __init__(self, application: Application, *, in_loop: bool, patience: float = 30.0) -> None:
        self._application = application
        self._in_loop = in_loop
        self._patience = patience
        self._suspending = Suspending()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="request")

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer one request."""
        if self._in_loop and _is_small_delivery(scope):
            body = io.BytesIO(await self._whole(exchange))
            answer = await self._suspending.call(partial(self._answer, scope, body))
        else:
            loop = asyncio.get_running_loop()
            upload = io.BufferedReader(Upload(exchange, loop, self._patience))
            answer = await loop.run_in_executor(self._threads, self._answer, scope, upload)
        if answer.body:
            exchange.response_bytes(answer.status, answer.headers, answer.body)
        else:
            exchange.response_empty(answer.status, answer.headers)

    async def _whole(self, exchange: Exchange) -> bytes:
        try:
            async with asyncio.timeout(self._patience):
                return await exchange()
        except Exception:  # noqa: BLE001 - each way to break off; the receiver compares with what was announced
            return b""

    def _answer(self, scope: Scope, body: IO[bytes]) -> _Answer:
        answer = _Answer()

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            answer.status, answer.headers = int(status[:3]), headers

        parts = self._application(environ_of(scope, body), start)
        try:
            answer.body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        return answer


def _is_small_delivery(scope: Scope) -> bool:
    """Tell a delivery whose end is near; without a cookie no session is looked for: only the inbox waits."""
    if scope.method != "POST" or not scope.path.startswith("/hooks/") or "cookie" in scope.headers:
        return False
    announced = scope.headers.get("content-length", "")
    return announced.isdecimal() and int(announced) <= _SMALL
