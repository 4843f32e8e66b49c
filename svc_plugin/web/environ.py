"""What a WSGI application is told of a request (PEP 3333), from what the server's RSGI tells."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Awaitable
from typing import IO, Any, Protocol

from granian.rsgi import Scope
from werkzeug.exceptions import RequestTimeout

_ON_THEIR_OWN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Exchange(Protocol):
    """What the server lets do with one request (RSGI 1.6): take its body, once, and answer it, once."""

    def __call__(self) -> Awaitable[bytes]:
        """Give the whole body."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body block by block."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer."""
        ...

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Answer without a body; a length that is announced stays."""
        ...


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """Describe a request whose ``body`` ends by itself.

    A header with an underscore in its name is left out: it would pass for the one with a hyphen, which a
    proxy may have vouched for.
    """
    server, port = _address(scope.server)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": _address(scope.client)[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = _ON_THEIR_OWN.get(name) or "HTTP_" + name.upper().replace("-", "_")
        before = f"{environ[key]}{';' if name == 'cookie' else ','}" if key in environ else ""
        environ[key] = before + value
    if scope.authority:  # HTTP/2 has it in place of the header
        environ.setdefault("HTTP_HOST", scope.authority)
    return environ


def _address(text: str) -> tuple[str, str]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), port  # the brackets are those of IPv6


class Upload(io.RawIOBase):
    """The body of a request as it comes, for a thread that is not the event loop's.

    A block that does not come within ``patience`` seconds raises ``RequestTimeout`` (408).
    """

    def __init__(self, exchange: Exchange, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        self._blocks = aiter(exchange)
        self._loop = loop
        self._patience = patience
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` from the next block; 0 at the end."""
        if not self._rest:
            coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            try:
                self._rest = memoryview(coming.result(self._patience))
            except TimeoutError as error:
                raise RequestTimeout from error
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    async def _next(self) -> bytes:
        try:
            while not (block := await anext(self._blocks)):
                pass  # nothing yet
        except StopAsyncIteration:
            return b""
        return bytes(block)
