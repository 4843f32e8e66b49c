"""The topic ``pages``: desk, product, shelf and check page with a large mirror behind them."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.machine import Meter, filesystem, group_seconds, load, own_seconds, wait_until_quiet
from bench.pages.clients import CLIENTS, Asked, Client, Clients
from bench.pages.counting import queries
from bench.pages.filling import fill
from bench.receiver.servers import SERVE, Server, redmine, running, work_folder, write_config
from bench.report import Goal, Row, Table, compared, plain
from bench.stores import POSTGRESQL
from bench.stores import database as database_of
from svc_plugin.bootstrap import build
from svc_plugin.settings import load_settings

ISSUES = 100_000
FLOOR = "/live"
PAGES: Mapping[str, str] = {
    "sign-in page": "/sign-in",
    "desk": "/",
    "products": "/products",
    "product page": "/products/erp",
    "product page, a former year": "/products/erp?period={year}",
    "shelf": "/shelf",
    "check page": "/issues/main/1",
}
_JUDGED = ("desk", "product page", "product page, a former year", "shelf")
_ANEW = "/products/erp?period={year}-Q{quarter}"  # nobody has asked for any of these before
_ACCOUNTS = ("zhang.wei",)
_PAUSE = 0.5  # seconds that somebody looks at a page before asking for the next, at the least
_FAST, _SMALL = Goal.at_most(100, " ms"), Goal.at_most(50_000, " B")


@dataclass
class Seen:
    """What was measured on one database: by page, one entry a round."""

    flat: dict[str, list[Asked]] = field(default_factory=dict[str, "list[Asked]"])
    paced: dict[str, list[Asked]] = field(default_factory=dict[str, "list[Asked]"])
    cpu: dict[str, list[float]] = field(default_factory=dict[str, "list[float]"])
    anew: list[float] = field(default_factory=list[float])
    others: list[float] = field(default_factory=list[float])
    queries: Mapping[str, int] = field(default_factory=dict[str, int])


def run(*, quick: bool) -> Table:
    """Measure on SQLite, and on PostgreSQL where ``SVC_TEST_POSTGRESQL`` names a server."""
    issues, seconds, rounds = (2000, 1.0, 1) if quick else (ISSUES, 2.5, 2)
    before, rows, others = load(), list[Row](), list[float]()
    engines = ["SQLite", *(["PostgreSQL"] if os.environ.get(POSTGRESQL) else [])]
    for engine in engines:
        seen = _measured(engine, issues, seconds, rounds)
        rows += _rows(seen, engine)
        others += seen.others
    heading = (
        f"{issues:,} issues mirrored and counted, 250 versions in the register; `svc-plugin serve` in a process",
        f"of its own, workers and all; {CLIENTS} clients in 2 processes with a session and a connection each",
        f"{rounds} interleaved rounds of {seconds:g} s a page; medians, in brackets the range of the ratio",
        "flat out: each client asks again as soon as it is answered, so that all 8 always wait for one process;",
        f"looking: each looks at its page for {_PAUSE:g} s first; times are the client's, queues and all",
        "bytes: the whole answer, head and body, as sent to a client that takes gzip; queries: counted in-process",
        f"database on {filesystem(Path.cwd())}; load average {before} before, {load()} after",
        f"other programs kept {median(others):.2f} cores busy (median; {min(others):.2f} to {max(others):.2f})",
    )
    return Table(heading, rows)


def _measured(engine: str, issues: int, seconds: float, rounds: int) -> Seen:
    now, seen = datetime.now(UTC), Seen()
    paths = {"floor": FLOOR} | {name: path.format(year=now.year - 2) for name, path in PAGES.items()}
    with ExitStack() as stack:
        folder, url = stack.enter_context(work_folder()), stack.enter_context(redmine())
        database = stack.enter_context(database_of(engine, folder))
        seen.queries = _prepared(folder, url, database, issues, now, paths)
        server = stack.enter_context(running(SERVE, folder, redmine=url, database=database))
        wait_until_idle(server)
        seen.anew = _counted_anew(Client(server.port, _ACCOUNTS[0]), now.year)
        clients = stack.enter_context(Clients(server.port, _ACCOUNTS))
        for _ in range(rounds):
            seen.others.append(wait_until_quiet(patience=5))
            for name, path in paths.items():
                _round(seen, name, path, clients, server, seconds, engine)
    return seen


def _counted_anew(client: Client, year: int) -> list[float]:
    """Return how many seconds the product page takes in periods whose figures nobody remembers."""
    seconds: list[float] = []
    for path in (_ANEW.format(year=year - back, quarter=n) for back in (1, 2) for n in (1, 2, 3, 4)):
        start = time.perf_counter()
        client.get(path)
        seconds.append(time.perf_counter() - start)
    return seconds


def _prepared(
    folder: Path, url: str, database: str, issues: int, now: datetime, paths: Mapping[str, str]
) -> Mapping[str, int]:
    """Fill the store and count the queries of each page."""
    write_config(folder, 9, url)
    settings = load_settings(folder / "config", os.environ, now=now)
    services = build(replace(settings, database=database))
    try:
        services.database.migrate()
        fill(services, issues, now)
        return queries(services, _ACCOUNTS[0], paths)
    finally:
        services.close()


def _round(
    seen: Seen, name: str, path: str, clients: Clients, server: Server, seconds: float, engine: str
) -> None:
    clients.ask(path, 0.5)
    meter, ours, used = Meter.start(), group_seconds(server.group), own_seconds()
    flat = clients.ask(path, seconds)
    served = group_seconds(server.group) - ours
    seen.others.append(meter.others(served + own_seconds() - used + flat.cpu))
    paced = clients.ask(path, seconds, _PAUSE)
    seen.flat.setdefault(name, []).append(flat)
    seen.paced.setdefault(name, []).append(paced)
    seen.cpu.setdefault(name, []).append(1000 * served / max(1, len(flat.seconds)))
    told = " / ".join(f"{one.percentile(0.5):.1f} {one.percentile(0.95):.1f} ms" for one in (flat, paced))
    print(f"  {engine:10} {name:28} p50 p95 flat out / looking: {told}", file=sys.stderr, flush=True)


def _rows(seen: Seen, engine: str) -> Iterator[Row]:
    floor = [one.percentile(0.95) for one in seen.flat["floor"]]
    for name in ("floor", *PAGES):
        flat, paced, goal = seen.flat[name], seen.paced[name], _FAST if name in _JUDGED else None
        title = f"{engine}, {name}" if name != "floor" else f"{engine}, floor ({FLOOR})"
        yield plain(f"{title}: p50, flat out", median(one.percentile(0.5) for one in flat), "ms")
        p95 = [one.percentile(0.95) for one in flat]
        against = compared(f"{title}: p95, flat out", "ms", p95, floor, against=FLOOR)
        yield (
            replace(against, name=f"{title}: p95, flat out", value=median(p95), unit="ms", goal=goal)
            if name != "floor"
            else plain(f"{title}: p95, flat out", median(p95), "ms")
        )
        yield plain(f"{title}: p95, looking", median(one.percentile(0.95) for one in paced), "ms", goal)
        yield plain(f"{title}: CPU of the server a page", median(seen.cpu[name]), "ms")
        size = max(one.size for one in (*flat, *paced))
        small = None if name == "floor" else _SMALL
        yield plain(f"{title}: bytes", size, "B", small)
        yield plain(f"{title}: queries", seen.queries[name], "queries")
        failed = sum(one.failed for one in (*flat, *paced))
        yield plain(f"{title}: answers other than 200", failed, "answers", Goal.at_most(0))
    title = f"{engine}, product page, counted anew by one client"
    yield plain(f"{title}: median", 1000 * median(seen.anew), "ms")
    yield plain(f"{title}: longest", 1000 * max(seen.anew), "ms")


def wait_until_idle(server: Server, *, patience: float = 60.0) -> None:
    """Wait until what the server does on its own after a start is done."""
    deadline, used = time.monotonic() + patience, group_seconds(server.group)
    while time.monotonic() < deadline:
        time.sleep(2.0)
        before, used = used, group_seconds(server.group)
        if used - before < 0.1:
            return
