"""Simulate: ``python -m tests.faults.simulate --seed 7``; the same seed is the same world, to the last event.

Each world is lived through twice, without faults and with them, and both ends are compared. Without
``--seed``, worlds are drawn until ``--minutes`` are over or one is wrong; with ``--worlds``, so many are
lived through at the same time, one a core. ``--day`` is 24 hours of 10,000 events an hour; ``--year`` 1,000
cases, each watched for a year and longer.

An *issue-year* is one issue, filed by a person or made by us, that is watched for a year from then on: by
ticks each minute, by sweeps each five minutes, by its own deadlines, with everything that happens to a case
(filing, moves, about three later notes, our answers and their echoes). An issue that is watched for longer
counts one year and no more. Ticks and sweeps at which nothing can be found are jumped over; a test holds such
a world against one in which each of them takes place.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import repeat
from multiprocessing import get_context

import structlog

from tests.faults.simulation.ending import Ending
from tests.faults.simulation.faults import FAULTS
from tests.faults.simulation.people import Size
from tests.faults.simulation.run import Simulation

SMALL = Size(cases=40, edits=4, hours=24)
DAY = Size(cases=4000, edits=59, hours=24, workers=4, burst=6, hint_seconds=10)
_PATIENCE = 10.0  # seconds of CPU between two lines that tell of progress
YEAR = Size(cases=1000, edits=3, hours=2 * 365 * 24, filing=0.5)


@dataclass(frozen=True)
class Verdict:
    """Two ends of one seed compared: what is lost, what is there twice, what is left to do."""

    seed: int
    size: Size
    plain: Ending
    faulty: Ending
    seconds: float

    @property
    def lost(self) -> list[str]:
        """Issues that are missing or do not look as without faults."""
        there = self.faulty.states
        return sorted(name for name, state in self.plain.states.items() if there.get(name) != state)

    @property
    def doubled(self) -> list[str]:
        """Issues that are there more often than without faults."""
        return sorted((self.faulty.issues - self.plain.issues).elements())

    @property
    def left(self) -> list[str]:
        """What somebody or something still waits for."""
        backlog, ending = self.faulty.backlog, self.faulty
        open_ = backlog.waiting + backlog.retrying + backlog.parked + backlog.busy
        return [*ending.left, *ending.unexplained, *(["the queue is not empty"] if open_ else [])]

    @property
    def issue_years(self) -> float:
        """How much was lived through, without faults and with them."""
        return self.plain.issue_years + self.faulty.issue_years

    @property
    def good(self) -> bool:
        """Whether nothing is lost, doubled or left."""
        return not (self.lost or self.doubled or self.left)

    def __str__(self) -> str:
        """One line."""
        ending = self.faulty
        years = self.issue_years
        left = f"left {len(self.left)}" if self.left else "queue drained"
        speed = f"{years:.0f} issue-years, {years / self.seconds * 60:.0f} a minute"
        if years < 1:
            speed = f"{2 * ending.events / self.seconds:.0f} acts a second"
        return (
            f"seed {self.seed}: {ending.events} acts of people, {ending.delivered} deliveries, "
            f"{ending.looks} looks, {ending.met.total()} faults met; lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, {left}; {self.seconds:.1f} s of CPU, {speed}"
        )


def compared(seed: int, size: Size, faults: Sequence[str] = FAULTS) -> Verdict:
    """Live through a world without and with faults."""
    began = time.process_time()
    plain = Simulation(seed, size, ()).run(_progress("without faults"))
    faulty = Simulation(seed, size, faults).run(_progress("with faults"))
    return Verdict(seed, size, plain, faulty, time.process_time() - began)


def _progress(world: str) -> Callable[[float, int], None]:
    """Tell people on the error stream how far a world is, if it takes long."""
    told = began = time.process_time()

    def tell(share: float, events: int) -> None:
        nonlocal told
        now = time.process_time()
        if now - told > _PATIENCE:
            told, speed = now, events / (now - began)
            sys.stderr.write(f"  {world}: {share:.0%}, {events:,} acts of people, {speed:.0f} a second\n")
            sys.stderr.flush()

    return tell


def quiet() -> None:
    """Log errors only: the rest would cost more than the world it tells of."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def main() -> int:
    """Simulate as the arguments say; 1 when a world went wrong."""
    arguments = _arguments()
    quiet()
    size = DAY if arguments.day else YEAR if arguments.year else SMALL
    if arguments.cases:
        size = replace(size, cases=arguments.cases)
    if arguments.table:
        return _table(arguments.seed or 1, size)
    if arguments.seed is not None:
        return _worlds(arguments.seed, arguments.worlds, size, arguments.fault or FAULTS)
    seed, until = int(datetime.now(UTC).timestamp()), time.monotonic() + arguments.minutes * 60
    while time.monotonic() < until:
        if _told(compared(seed, size, arguments.fault or FAULTS)):
            return 1
        seed += 1
    return 0


def _worlds(first: int, count: int, size: Size, faults: Sequence[str]) -> int:
    """Live through worlds side by side; what is told last is what all cores bear together."""
    if count == 1:
        return _told(compared(first, size, faults))
    began, years, wrong = time.monotonic(), 0.0, 0
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=quiet) as pool:
        for verdict in pool.map(compared, range(first, first + count), repeat(size), repeat(faults)):
            years += verdict.issue_years
            wrong += _told(verdict)
    speed = years / (time.monotonic() - began) * 60
    sys.stdout.write(
        f"{count} worlds: {years:.0f} issue-years, {speed:.0f} a minute on {os.cpu_count()} cores\n"
    )
    return int(wrong > 0)


def _table(seed: int, size: Size) -> int:
    """Try each fault alone and all together, one line each."""
    wrong = 0
    for fault in (*((one,) for one in FAULTS), FAULTS):
        verdict = compared(seed, size, fault)
        name = fault[0] if len(fault) == 1 else "all"
        counts = f"{len(verdict.lost)} lost, {len(verdict.doubled)} doubled, {len(verdict.left)} left"
        sys.stdout.write(f"{name:>24}: {verdict.faulty.met.total():5} times, {counts}\n")
        sys.stdout.flush()
        wrong += not verdict.good
    return int(wrong > 0)


def _told(verdict: Verdict) -> int:
    sys.stdout.write(f"{verdict}\n")
    if sys.stdout.isatty() or not verdict.good:
        sys.stdout.write(f"  met: {dict(verdict.faulty.met.most_common())}\n")
    for what in ("lost", "doubled", "left"):
        for name in getattr(verdict, what)[:20]:
            sys.stdout.write(f"  {what}: {name}\n")
            if what == "lost":
                sys.stdout.write(f"    without faults: {verdict.plain.states[name]}\n")
                sys.stdout.write(f"    with faults:    {verdict.faulty.states.get(name)}\n")
    sys.stdout.flush()
    return 0 if verdict.good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, help="this world only")
    parser.add_argument("--worlds", type=int, default=1, help="with --seed: so many from it on, one a core")
    parser.add_argument("--day", action="store_true", help="24 hours of 10,000 events an hour")
    parser.add_argument("--year", action="store_true", help="a year of 1,000 cases")
    parser.add_argument("--table", action="store_true", help="each fault alone")
    parser.add_argument("--cases", type=int, help="another number of cases")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only this fault; repeatable")
    parser.add_argument("--minutes", type=float, default=1, help="how long to draw worlds (1)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
