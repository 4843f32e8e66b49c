"""The topic ``jira-sync``: what a sync of many issues costs a Jira, against a plain loop with its library."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bench.jira_site import BOT, PEOPLE, settings
from bench.machine import load, wait_until_quiet
from bench.peers.jira_loop import read_all
from bench.receiver.servers import WORK
from bench.report import Goal, Row, Table, compared, plain
from bench.samples import company
from svc_plugin.bootstrap import build
from svc_plugin.engine.sync import Syncer, SyncOptions
from svc_plugin.logs import configure_logs
from svc_plugin.sites.jira import JiraSite
from svc_plugin.standins.jira import Mode

ISSUES = 5000
_NAMES: dict[Mode, str] = {"cloud": "Cloud", "dc": "Data Center"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading the issues took: requests, and seconds by the wall."""

    calls: int
    seconds: float


def run(*, quick: bool) -> Table:
    """Sync a stand-in of each edition, and read it by a plain loop."""
    configure_logs(quiet=True)
    issues = 300 if quick else ISSUES
    before, others = load(), wait_until_quiet()
    rows: list[Row] = []
    for mode in ("cloud", "dc"):
        rows += _mode(mode, issues)
    heading = (
        f"{issues} issues on a stand-in in a process of its own, each with a history, comments and watchers,",
        "none of them wanting anything; a sync reads each, decides on it",
        "and keeps it in SQLite on the disk, a dry run reads and decides; the peer reads each, no more",
        "calls are counted by the stand-in",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    return Table(heading, rows)


def _mode(mode: Mode, issues: int) -> list[Row]:
    name = _NAMES[mode]
    with _standin(mode, issues) as url:
        planned = _ours(url, mode, issues, dry_run=True)
        peer = _peer(url, mode, issues)
        done = _ours(url, mode, issues, dry_run=False)
    return [
        _fewer(f"sync, {name}", done, peer, Goal.at_least(20, "x") if mode == "cloud" else None),
        _fewer(f"sync --dry-run, {name}", planned, peer, None),
        plain(f"calls an issue, sync, {name}", done.calls / issues, ""),
        compared(
            f"wall time, sync --dry-run, {name}", "s", [planned.seconds], [peer.seconds], against="loop"
        ),
        compared(f"wall time, sync, {name}", "s", [done.seconds], [peer.seconds], against="loop"),
    ]


def _fewer(name: str, ours: Cost, peer: Cost, goal: Goal | None) -> Row:
    ratio = peer.calls / ours.calls
    calls = f"{ours.calls:,} calls", f"{peer.calls:,} calls (loop)"
    return Row(f"calls saved, {name}: ratio to loop", ratio, "x", *calls, f"{ratio:.1f} times fewer", goal)


def _ours(url: str, mode: Mode, issues: int, *, dry_run: bool) -> Cost:
    site = JiraSite(settings(url, mode))
    with TemporaryDirectory(dir=_folder()) as folder:
        given = replace(company(), database=f"sqlite:///{Path(folder)}/bench.db")
        services = build(given, sites={"main": site})
        syncer = Syncer(services.sweeper, services.reconciler.weigher, services.worker)
        _calls(url)
        start = time.perf_counter()
        summary = syncer.run([site], SyncOptions(full=True, dry_run=dry_run), _progress)
        taken = time.perf_counter() - start
        kept = len(services.mirror.versions("main"))
        services.close()
    outcome = (summary.looked_at, summary.count("unchanged"), len(summary.plans), len(summary.failed), kept)
    worked_off = 0 if dry_run else issues
    if outcome != (issues, worked_off, 0, 0, worked_off):
        raise RuntimeError(f"the sync did not look at {issues} issues that want nothing: {outcome}")
    return Cost(_calls(url)["ours"], taken)


def _folder() -> Path:
    WORK.mkdir(parents=True, exist_ok=True)
    return WORK


def _peer(url: str, mode: Mode, issues: int) -> Cost:
    _calls(url)
    person = PEOPLE[BOT]
    start = time.perf_counter()
    email = person.email if mode == "cloud" else ""
    found = read_all(url, "project = ERP ORDER BY updated ASC", email=email, token=person.token)
    taken = time.perf_counter() - start
    if found != issues:
        raise RuntimeError(f"the loop read {found} of {issues} issues")
    return Cost(_calls(url)["peer"] - 1, taken)


def _calls(url: str) -> dict[str, int]:
    found: dict[str, int] = requests.get(f"{url}/calls", timeout=30).json()
    return found


def _progress(step: str, done: int, of: int) -> None:
    if done % 1000 == 0:
        print(f"  {step}: {done}{f' of {of}' if of else ''}", file=sys.stderr)


@contextmanager
def _standin(mode: Mode, issues: int) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.jira_standin", mode, str(issues)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the stand-in did not start")
        try:
            yield url
        finally:
            process.terminate()
