"""The receiver behind the real server: bodies that come in pieces, late, too long, or not to the end."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.component.granian_kit import served
from tests.component.receiver_kit import SECRET, native, own

APP = """
import structlog
from flask import Flask, jsonify
from structlog.testing import LogCapture
from svc_plugin.web.gateway import Gateway
from tests.component.receiver_kit import NOW, SOURCES, MemoryInbox
from webhooks.blueprint import create_receiver

capture, inbox = LogCapture(), MemoryInbox()
structlog.configure(processors=[capture])
app = Flask("test")
app.register_blueprint(create_receiver(SOURCES, inbox, lambda: NOW, hint=lambda ref: None))

@app.get("/state")
def state():
    return jsonify(lines=capture.entries, stored=[str(notice.ref) for notice in inbox.stored])

looping, threaded = Gateway(app, in_loop=True), Gateway(app, in_loop=False)
"""


@dataclass
class Server:
    """A receiver in a process of its own."""

    port: int
    output: Path

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None, **more):
        with closing(self.connect()) as connection:
            kind = {"Content-Type": "application/json"}
            connection.request(method, path, body, kind | (headers or {}), **more)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def state(self) -> dict[str, list]:
        return json.loads(self.ask("GET", "/state")[1])

    def lines_after(self, count: int) -> list[tuple[str, str | None]]:
        """The log lines after the first ``count``; waits for at least one, then a moment for more."""
        deadline = time.monotonic() + 10
        while len(self.state()["lines"]) <= count and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        return [(line["event"], line.get("reason")) for line in self.state()["lines"][count:]]


@pytest.fixture(
    scope="module",
    params=[("rsgi", "looping"), ("rsgi", "threaded"), ("wsgi", "app")],
    ids=["in the event loop", "in threads", "in somebody's WSGI server"],
)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    interface, name = request.param
    folder = tmp_path_factory.mktemp("receiver")
    with served(folder, APP, name, interface=interface) as port:
        yield Server(port, folder / "output")


@pytest.fixture
def before(server: Server) -> dict[str, list]:
    return server.state()


def in_pieces(body: bytes, pause: float) -> Iterator[bytes]:
    for start in range(0, len(body), 40):
        yield body[start : start + 40]
        time.sleep(pause)


def raw_request(server: Server, headers: dict[str, str], body: bytes, *, pause: float = 0) -> socket.socket:
    """Send exactly these bytes and leave the connection open."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    fields = {"Host": "x", "Content-Type": "application/json"} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    connection.sendall(f"POST /hooks/main HTTP/1.1\r\n{head}\r\n".encode())
    for piece in in_pieces(body, pause):
        connection.sendall(piece)
    return connection


@pytest.mark.parametrize("chunked", [True, False])
def test_a_delivery_that_comes_slowly_and_in_pieces_is_stored(server, before, chunked):
    body, headers = own(issue=21 + chunked, delivery=f"00000000-0000-0000-0000-00000000000{int(chunked)}")
    length = {} if chunked else {"Content-Length": str(len(body))}
    status, answer = server.ask(
        "POST", "/hooks/main", in_pieces(body, 0.03), headers | length, encode_chunked=chunked
    )
    assert (status, json.loads(answer)) == (202, {"stored": True})
    assert server.state()["stored"] == [*before["stored"], f"main/{21 + chunked}"]
    assert server.lines_after(len(before["lines"])) == [("delivery.stored", None)]


def test_26_megabytes_announced_are_refused_and_the_sender_hears_why(server, before):
    body = b" " * 26_000_000
    status, answer = server.ask("POST", "/hooks/main", body, native(body))
    assert status == 413
    assert "25000000" in json.loads(answer)["error"]["en"]
    assert server.lines_after(len(before["lines"])) == [("delivery.rejected", "too_large")]


def test_26_megabytes_in_chunks_are_refused_when_the_limit_is_passed(server, before):
    body = b" " * 26_000_000
    blocks = (body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000))
    status, _ = server.ask("POST", "/hooks/main", blocks, native(body), encode_chunked=True)
    assert status == 413
    assert server.lines_after(len(before["lines"])) == [("delivery.rejected", "too_large")]


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/hooks/nowhere", "application/json", 404),
        ("/hooks/open", "application/json", 401),
        ("/hooks/main", "text/plain", 415),
    ],
)
def test_who_is_refused_before_the_body_is_looked_at_hears_why(server, before, path, kind, status):
    answered, answer = server.ask("POST", path, b" " * 8_000_000, {"Content-Type": kind})
    assert answered == status
    assert set(json.loads(answer)["error"]) == {"zh", "en"}
    assert len(server.lines_after(len(before["lines"]))) == 1


@pytest.mark.parametrize("pause", [0, 0.05])
def test_a_sender_that_goes_away_in_the_middle_leaves_nothing_behind(server, before, pause):
    body, headers = own(issue=33)
    sent = body[:-20]
    raw_request(server, headers | {"Content-Length": str(len(body))}, sent, pause=pause).close()
    assert server.lines_after(len(before["lines"])) == [("delivery.rejected", "truncated")]
    assert server.state()["stored"] == before["stored"]


def test_a_signed_body_that_is_longer_announced_than_sent_is_truncated_not_stored(server, before):
    body, headers = own(issue=34, delivery="00000000-0000-0000-0000-000000000034")
    with closing(raw_request(server, headers | {"Content-Length": str(len(body) + 5)}, body)) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.recv(4000)[:20]
    assert server.lines_after(len(before["lines"])) == [("delivery.rejected", "truncated")]
    assert server.state()["stored"] == before["stored"]


@pytest.mark.parametrize("chunks", [b"zz\r\nhello\r\n", b"ffffffffffffffffff\r\n", b"5\r\nhel"])
def test_broken_chunks_are_refused_and_nothing_is_stored(server, before, chunks):
    _, headers = own(issue=35)
    with closing(raw_request(server, headers | {"Transfer-Encoding": "chunked"}, chunks)) as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.recv(4000)
    ((event, reason),) = server.lines_after(len(before["lines"]))
    assert (event, reason in {"truncated", "bad_signature"}) == ("delivery.rejected", True)
    assert server.state()["stored"] == before["stored"]


def test_the_server_itself_writes_neither_token_nor_traceback(server):
    body = b'{"payload":{"action":"updated","issue":{"id":41}}}'
    for token in (SECRET, "wrong-token", "%00%ff%0d%0a"):
        server.ask("POST", f"/hooks/old/{token}", body)
    output = server.output.read_text() + json.dumps(server.state()["lines"])
    assert "Traceback" not in output
    assert not any(token in output for token in (SECRET, "wrong-token"))
