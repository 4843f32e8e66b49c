"""Fixtures of the stand-in's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from svc_plugin.standins.redmine import create_app
from tests.unit.standins.kit import Clock, Person, Receiver, make_blueprint


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> Flask:
    return create_app(make_blueprint(), clock=clock)


@pytest.fixture
def zhang(app: Flask) -> Person:
    return Person(app.test_client(), "k-zhang")


@pytest.fixture
def li(app: Flask) -> Person:
    return Person(app.test_client(), "k-li")


@pytest.fixture
def kunde(app: Flask) -> Person:
    return Person(app.test_client(), "k-kunde")


@pytest.fixture
def admin(app: Flask) -> Person:
    return Person(app.test_client(), "k-admin")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers.items()), body))
            self.send_response(found.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def make(clock: Clock) -> Callable[..., Flask]:
    def build(hook_url: str = "", state_file: Path | None = None) -> Flask:
        return create_app(make_blueprint(hook_url), clock=clock, state_file=state_file)

    return build
