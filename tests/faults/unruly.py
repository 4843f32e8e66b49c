"""A tracker that misbehaves on the wire, as real ones and what stands before them do."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
FAULTS = ("down", "cut", "slow", "500", "429", "half applied", "lying 204")

_ANSWERS = {
    "down": ("503 Service Unavailable",),
    "500": ("500 Internal Server Error",),
    "429": ("429 Too Many Requests", ("Retry-After", "2")),
}


class Unruly:
    """Stands before an application and lets ``fault`` strike by chance, at most ``strikes`` times."""

    def __init__(self, app: App, fault: str, *, strikes: int, seed: int) -> None:
        self._app = app
        self._fault = fault
        self._random = random.Random(seed)
        self.left = strikes
        self.struck = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, well or badly."""
        if self.left <= 0 or self._random.random() > 0.3:
            return self._app(environ, start)
        return self._strike(environ, start)

    def _strike(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if self._fault == "cut":  # before or after it was done, who knows
            return self._cut(environ)
        if self._fault in _ANSWERS:
            return self._answer(start, *_ANSWERS[self._fault])
        if self._fault == "half applied" and method in {"PUT", "POST"}:  # of several requests, some are done
            self._done(environ)
            return self._answer(start, *_ANSWERS["500"])
        if self._fault == "lying 204" and method == "PUT":
            return self._answer(start, "204 No Content")
        if self._fault == "slow":
            self._count()
            time.sleep(0.1)
        return self._app(environ, start)

    def _cut(self, environ: dict[str, Any]) -> list[bytes]:
        if self._random.random() < 0.5:
            self._done(environ)
        self._count()
        environ["werkzeug.socket"].close()
        return [b""]

    def _answer(self, start: Callable[..., Any], status: str, *headers: Any) -> list[bytes]:
        self._count()
        start(status, [("Content-Length", "0"), *headers])
        return [b""]

    def _done(self, environ: dict[str, Any]) -> None:
        list(self._app(environ, lambda *_: None))

    def _count(self) -> None:
        self.left -= 1
        self.struck += 1
