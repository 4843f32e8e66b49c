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
from bench.report import Goal, Row, Table, compared, plain
from bench.samples import company
from svc_plugin.bootstrap import build
from svc_plugin.engine.sync import Syncer, SyncOptions
from svc_plugin.sites.jira import JiraSite
from svc_plugin.standins.jira import Mode

ISSUES = 5000
_NAMES: dict[Mode, str] = {"cloud": "Cloud", "dc": "Data Center"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading the issues took: requests, and seconds by the wall."""

    calls: float
    seconds: float


def run(*, quick: bool) -> Table:
    """Sync a stand-in of each edition, and read it by a plain loop."""
    issues = 300 if quick else ISSUES
    before, others = load(), wait_until_quiet()
    rows: list[Row] = []
    for mode in ("cloud", "dc"):
        rows += _mode(mode, issues)
    heading = (
        f"{issues} issues on a stand-in in a process of its own, each with a history, comments and watchers,",
        "none of them wanting anything: a full sync looks at all, twice (to plan, then to work them off),",
        "decides on each, and keeps it in SQLite; the peer finds them, reads each, and does nothing with it",
        "the same answers for both; calls are counted by the stand-in",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    return Table(heading, rows)


def _mode(mode: Mode, issues: int) -> list[Row]:
    name = _NAMES[mode]
    with _standin(mode, issues) as url:
        ours, peer = _ours(url, mode, issues), _peer(url, mode, issues)
    goal = Goal.at_least(20, "x")
    saved = compared(
        f"requests, {name}",
        "",
        [peer.calls],
        [ours.calls],
        against="ours",
        goal=goal if mode == "cloud" else None,
    )
    taken = compared(f"wall time, {name}", "s", [ours.seconds], [peer.seconds], against="loop")
    # the row says how many times fewer: read the other way round
    fewer = replace(
        saved,
        name=f"requests saved, {name}: ratio to loop",
        ours=f"{ours.calls:,.0f}",
        other=f"{peer.calls:,.0f} (loop)",
        ratio=f"{saved.value:.1f} times fewer",
    )
    return [fewer, taken, plain(f"calls an issue, {name}", ours.calls / issues, "")]


def _ours(url: str, mode: Mode, issues: int) -> Cost:
    site = JiraSite(settings(url, mode))
    with TemporaryDirectory() as folder:
        given = replace(company(), database=f"sqlite:///{Path(folder)}/bench.db")
        services = build(given, sites={"main": site})
        syncer = Syncer(services.sweeper, services.reconciler, services.worker)
        _calls(url)
        start = time.perf_counter()
        summary = syncer.run([site], SyncOptions(full=True), _progress)
        taken = time.perf_counter() - start
        kept = len(services.mirror.versions("main"))
        services.close()
    outcome = (summary.looked_at, summary.count("unchanged"), len(summary.plans), len(summary.failed), kept)
    if outcome != (issues, issues, 0, 0, issues):
        raise RuntimeError(f"the sync did not look at {issues} issues that want nothing: {outcome}")
    return Cost(_calls(url)["ours"], taken)


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
