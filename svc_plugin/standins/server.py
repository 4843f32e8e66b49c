"""Running a stand-in on a port of its own, from a thread."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread
from types import TracebackType
from typing import Final, Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOOKS: Final = "standin_hooks"
"""Where an app keeps what sends its webhooks: it is closed when the server is."""


class _Quiet(WSGIRequestHandler):
    """Says nothing of requests that went well; errors are still told."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No line for each request."""

    def connection_dropped(self, error: BaseException, environ: dict[str, object] | None = None) -> None:
        """End the connection where a test planned it, instead of waiting for the next request on it."""
        self.close_connection = True


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: a context manager, or a handle to close by hand."""

    url: str
    app: Flask
    server: BaseWSGIServer
    thread: Thread

    def close(self) -> None:
        """Stop serving, then deliver the webhooks that still wait."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        if hooks := self.app.extensions.get(HOOKS):
            hooks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(app: Flask, host: str = "127.0.0.1", port: int = 0) -> Served:
    """Serve the app from a thread and return its handle; port 0 takes a free one (see `.url`).

    It guards nothing that matters, so `host` should stay a loopback address.
    Raises OSError when the port is taken.
    """
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    # the interval only bounds how long close() waits
    thread = Thread(target=server.serve_forever, args=(0.1,), name="standin", daemon=True)
    thread.start()
    name = f"[{host}]" if ":" in host else host
    return Served(f"http://{name}:{server.server_port}", app, server, thread)
