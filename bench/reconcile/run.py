"""The topic ``reconcile``: looks a second of 1, 2 and 4 worker processes on one work table, embedded and not.

The part on PostgreSQL is measured where ``SVC_TEST_POSTGRESQL`` names a server.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen

from bench.machine import Meter, filesystem, group_seconds, load, own_seconds, wait_until_quiet
from bench.receiver.servers import ROOT, end, work_folder
from bench.report import Goal, Row, Table, compared, plain
from bench.stores import POSTGRESQL, database
from svc_plugin.bootstrap import utc_now
from svc_plugin.domain.model import IssueRef
from svc_plugin.logs import configure_logs
from svc_plugin.store.database import Database
from svc_plugin.store.work import SqlWorkTable

ISSUES = 2000
REDIS = "SVC_TEST_REDIS"
_LEASE = timedelta(minutes=10)
_PATIENCE = 600.0  # seconds for one round
_WORKERS = {"SQLite": (1,), "PostgreSQL + Redis": (1, 2, 4)}


@dataclass
class Seen:
    """What some workers did: one entry a round."""

    rates: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])
    busy: list[float] = field(default_factory=list[float])
    rest: list[float] = field(default_factory=list[float])


def run(*, quick: bool) -> Table:
    """Measure each number of workers, and the claims alone on the same table."""
    configure_logs(quiet=True)
    issues, rounds = (200, 1) if quick else (ISSUES, 3)
    before, others = load(), list[float]()
    rows: list[Row] = []
    engines = [name for name in _WORKERS if name == "SQLite" or os.environ.get(POSTGRESQL)]
    for engine in engines:
        numbers = _WORKERS[engine]
        seen: dict[int, Seen] = {}
        with ExitStack() as stack:
            folder = stack.enter_context(work_folder())
            given = stack.enter_context(database(engine.split()[0], folder))
            others.append(wait_until_quiet(patience=5))
            for number in numbers:
                seen[number] = _measured(given, number, issues, rounds, folder)
                _told(f"{engine}, {number} workers: {median(seen[number].rates):.0f} looks/s")
            floor = [_claims(given, issues) for _ in range(rounds)]
            _told(f"{engine}: {median(floor):.0f} claims/s")
        rows += _rows(engine, seen, floor)
    heading = (
        f"{issues:,} issues of one site, all due at once, none wanting anything: a look claims one, reads it, decides,",
        "keeps it in the mirror and gives it back; sites are in the memory of each worker, so that none is waited for",
        "a worker is a process with two threads, with hints by Huey (in memory, or Redis); floor: one process that claims",
        f"and gives back, and does nothing else; medians of {rounds} rounds after one to warm up",
        f"database on {filesystem(Path.cwd())}; load average {before} before, {load()} after; others kept",
        f"{min(others):.2f} to {max(others):.2f} cores busy before; PostgreSQL and Redis have the same cores as the workers",
    )
    return Table(heading, rows)


def _measured(given: str, workers: int, issues: int, rounds: int, folder: Path) -> Seen:
    seen, store = Seen(), Database(given)
    store.migrate()
    table = SqlWorkTable(store)
    with ExitStack() as stack:
        queue = "memory:" if store.embedded else os.environ.get(REDIS, "redis://127.0.0.1:6379/10")
        processes = [
            stack.enter_context(_worker(given, queue, issues, folder / f"worker {number}"))
            for number in range(workers)
        ]
        for number in range(rounds + 1):
            figures = _round(table, processes, issues)
            if number:  # the first look at an issue keeps more than later ones
                for kept, figure in zip((seen.rates, seen.cpu, seen.busy, seen.rest), figures, strict=True):
                    kept.append(figure)
    store.close()
    return seen


def _round(table: SqlWorkTable, workers: Sequence["Popen[str]"], issues: int) -> tuple[float, ...]:
    """Return looks a second, CPU of a look in ms, cores that the workers kept busy, cores that others did."""
    table.add(_refs(issues), due=utc_now())
    used, ours, meter = _used(workers), own_seconds(), Meter.start()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()
    deadline = time.monotonic() + _PATIENCE
    while (left := table.pending(now=utc_now())).waiting or left.busy:
        if time.monotonic() > deadline or left.parked or left.retrying:
            raise RuntimeError(f"the workers did not work it off: {left}")
        time.sleep(0.05)
    taken, spent = time.perf_counter() - meter.at, _used(workers) - used
    return issues / taken, 1000 * spent / issues, spent / taken, meter.others(spent + own_seconds() - ours)


def _claims(given: str, issues: int) -> float:
    """Return how many claims a second one process makes and gives back."""
    store = Database(given)
    table = SqlWorkTable(store)
    table.add(_refs(issues), due=utc_now())
    begun, claimed = time.perf_counter(), 0
    while item := table.take(now=utc_now(), lease=_LEASE):
        table.done(item, now=utc_now(), again=None)
        claimed += 1
    taken = time.perf_counter() - begun
    store.close()
    if claimed != issues:
        raise RuntimeError(f"{claimed} of {issues} issues were claimed")
    return claimed / taken


def _refs(issues: int) -> list[IssueRef]:
    return [IssueRef("main", str(number + 1)) for number in range(issues)]


def _used(workers: Sequence["Popen[str]"]) -> float:
    return sum(group_seconds(worker.pid) for worker in workers)


@contextmanager
def _worker(given: str, queue: str, issues: int, output: Path) -> Iterator["Popen[str]"]:
    command = [sys.executable, "-m", "bench.reconcile.worker", str(issues)]
    variables = {"PYTHONPATH": str(ROOT), "BENCH_DATABASE": given, "BENCH_QUEUE": queue}
    with output.open("w") as told:
        process = Popen(
            command, cwd=ROOT, env=os.environ | variables, stdin=PIPE, stdout=PIPE, stderr=told, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            assert process.stdout
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError(f"a worker did not start:\n{output.read_text(errors='replace')}")
            yield process
        finally:
            assert process.stdin
            process.stdin.close()
            end(process)


def _rows(engine: str, seen: dict[int, Seen], floor: Sequence[float]) -> Iterator[Row]:
    alone = seen[1].rates
    for number, one in seen.items():
        name = f"{engine}, {number} worker{'s' if number > 1 else ''}"
        yield compared(f"{name}: looks/s", "/s", one.rates, floor, against="claims alone")
        if number > 1:
            goal = Goal.at_least(1.3, "x") if number == 2 else None
            yield compared(
                f"{name}: looks/s beside one", "/s", one.rates, alone, against="1 worker", goal=goal
            )
        yield plain(f"{name}: CPU of the workers a look", median(one.cpu), "ms")
        yield plain(f"{name}: cores that the workers kept busy", median(one.busy), "cores")
        yield plain(f"{name}: cores that all else kept busy", median(one.rest), "cores")


def _told(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)
