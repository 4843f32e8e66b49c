"""Fixtures of the tests of the stand-in for Jira."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.contract.jira_spec import watched
from tests.unit.standins_jira.kit import Jira, Receiver


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest) -> Iterator[Jira]:
    """Each kind of Jira in turn."""
    yield from checked(Jira(request.param))


@pytest.fixture
def cloud() -> Iterator[Jira]:
    yield from checked(Jira("cloud"))


@pytest.fixture
def dc() -> Jira:
    return Jira("dc")


def checked(jira: Jira) -> Iterator[Jira]:
    """On Cloud every answer must be as Atlassian describes it, whatever the test is about."""
    watch = watched(jira.app, refused_too=False) if jira.mode == "cloud" else None
    yield jira
    assert watch is None or watch.violations == []


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.statuses.pop(0) if found.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield found
    server.shutdown()
    server.server_close()
