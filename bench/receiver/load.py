"""The load generator: keep-alive connections on raw sockets, flat out or at a steady rate.

Several processes drive a server at once; each serves its connections from one loop. With a rate, each
request has a time at which it is due, and its latency counts from then, sent or not: a server that stalls
cannot hide what it made wait.
"""

import re
import selectors
import socket
import time
from array import array
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Self

from bench.machine import own_seconds
from bench.receiver.delivery import Deliveries

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_RETRY = re.compile(rb"\r\nretry-after: *\d+\r\n", re.IGNORECASE)
_ENOUGH = 65_536


@dataclass(frozen=True, slots=True)
class Drive:
    """What one process does: ``connections`` to ``port`` for ``seconds`` from ``start_at`` (time since 1970).

    ``rate`` in requests a second, 0 is flat out. ``first`` is the number of the first delivery. ``grace``
    is how many seconds answers may still come after the end.
    """

    port: int
    path: str
    connections: int
    seconds: float
    first: int
    start_at: float
    rate: float = 0.0
    grace: float = 15.0


@dataclass(slots=True)
class Driven:
    """What came of it: ``latencies`` in seconds, ``in_time`` answers before the end, numbers answered 202."""

    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    statuses: Counter[int] = field(default_factory=Counter[int])
    acknowledged: "array[int]" = field(default_factory=lambda: array("q"))
    in_time: int = 0
    without_retry_after: int = 0
    broken: int = 0
    unanswered: int = 0
    cpu: float = 0.0

    def add(self, other: "Driven") -> None:
        """Take in what another process saw."""
        self.latencies.extend(other.latencies)
        self.statuses.update(other.statuses)
        self.acknowledged.extend(other.acknowledged)
        self.in_time += other.in_time
        self.without_retry_after += other.without_retry_after
        self.broken += other.broken
        self.unanswered += other.unanswered
        self.cpu += other.cpu

    def percentile(self, share: float) -> float:
        """Return the latency, in milliseconds, that ``share`` of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Drivers:
    """The processes of the generator; they live as long as this context."""

    def __init__(self, processes: int = 2) -> None:
        self._processes = processes
        self._pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))

    def __enter__(self) -> Self:
        for waiting in [self._pool.submit(time.sleep, 0.5) for _ in range(self._processes)]:
            waiting.result()  # started and imported before anything is measured
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def drive(self, wanted: Drive) -> Driven:
        """Share the connections and the rate of ``wanted`` among the processes; return what all saw."""
        shares = [
            replace(
                wanted,
                connections=wanted.connections // self._processes,
                rate=wanted.rate / self._processes,
                first=wanted.first + place * 1_000_000,
                start_at=time.time() + 0.1,
            )
            for place in range(self._processes)
        ]
        whole = Driven()
        for part in self._pool.map(drive, shares):
            whole.add(part)
        return whole


@dataclass(slots=True, eq=False)
class _Connection:
    socket: socket.socket
    answer: bytes = b""
    number: int = 0
    since: float = 0.0


def drive(wanted: Drive) -> Driven:
    """Drive a server from this process."""
    return _Driver(wanted).run()


class _Driver:
    def __init__(self, wanted: Drive) -> None:
        self._wanted = wanted
        self._deliveries = Deliveries.to(wanted.port, wanted.path)
        self._number = wanted.first
        self._selector = selectors.DefaultSelector()
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()
        self._seen = Driven()
        self._start = self._end = 0.0

    def run(self) -> Driven:
        for _ in range(self._wanted.connections):
            self._open()
        time.sleep(max(0.0, self._wanted.start_at - time.time()))
        used = own_seconds()
        self._start = time.perf_counter()
        self._end = self._start + self._wanted.seconds
        while (now := time.perf_counter()) < self._end:
            self._send_due(now)
            self._receive(min(self._end, self._due()) - now)
        while self._busy and (left := self._end + self._wanted.grace - time.perf_counter()) > 0:
            self._receive(left)
        self._seen.unanswered = len(self._busy)
        self._seen.cpu = own_seconds() - used
        for key in list(self._selector.get_map().values()):
            key.data.socket.close()
        return self._seen

    def _due(self) -> float:
        """When the next request is to be sent; the far future while no connection is free."""
        if not self._idle:
            return self._end
        return self._planned() if self._wanted.rate else 0.0

    def _planned(self) -> float:
        return self._start + (self._number - self._wanted.first) / self._wanted.rate

    def _send_due(self, now: float) -> None:
        while self._idle and (not self._wanted.rate or self._planned() <= now):
            connection = self._idle.pop()
            connection.since = self._planned() if self._wanted.rate else time.perf_counter()
            connection.number, connection.answer = self._number, b""
            self._number += 1
            self._busy.add(connection)
            try:
                connection.socket.sendall(self._deliveries.bytes_of(connection.number))
            except OSError:
                self._lose(connection)

    def _receive(self, seconds: float) -> None:
        for key, _ in self._selector.select(max(0.0, seconds)):
            connection: _Connection = key.data
            try:
                piece = connection.socket.recv(_ENOUGH)
            except OSError:
                piece = b""
            if not piece:
                self._lose(connection)
                continue
            connection.answer += piece
            if _complete(connection.answer):
                self._note(connection)

    def _note(self, connection: _Connection) -> None:
        now, status = time.perf_counter(), int(connection.answer[9:12])
        seen = self._seen
        seen.latencies.append(now - connection.since)
        seen.statuses[status] += 1
        seen.in_time += now <= self._end
        if status == 202:
            seen.acknowledged.append(connection.number)
        elif status == 503 and not _RETRY.search(connection.answer):
            seen.without_retry_after += 1
        self._busy.discard(connection)
        self._idle.append(connection)

    def _lose(self, connection: _Connection) -> None:
        """The server closed: count it and go on with a new connection, if there still is a server."""
        self._seen.broken += connection in self._busy
        self._busy.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        self._selector.unregister(connection.socket)
        connection.socket.close()
        if time.perf_counter() < self._end:
            self._open()

    def _open(self) -> None:
        try:
            connection = _Connection(socket.create_connection(("127.0.0.1", self._wanted.port), timeout=30))
        except OSError:
            return
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        self._idle.append(connection)


def _complete(answer: bytes) -> bool:
    head, gap, rest = answer.partition(b"\r\n\r\n")
    if not gap:
        return False
    length = _LENGTH.search(head)
    return length is not None and len(rest) >= int(length[1])
