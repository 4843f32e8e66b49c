"""The topic ``redmine-sync``: what a sync of many issues costs a real Redmine, against a plain loop."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.machine import load, own_seconds, wait_until_quiet
from bench.peers.redmine_loop import read_all
from bench.receiver.servers import work_folder
from bench.redmine.counting import counted
from bench.redmine.house import ACTS, MANY_ACTS, PRODUCT, House, house
from bench.report import Goal, Row, Table, compared, plain
from svc_plugin.bootstrap import Services, build, build_syncer
from svc_plugin.engine.sync import SyncOptions
from svc_plugin.logs import configure_logs

ISSUES = 10_000
_PROGRESS = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: requests, seconds by the wall, seconds of this process's CPU."""

    requests: int
    seconds: float
    cpu: float


def run(*, quick: bool, issues: int = 0) -> Table:
    """Read the issues by a plain loop, sync them, sync again."""
    configure_logs(quiet=True)
    number, before = issues or (200 if quick else ISSUES), load()
    with house() as redmine:
        redmine.fill(number)
        others = wait_until_quiet()
        peer = _cost(lambda: _peer(redmine, number))
        first, again = _ours(redmine, number)
    heading = (
        f"{number:,} issues on a real Redmine (Debian's package, puma with 4 threads, SQLite), each with {ACTS}",
        f"journals, one in fifty with {MANY_ACTS}, none of them wanting anything; requests are counted as they are sent",
        "a sync decides on each issue and keeps each in SQLite on the disk; the peer is a plain loop with",
        "python-redmine that reads each with its journals, and no more; Redmine has the same cores as both",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    return Table(heading, _rows(number, peer, first, again))


def _rows(issues: int, peer: Cost, first: Cost, again: Cost) -> list[Row]:
    once = Goal.at_most(0.01)
    rows: list[Row] = []
    for name, cost, goal in (("first sync", first, None), ("sync again, nothing changed", again, once)):
        rows += [
            plain(f"{name}: requests an issue", cost.requests / issues, "", goal),
            compared(f"{name}: requests", "", [cost.requests], [peer.requests], against="loop"),
            compared(f"{name}: wall time", "s", [cost.seconds], [peer.seconds], against="loop"),
            compared(f"{name}: CPU of the process", "s", [cost.cpu], [peer.cpu], against="loop"),
        ]
    return rows


def _peer(redmine: House, issues: int) -> None:
    site = redmine.settings().sites["main"]
    found = read_all(redmine.url, site.api_key, site.mapping.projects[PRODUCT])
    if found != issues:
        raise RuntimeError(f"the loop read {found} of {issues} issues")


def _ours(redmine: House, issues: int) -> tuple[Cost, Cost]:
    """Sync with an empty store, then with everything known."""
    with work_folder() as folder:
        services = build(replace(redmine.settings(), database=f"sqlite:///{folder}/bench.db"))
        first = _cost(lambda: _sync(services, issues, issues))
        again = _cost(lambda: _sync(services, 0, issues))
        services.close()
    return first, again


def _sync(services: Services, looked_at: int, kept: int) -> None:
    summary = build_syncer(services).run(services.sites.values(), SyncOptions(), _progress)
    known = len(services.mirror.versions("main"))
    outcome = (summary.looked_at, summary.count("unchanged"), len(summary.plans), len(summary.failed), known)
    if outcome != (looked_at, looked_at, 0, 0, kept):
        raise RuntimeError(f"the sync did not look at {looked_at} issues that want nothing: {outcome}")


def _cost(act: Callable[[], None]) -> Cost:
    begun, used = time.perf_counter(), own_seconds()
    with counted() as sent:
        act()
    cost = Cost(sent.requests, time.perf_counter() - begun, own_seconds() - used)
    print(f"  {cost.requests} requests, {cost.seconds:.1f} s", file=sys.stderr, flush=True)
    return cost


def _progress(step: str, done: int, of: int) -> None:
    if done % _PROGRESS == 0:
        print(f"  {step}: {done}{f' of {of}' if of else ''}", file=sys.stderr, flush=True)
