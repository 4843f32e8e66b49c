"""The topic ``mirror``: serve, worker and reports on mirrors of three sizes, on PostgreSQL."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from bench.machine import filesystem, group_peak, group_seconds, load, wait_until_quiet
from bench.pages.filling import fill
from bench.processes import Ended, measured, started
from bench.receiver.load import Drive, Drivers
from bench.receiver.servers import SERVE, redmine, running, work_folder, write_config
from bench.report import Goal, Row, Table, number, plain
from bench.stores import database
from svc_plugin.bootstrap import build
from svc_plugin.domain.figures.window import span_of
from svc_plugin.domain.moments import period_before
from svc_plugin.settings import load_settings

ISSUES = 1_000_000
PRODUCT = "erp"
_SHARES = (0.1, 0.3, 1.0)
_REPORTS = ("service_report", "maintenance_report")
_QUIET = 65.0  # seconds with nothing to do: the minute's tick is within
_LINEAR, _LEVEL = Goal.at_most(1.15, "x"), Goal.at_most(1.25, "x")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured on a mirror of ``issues``: what ended, by name, and what went on running."""

    issues: int
    filled: float
    ended: Mapping[str, Ended]
    peaks: Mapping[str, float]
    idle: Mapping[str, float]
    others: float


def run(*, quick: bool, issues: int = 0) -> Table:
    """Measure on a tenth, on three tenths and on all of ``issues``."""
    most = issues or (20_000 if quick else ISSUES)
    before = load()
    seen = [_measured(round(most * share), quiet=5.0 if quick else _QUIET) for share in _SHARES]
    others = [one.others for one in seen]
    heading = (
        f"mirrors of {', '.join(f'{one.issues:,}' for one in seen)} issues of three products and three years,",
        f"5 % open, in PostgreSQL; reports on {PRODUCT} (three fifths of them) and the last whole quarter, each by",
        "`svc-plugin documents create` as a process of its own, start and all; floor: read and parse the snapshots",
        "that changed in that quarter and the one before, in a process of its own",
        "`serve` and `worker` run beside each other on the stand-in, with 20 deliveries a second for 5 s and then",
        f"{_QUIET:g} s with nothing to do; memory is the most each process ever held, its parents and children added",
        f"database on {filesystem(Path.cwd())}; filled in {', '.join(f'{one.filled:.0f} s' for one in seen)}",
        f"load average {before} before, {load()} after; others kept {min(others):.2f} to {max(others):.2f} cores busy",
    )
    rows = [row for one in seen for row in _rows(one)]
    return Table(heading, [*rows, *_growth(seen)])


def _measured(issues: int, quiet: float) -> Seen:
    with ExitStack() as stack:
        folder, url = stack.enter_context(work_folder()), stack.enter_context(redmine())
        given = stack.enter_context(database("PostgreSQL", folder))
        begun, now = time.perf_counter(), datetime.now(UTC)
        period, span = _filled(folder, url, given, issues, now)
        filled = time.perf_counter() - begun
        _told(issues, f"filled in {filled:.0f} s")
        others = wait_until_quiet(patience=5)
        environment = {"SVC_DATABASE_URL": given, "SVC_CONFIG": str(folder / "config")}
        ended: dict[str, Ended] = {}
        for name, command in _commands(folder, given, period, span).items():
            ended[name] = measured(command, environment, folder / "output of one")
            _told(issues, f"{name}: {ended[name].seconds:.1f} s, {ended[name].peak:.0f} MB")
        peaks, idle = _run_beside(folder, url, environment, quiet)
        _told(issues, f"at most {peaks} MB; idle {idle}")
        return Seen(issues, filled, ended, peaks, idle, others)


def _filled(
    folder: Path, url: str, given: str, issues: int, now: datetime
) -> tuple[str, tuple[datetime, datetime]]:
    """Fill the store; return the last whole quarter, and the span that a report on it is about."""
    write_config(folder, 9, url)
    settings = load_settings(folder / "config", {}, now=now)
    services = build(replace(settings, database=given))
    try:
        fill(services, issues, now)
    finally:
        services.close()
    with sa.create_engine(given, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(
            "VACUUM ANALYZE mirror, facts, timers, hours"
        )  # as autovacuum does in time
    period = period_before(f"{now.year}-Q{(now.month + 2) // 3}")
    return period, span_of(period, settings.registers.calendar.zone)


def _commands(
    folder: Path, given: str, period: str, span: tuple[datetime, datetime]
) -> Mapping[str, Sequence[str]]:
    ours = [sys.executable, "-m", "svc_plugin", "--config", str(folder / "config")]
    since, until = (f"{moment.timestamp():.0f}" for moment in span)
    rows = [sys.executable, "-m", "bench.peers.mirror_rows", given, PRODUCT, since, until]
    wanted = ["--product", PRODUCT, "--period", period, "-o", str(folder / "report.docx")]
    reports = {name: [*ours, "documents", "create", name, *wanted] for name in _REPORTS}
    return {"floor": rows, **reports}


def _run_beside(
    folder: Path, url: str, environment: Mapping[str, str], quiet: float
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Run ``serve`` and ``worker``; return the most memory of each, and the cores that each uses at rest."""
    worker = [sys.executable, "-m", "svc_plugin", "--config", str(folder / "config"), "worker"]
    with ExitStack() as stack:
        drivers = stack.enter_context(Drivers())
        given = environment["SVC_DATABASE_URL"]
        server = stack.enter_context(running(SERVE, folder, redmine=url, database=given))
        process = stack.enter_context(started(worker, environment, folder / "output of worker"))
        groups = {"serve": server.group, "worker": process.pid}
        drivers.drive(Drive(server.port, "/hooks/main", 4, 5.0, 1, 0.0, rate=20.0))
        used = {name: group_seconds(group) for name, group in groups.items()}
        time.sleep(quiet)
        idle = {name: (group_seconds(group) - used[name]) / quiet for name, group in groups.items()}
        return {name: group_peak(group) for name, group in groups.items()}, idle


def _rows(seen: Seen) -> Iterator[Row]:
    size, floor = f"{seen.issues:,} issues", seen.ended["floor"]
    for name, one in seen.ended.items():
        if name in _REPORTS:
            ratio = one.seconds / floor.seconds
            told = f"{number(one.seconds)} s", f"{number(floor.seconds)} s (floor)", f"{ratio:.2f}"
            yield Row(f"{size}, {name}: wall time", one.seconds, "s", *told)
        else:
            yield plain(f"{size}, {name}: wall time", one.seconds, "s")
        yield plain(f"{size}, {name}: CPU of the process", one.cpu, "s")
        yield plain(f"{size}, {name}: memory", one.peak, "MB")
    for name, peak in seen.peaks.items():
        yield plain(f"{size}, {name}: memory", peak, "MB")
        yield plain(f"{size}, {name}: cores busy with nothing to do", seen.idle[name], "cores")


def _growth(seen: Sequence[Seen]) -> Iterator[Row]:
    """Compare what one more issue costs between the sizes; a fixed part would flatter a plain ratio."""
    for name in _REPORTS:
        few, many = (
            (after.ended[name].seconds - before.ended[name].seconds) / (after.issues - before.issues) * 1e6
            for before, after in pairwise(seen)
        )
        told = f"{number(many)} us", f"{number(few)} us (of the fewer)", f"{many / few:.2f}"
        yield Row(f"{name}: wall time of one more issue", many / few, "x", *told, _LINEAR)
    first, last = seen[0], seen[-1]
    for name, peak in last.peaks.items():
        ratio = peak / first.peaks[name]
        told = (
            f"{number(peak)} MB",
            f"{number(first.peaks[name])} MB ({first.issues:,} issues)",
            f"{ratio:.2f}",
        )
        yield Row(f"{name}: memory with {last.issues:,} issues", ratio, "x", *told, _LEVEL)


def _told(issues: int, what: str) -> None:
    print(f"  {issues:9,} issues: {what}", file=sys.stderr, flush=True)
