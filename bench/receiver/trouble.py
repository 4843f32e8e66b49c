"""What the receiver does when it cannot keep up: too many senders, a stalled store, a kill.

In each case every delivery that was answered 202 must be in the database afterwards, by its number.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.receiver.delivery import FIRST_NUMBER
from bench.receiver.load import Drive, Driven, Drivers
from bench.receiver.rounds import lost
from bench.receiver.servers import OURS, Server, running, work_folder

STALL = 13.0  # seconds: longer than the receiver lets a sender wait


@dataclass(frozen=True, slots=True)
class Trouble:
    """``acknowledged`` 202 answers, ``lost`` of them; ``refused`` 503 answers, ``rude`` of them without
    Retry-After; ``other`` answers of any other status and connections that broke; ``slowest`` in seconds.
    """

    acknowledged: int
    lost: int
    refused: int
    rude: int
    other: int
    unanswered: int
    slowest: float


@dataclass(slots=True)
class _Case:
    connections: int
    seconds: float
    grace: float
    act: Callable[[Server], None] = field(default=lambda _: None)


def flood(drivers: Drivers, *, seconds: float) -> Trouble:
    """256 senders at once, flat out."""
    return _run(drivers, _Case(256, seconds, 30.0))


def stall(drivers: Drivers) -> Trouble:
    """Another program holds the database's write lock for ``STALL`` seconds while 64 senders go on."""
    return _run(drivers, _Case(64, STALL + 2, 60.0, act=_hold_the_lock))


def kill(drivers: Drivers) -> Trouble:
    """SIGKILL after a second of 16 senders flat out."""
    return _run(drivers, _Case(16, 2.0, 1.0, act=_kill_soon))


def _run(drivers: Drivers, case: _Case) -> Trouble:
    with work_folder() as folder:
        with running(OURS, folder) as server:
            acting = threading.Thread(target=case.act, args=(server,))
            acting.start()
            seen = drivers.drive(
                Drive(
                    server.port,
                    "/hooks/main",
                    case.connections,
                    case.seconds,
                    FIRST_NUMBER,
                    0.0,
                    grace=case.grace,
                )
            )
            acting.join()
        return _summed(seen, server.database)


def _summed(seen: Driven, database: Path) -> Trouble:
    known = {202, 503}
    return Trouble(
        acknowledged=seen.statuses[202],
        lost=lost(database, seen),
        refused=seen.statuses[503],
        rude=seen.without_retry_after,
        other=sum(count for status, count in seen.statuses.items() if status not in known) + seen.broken,
        unanswered=seen.unanswered,
        slowest=max(seen.latencies, default=0.0),
    )


def _hold_the_lock(server: Server) -> None:
    time.sleep(1.0)
    with closing(sqlite3.connect(server.file, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(STALL)
        connection.execute("ROLLBACK")


def _kill_soon(server: Server) -> None:
    time.sleep(1.0)
    server.kill()
