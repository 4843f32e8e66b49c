"""The gateway behind the real server: what a view is told of a request, and who waits for whom."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.component.granian_kit import served

APP = """
import os, threading
from flask import Flask, Response, jsonify, request
from svc_plugin.web.gateway import Gateway
from svc_plugin.web.suspending import alarm

app, asleep, finished = Flask("test"), {}, []

@app.route("/<path:path>", methods=["GET", "POST"])
def tell(path):
    environ = {name: value for name, value in request.environ.items() if isinstance(value, str)}
    body = request.get_data(as_text=True)
    answer = jsonify(path=path, body=body, environ=environ, thread=threading.current_thread().name)
    answer.set_cookie("one", "1")
    answer.set_cookie("two", "2")
    return answer

@app.post("/hooks/sleep/<name>")
def sleep(name):
    asleep[name] = alarm()
    woken = asleep[name].sleep(float(request.args.get("seconds", 20)))
    finished.append(name)
    return jsonify(woken=woken)

@app.get("/finished")
def tell_finished():
    return jsonify(finished)

@app.route("/ring/<name>")
def ring(name):
    asleep[name].ring()
    return Response(status=204)

@app.post("/hooks/broken")
def broken():
    raise SystemError("broken on purpose")

gateway = Gateway(app, in_loop=True)
hasty = Gateway(app, in_loop=True, patience=0.3)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("gateway"), APP, "gateway") as port:
        yield port


def ask(
    port: int, method: str, path: str, body: bytes | None = None, headers: list[tuple[str, str]] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.putrequest(method, path)
        for name, value in headers or []:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer, answer.read()


def told(port: int, method: str, path: str, **more: object) -> dict[str, object]:
    return json.loads(ask(port, method, path, **more)[1])  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/hooks/a", "/pages/a"])
def test_a_view_is_told_the_request_as_any_wsgi_server_tells_it(port, path):
    headers = [("X-Twice", "1"), ("X-Twice", "2"), ("Content-Type", "text/plain")]
    found = told(port, "POST", f"{path}%20b%2Fc/%E4%BD%A0?x=%41&y=1", body="正文".encode(), headers=headers)
    environ = found["environ"]
    assert isinstance(environ, dict)
    assert (found["path"], found["body"]) == (f"{path[1:]} b/c/你", "正文")
    wanted = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "x=%41&y=1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "6",
        "HTTP_X_TWICE": "1,2",
        "HTTP_HOST": f"127.0.0.1:{port}",
    }
    assert {name: environ.get(name) for name in wanted} == wanted


def test_cookies_in_several_lines_are_one_header(port):
    found = told(port, "GET", "/x", headers=[("Cookie", "a=1"), ("Cookie", "b=2")])
    assert found["environ"]["HTTP_COOKIE"] == "a=1;b=2"  # type: ignore[index]


@pytest.mark.parametrize("name", ["X_Remote_User", "X-Remote_User"])
def test_an_underscore_does_not_pass_for_a_hyphen_that_a_proxy_vouches_for(port, name):
    found = told(port, "GET", "/x", headers=[(name, "admin"), ("X-Remote-User", "guest")])
    assert found["environ"]["HTTP_X_REMOTE_USER"] == "guest"  # type: ignore[index]
    assert "HTTP_X_REMOTE_USER" not in told(port, "GET", "/x", headers=[(name, "admin")])["environ"]  # type: ignore[operator]


def test_what_the_environment_of_the_process_holds_is_no_part_of_a_request(port):
    assert "PATH" not in told(port, "GET", "/x")["environ"]  # type: ignore[operator]


def test_an_answer_keeps_each_of_its_cookies_and_the_head_is_that_of_the_whole(port):
    answer, body = ask(port, "HEAD", "/x")
    whole, text = ask(port, "GET", "/x")
    assert (
        answer.headers.get_all("Set-Cookie")
        == whole.headers.get_all("Set-Cookie")
        == ["one=1; Path=/", "two=2; Path=/"]
    )
    assert (body, answer.headers["Content-Type"]) == (b"", "application/json")
    assert abs(int(answer.headers["Content-Length"]) - len(text)) < 10  # the name of the method differs


def ring(port: int, name: str) -> None:
    while ask(port, "GET", f"/ring/{name}")[0].status != 204:
        time.sleep(0.02)  # not asleep yet


def test_many_deliveries_wait_in_one_thread_and_pages_are_served_meanwhile(port):
    names, woken = [f"n{number}" for number in range(40)], list[object]()

    def send(name: str) -> None:
        woken.append(told(port, "POST", f"/hooks/sleep/{name}", body=b"{}")["woken"])

    senders = [threading.Thread(target=send, args=(name,)) for name in names]
    for sender in senders:
        sender.start()
    assert "request" in str(told(port, "GET", "/page")["thread"])
    for name in names:
        ring(port, name)
    for sender in senders:
        sender.join(10)
    assert woken == [True] * len(names)


def test_what_a_sender_sent_is_taken_to_its_end_when_the_sender_goes_away(port):
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as sender:
        sender.sendall(b"POST /hooks/sleep/gone HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
        time.sleep(0.2)
    time.sleep(0.1)
    ring(port, "gone")
    deadline = time.monotonic() + 5
    while "gone" not in json.loads(ask(port, "GET", "/finished")[1]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert "gone" in json.loads(ask(port, "GET", "/finished")[1])


def test_who_is_not_woken_in_time_is_answered_all_the_same(port):
    assert told(port, "POST", "/hooks/sleep/late?seconds=0.1", body=b"{}")["woken"] is False


def test_deliveries_run_in_the_thread_of_the_loop_and_what_may_take_long_does_not(port):
    loop = told(port, "POST", "/hooks/x", body=b"{}")["thread"]
    long = told(port, "POST", "/hooks/x", body=b" " * 300_000)["thread"]
    signed_in = told(port, "POST", "/hooks/x", body=b"{}", headers=[("Cookie", "session=1")])["thread"]
    page, without_end = (
        told(port, "POST", "/x", body=b"{}")["thread"],
        told(port, "GET", "/hooks/x")["thread"],
    )
    assert loop == "MainThread"
    assert all(str(thread).startswith("request") for thread in (long, signed_in, page, without_end))


def test_a_view_that_breaks_breaks_nothing_else(port):
    assert ask(port, "POST", "/hooks/broken", b"{}")[0].status == 500
    assert told(port, "POST", "/hooks/x", body=b"{}")["body"] == "{}"


@pytest.mark.parametrize(("path", "status"), [("/hooks/x", b"200"), ("/x", b"408")])
def test_a_sender_that_stops_in_the_middle_is_not_waited_for(tmp_path, path, status):
    with (
        served(tmp_path, APP, "hasty") as port,
        closing(socket.create_connection(("127.0.0.1", port), 10)) as slow,
    ):
        began = time.monotonic()
        slow.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1234".encode())
        assert slow.recv(4000).startswith(b"HTTP/1.1 " + status)
        assert 0.2 < time.monotonic() - began < 5
        assert told(port, "POST", path, body=b"whole")["body"] == "whole"
