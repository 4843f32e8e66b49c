"""Simulate: ``python -m tests.faults.simulate --seed 7``; the same seed is the same world, to the last event.

Each world is lived through twice, without faults and with them, and both ends are compared. Without
``--seed``, worlds are drawn until ``--minutes`` are over or one is wrong. ``--day`` is 24 hours of 10,000
events an hour; ``--year`` a year of 1,000 cases.
"""

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from tests.faults.simulation.faults import FAULTS
from tests.faults.simulation.run import Ending, Simulation, Size

SMALL = Size(cases=40, edits=4, hours=24)
DAY = Size(cases=4000, edits=59, hours=24, workers=4, burst=6, hint_seconds=10)
YEAR = Size(cases=1000, edits=1, hours=365 * 24, sweep_minutes=1440, tick_minutes=360)
_HOURS_A_YEAR = 365 * 24


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
    def good(self) -> bool:
        """Whether nothing is lost, doubled or left."""
        return not (self.lost or self.doubled or self.left)

    def __str__(self) -> str:
        """One line."""
        ending = self.faulty
        years = self.size.cases * self.size.hours / _HOURS_A_YEAR * 2
        return (
            f"seed {self.seed}: {ending.events} acts of people, {ending.delivered} deliveries, "
            f"{ending.looks} looks, {ending.met.total()} faults met; lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, left {len(self.left)}; {self.seconds:.1f} s of CPU, "
            f"{years / self.seconds * 60:.0f} issue-years a minute"
        )


def compared(seed: int, size: Size, faults: Sequence[str] = FAULTS) -> Verdict:
    """Live through a world without and with faults."""
    began = time.process_time()
    plain = Simulation(seed, size, ()).run()
    faulty = Simulation(seed, size, faults).run()
    return Verdict(seed, size, plain, faulty, time.process_time() - began)


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
        return _told(compared(arguments.seed, size, arguments.fault or FAULTS))
    seed, until = int(datetime.now(UTC).timestamp()), time.monotonic() + arguments.minutes * 60
    while time.monotonic() < until:
        if _told(compared(seed, size, arguments.fault or FAULTS)):
            return 1
        seed += 1
    return 0


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
    parser.add_argument("--day", action="store_true", help="24 hours of 10,000 events an hour")
    parser.add_argument("--year", action="store_true", help="a year of 1,000 cases")
    parser.add_argument("--table", action="store_true", help="each fault alone")
    parser.add_argument("--cases", type=int, help="another number of cases")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="only this fault; repeatable")
    parser.add_argument("--minutes", type=float, default=1, help="how long to draw worlds (1)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
