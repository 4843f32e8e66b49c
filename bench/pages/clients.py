"""People at browsers: each has a session and a connection of their own and asks for one page after another."""

import re
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from multiprocessing import get_context
from typing import Self
from urllib.parse import urlencode

from bench.machine import own_seconds
from svc_plugin.demo.stage import password

CLIENTS, PROCESSES = 8, 2
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


@dataclass
class Asked:
    """What some clients saw: seconds and bytes of each answer (head and body as sent), what was not 200."""

    seconds: list[float] = field(default_factory=list[float])
    size: int = 0
    failed: int = 0
    cpu: float = 0.0

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds that ``share`` of the answers did not exceed."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


@dataclass
class Client:
    """One browser, signed in as ``account``."""

    port: int
    account: str
    cookie: str = ""
    _line: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._line.connect()
        self._line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.account:
            self._sign_in()

    def get(self, path: str) -> tuple[int, int, bytes]:
        """Return the status, the bytes of the whole answer, and its body as it was sent."""
        status, _, body, head = self._ask("GET", path)
        return status, head + len(body), body

    def _sign_in(self) -> None:
        token = _TOKEN.search(self._ask("GET", "/sign-in")[2])
        form = {"account": self.account, "password": password(self.account)}
        form["csrf_token"] = token[1].decode() if token else ""
        status = self._ask("POST", "/sign-in", urlencode(form))[0]
        if status != 303:
            raise RuntimeError(f"{self.account} could not sign in: {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, HTTPResponse, bytes, int]:
        headers = {"Accept-Encoding": "gzip, br", "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        content = answer.read()
        for given in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = given.partition(";")[0]
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
        return answer.status, answer, content, head


class Clients:
    """``CLIENTS`` browsers in processes of their own; they live as long as this context."""

    def __init__(self, port: int, accounts: Sequence[str]) -> None:
        self._pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
        people = [accounts[place % len(accounts)] for place in range(CLIENTS)]
        # signed in one after another, here: how long that takes is not what is measured
        self._cookies = [(port, one, Client(port, one).cookie) for one in people]

    def __enter__(self) -> Self:
        list(self._pool.map(time.sleep, [0.5] * PROCESSES))
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def ask(self, path: str, seconds: float, pause: float = 0.0) -> Asked:
        """Have all clients ask for a page again and again, each with a pause between its answers."""
        share, whole = CLIENTS // PROCESSES, Asked()
        parts = [self._cookies[n * share : (n + 1) * share] for n in range(PROCESSES)]
        for part in self._pool.map(
            _ask_together, parts, *([one] * PROCESSES for one in (path, seconds, pause))
        ):
            whole.seconds += part.seconds
            whole.size, whole.failed = max(whole.size, part.size), whole.failed + part.failed
            whole.cpu += part.cpu
        return whole


def _ask_together(people: Sequence[tuple[int, str, str]], path: str, seconds: float, pause: float) -> Asked:
    whole, used = Asked(), own_seconds()
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(len(people)) as threads:
        for part in threads.map(lambda one: _ask_alone(one, path, until, pause), people):
            whole.seconds += part.seconds
            whole.size, whole.failed = max(whole.size, part.size), whole.failed + part.failed
    whole.cpu = own_seconds() - used
    return whole


def _ask_alone(person: tuple[int, str, str], path: str, until: float, pause: float) -> Asked:
    port, _, cookie = person
    client, seen = Client(port, "", cookie), Asked()
    while (start := time.perf_counter()) < until:
        status, size, _ = client.get(path)
        seen.seconds.append(time.perf_counter() - start)
        seen.size, seen.failed = max(seen.size, size), seen.failed + (status != 200)
        if pause:
            time.sleep(pause)
    return seen
