"""What a Redmine that is down, slow, broken, or not a Redmine means: one of our own two families of error."""

import contextlib
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from svc_plugin.domain.errors import (
    ChangeRefusedError,
    IssueNotFoundError,
    SvcPluginError,
    TerminalError,
    TransientError,
)
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import SetField
from svc_plugin.domain.vocabulary import Field
from svc_plugin.sites.redmine import RedmineSite
from svc_plugin.standins.redmine import create_app, serve
from tests.builders import BOT, SERVICE
from tests.contract.worlds import PRODUCT, RedmineWorld, Watch, api_key, mapping, plan_of, settings

REF = IssueRef("main", "1")
KNOWN = mapping({PRODUCT: "erp"})


@dataclass
class Answer:
    """What the server below says to everything, and what it was asked."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def answering(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.asked.append(f"{self.command} {self.path}")
            body = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def failure(answer: Answer) -> SvcPluginError:
    with answering(answer) as url, pytest.raises(SvcPluginError) as caught:
        RedmineSite(settings(url, "k", KNOWN)).fetch(REF)
    return caught.value


@pytest.mark.parametrize("status", [401, 408, 409, 429, 500, 502, 503, 504])
def test_what_passes_by_itself_is_transient(status: int) -> None:
    assert isinstance(failure(Answer(status)), TransientError)


def test_the_wait_that_a_site_asks_for_is_passed_on() -> None:
    error = failure(Answer(429, headers={"Retry-After": "17"}))
    assert isinstance(error, TransientError)
    assert error.retry_after == 17.0


@pytest.mark.parametrize("status", [400, 403, 406, 412])
def test_what_a_person_must_see_to_is_terminal(status: int) -> None:
    error = failure(Answer(status))
    assert isinstance(error, TerminalError)
    assert not isinstance(error, IssueNotFoundError)


@pytest.mark.parametrize("status", [404])
def test_an_issue_that_is_not_ours_to_see_is_not_found(status: int) -> None:
    assert isinstance(failure(Answer(status)), IssueNotFoundError)


def test_redmines_own_sentences_reach_the_person() -> None:
    error = failure(Answer(422, '{"errors": ["答复 不能为空", "已关闭"]}'))
    assert isinstance(error, ChangeRefusedError)
    assert "答复 不能为空; 已关闭" in str(error)


@pytest.mark.parametrize("body", ['{"errors": []}', "{}", "[]", ""])
def test_a_refusal_without_a_reason_is_a_collision_and_passes(body: str) -> None:
    assert isinstance(failure(Answer(422, body)), TransientError)


@pytest.mark.parametrize("body", ["<html>维护中</html>", '{"issue": {"id"'])
def test_an_answer_that_is_not_json_is_transient(body: str) -> None:
    assert isinstance(failure(Answer(200, body)), TransientError)


def test_a_redirect_is_not_followed_and_the_key_stays_here() -> None:
    elsewhere = Answer(200, '{"issue": {}}')
    with answering(elsewhere) as target:
        error = failure(Answer(302, headers={"Location": f"{target}/login"}))
    assert isinstance(error, TerminalError)
    assert target in str(error)
    assert elsewhere.asked == []


def test_a_closed_port_is_transient() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(TransientError):
        RedmineSite(settings(f"http://127.0.0.1:{port}", "k", KNOWN)).fetch(REF)


def test_a_server_that_stays_silent_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(TransientError):
            RedmineSite(settings(url, "k", KNOWN, read_timeout=0.3)).fetch(REF)
        assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("url", ["redmine.example.com", "http://", "ftp://example.com"])
def test_an_address_that_is_none_is_terminal(url: str) -> None:
    with pytest.raises(TerminalError):
        RedmineSite(settings(url, "k", KNOWN)).fetch(REF)


def test_the_key_is_not_shown() -> None:
    assert "planted" not in repr(settings("http://127.0.0.1:1", "planted-key", KNOWN))


def test_a_server_that_went_away_is_transient_and_back_again_serves() -> None:
    keys = {login: api_key(login) for login in ("admin", BOT, SERVICE)}
    app = create_app(plan_of(KNOWN), clock=Watch())
    with serve(app) as served:
        world = RedmineWorld(served.url, keys, KNOWN)
        ref = world.create()
        world.site.fetch(ref)
    with pytest.raises(TransientError):
        world.site.apply(ref, [SetField(Field.ANSWER, "好")])
    with serve(app, port=int(served.url.rpartition(":")[2])):
        world.site.apply(ref, [SetField(Field.ANSWER, "好")])
        assert world.site.fetch(ref).value(Field.ANSWER) == "好"
