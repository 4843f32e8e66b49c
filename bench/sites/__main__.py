"""``python -m bench.sites``: 1,000 sites with 100 saves a minute each, on 1 to 16 cores; one table.

The costs are measured first, on the PostgreSQL that ``SVC_TEST_POSTGRESQL`` names (without it on SQLite in
memory: then the database costs nothing but our own time). The rest is simulated: no HTTP, no real site.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace

from bench.machine import description, load
from bench.sites.costs import measured
from bench.sites.model import Costs, Figures, Load, World

_CORES = (1, 2, 4, 8, 16)
_CASES = ((128, 1), (128, 3), (16, 3))  # threads on each core, saves in a row
_HEAD = (
    "cores", "threads a core", "saves in a row", "looks/s", "cores busy", "database cores busy",
    "looks at once", "waiting", "growing by", "p50 s", "p99 s", "sites it bears",
)  # fmt: skip
_PATIENCE = 5.0  # seconds within which 99 of 100 saves must have been dealt with
_NEAR = 1.1  # how exactly the number of sites is looked for


def main() -> None:
    """Measure, simulate, print."""
    given = _arguments()
    print(f"{description()}; load {load()}")
    costs = measured(os.environ.get("SVC_TEST_POSTGRESQL", "sqlite://"))
    print(_told(costs), "", "| " + " | ".join(_HEAD) + " |", "|" + " ---: |" * len(_HEAD), sep="\n")
    whole = replace(Load(1, 1, 1), sites=given.sites, a_minute=given.a_minute, seconds=given.seconds)
    for threads, row in _CASES:
        for cores in _CORES:
            asked = replace(whole, cores=cores, threads=threads, row=row)
            seen = World(given.seed, asked, costs).run()
            print(_line(asked, seen, _borne(given.seed, asked, costs)), flush=True)


def _borne(seed: int, asked: Load, costs: Costs) -> int:
    """Look for the most sites with which the queue does not grow and saves are dealt with in time."""
    least, most = 1.0, 4.0 * asked.sites
    while most / least > _NEAR:
        sites = (least * most) ** 0.5
        seen = World(seed, replace(asked, sites=round(sites)), costs).run()
        kept = seen.half * 2 + 50 > seen.waiting and _late(seen.waits, 0.99) < _PATIENCE
        least, most = (sites, most) if kept else (least, sites)
    return round(least)


def _late(waits: Sequence[float], share: float) -> float:
    return sorted(waits)[int(len(waits) * share)] if waits else 0.0


def _told(costs: Costs) -> str:
    return (
        f"measured, ms of CPU: delivery {costs.receive * 1e3:.2f}, look {costs.look * 1e3:.2f}, "
        f"a plan {costs.more * 1e3:.2f} more; in the database {costs.database_receive * 1e3:.2f}, "
        f"{costs.database_look * 1e3:.2f}, {costs.database_more * 1e3:.2f} more; "
        f"{costs.trips:.0f} round trips a look"
    )


def _line(asked: Load, seen: Figures, borne: int) -> str:
    span = asked.seconds / 2
    growing = (seen.waiting - seen.half) / span
    cells = (
        asked.cores, asked.threads, asked.row, f"{seen.looks / span:,.0f}", f"{seen.cores_busy:.1f}",
        f"{seen.database_busy:.1f}", f"{seen.at_work:,}", f"{seen.waiting:,}", f"{growing:+,.0f}/s",
        f"{_late(seen.waits, 0.5):.2f}", f"{_late(seen.waits, 0.99):.2f}", f"{borne:,}",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sites", description=__doc__)
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--a-minute", type=float, default=100.0, help="saves on each site (100)")
    parser.add_argument("--seconds", type=float, default=20.0, help="simulated; the second half counts (20)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
