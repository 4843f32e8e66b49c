"""The topic ``receiver``: interleaved rounds of every contender, then the table."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import median

from bench.machine import filesystem, load
from bench.receiver import servers, trouble
from bench.receiver.disk import syncs_a_second
from bench.receiver.load import Drivers
from bench.receiver.rounds import CONNECTIONS, Figures, measure
from bench.receiver.servers import BARE, FLASK, OURS, PEER, SERVE, VERIFIED, Contender
from bench.report import Goal, Row, Table, compared, plain
from bench.stores import POSTGRESQL
from bench.stores import database as database_of

EARLIER = 200_000  # deliveries in a store that has been used for a while
PACE = 500.0  # requests a second: far more than a busy Redmine sends
_FLAT_OUT = (OURS, PEER, BARE, FLASK, VERIFIED)
_NONE = Goal.at_most(0)
_FLOOR_SHARE = Goal.at_least(0.4, "x")
_Figure = Callable[[Figures], float]
_RATE: _Figure = attrgetter("rate")
_P50: _Figure = attrgetter("p50")
_P99: _Figure = attrgetter("p99")
_CPU: _Figure = attrgetter("cpu")


@dataclass(slots=True)
class _Measured:
    """One entry a round, in the order of the rounds: each contender flat out and at a pace, and the disk."""

    flat: defaultdict[str, list[Figures]] = field(default_factory=lambda: defaultdict(list))
    paced: defaultdict[str, list[Figures]] = field(default_factory=lambda: defaultdict(list))
    grown: list[Figures] = field(default_factory=list[Figures])
    elsewhere: list[Figures] = field(default_factory=list[Figures])
    syncs: list[float] = field(default_factory=list[float])
    syncs_p99: list[float] = field(default_factory=list[float])

    def of(self, contender: Contender, figure: _Figure) -> list[float]:
        return [figure(one) for one in self.flat[contender.name]]

    def all(self) -> list[Figures]:
        named = (one for part in (self.flat, self.paced) for rounds in part.values() for one in rounds)
        return [*named, *self.grown, *self.elsewhere]


def run(*, quick: bool) -> Table:
    """Measure everything; ``quick`` is one short round."""
    seconds, rounds = (1.0, 1) if quick else (4.0, 3)
    before, measured = load(), _Measured()
    with Drivers() as drivers:
        for place in range(rounds):
            _round(drivers, measured, place, seconds)
        troubles = {
            "flood of 256 senders": trouble.flood(drivers, seconds=seconds),
            f"store stalled {trouble.STALL:g} s, 64 senders": trouble.stall(drivers),
            "kill -9 under load": trouble.kill(drivers),
        }
    rows = [*_against_the_peer(measured), *_against_floors(measured), *_paced(measured)]
    rows += [*_grown(measured), *_elsewhere(measured), *_whole(measured)]
    rows += [row for name, seen in troubles.items() for row in _trouble(name, seen)]
    lost = sum(one.lost for one in measured.all())
    rows.append(plain("all rounds: answered 202 and not stored", lost, "deliveries", _NONE))
    return Table(_heading(measured, seconds, rounds, before), rows)


def _round(drivers: Drivers, measured: _Measured, place: int, seconds: float) -> None:
    # each round begins with another contender: whoever comes first has no lasting advantage
    for contender in (*_FLAT_OUT[place % 5 :], *_FLAT_OUT[: place % 5]):
        figures = measure(drivers, contender, seconds=seconds)
        measured.flat[contender.name].append(_told(contender.name, figures))
    for contender in (OURS, PEER):
        figures = measure(drivers, contender, seconds=seconds, rate=PACE)
        measured.paced[contender.name].append(_told(f"{contender.name} at {PACE:g}/s", figures))
    figures = measure(drivers, OURS, seconds=seconds, earlier=EARLIER)
    measured.grown.append(_told("ours, store grown", figures))
    if os.environ.get(POSTGRESQL):
        with database_of("PostgreSQL", servers.WORK) as address:
            figures = measure(drivers, OURS, seconds=seconds, database=address)
        measured.elsewhere.append(_told("ours, PostgreSQL", figures))
    with servers.redmine() as url:
        figures = measure(drivers, SERVE, seconds=seconds, redmine=url)
        measured.flat[SERVE.name].append(_told(SERVE.name, figures))
    with servers.work_folder() as folder:
        rate, taken = syncs_a_second(folder, seconds / 2)
    measured.syncs.append(rate)
    measured.syncs_p99.append(1000 * sorted(taken)[int(0.99 * len(taken))])


def _told(name: str, figures: Figures) -> Figures:
    print(
        f"  {name:20} {figures.rate:8,.0f} req/s  p50 {figures.p50:7.2f} ms  p99 {figures.p99:8.2f} ms  "
        f"CPU {figures.cpu:6,.0f} us  generator {figures.generator:4,.0f} us  lost {figures.lost}  "
        f"not 202: {figures.refused}  others {figures.others:.2f} cores",
        flush=True,
    )
    return figures


def _against_the_peer(measured: _Measured) -> list[Row]:
    def row(name: str, unit: str, figure: _Figure, goal: Goal | None = None) -> Row:
        pair = measured.of(OURS, figure), measured.of(PEER, figure)
        return compared(name, unit, *pair, against=PEER.name, goal=goal)

    return [
        row("requests/s", "req/s", _RATE, Goal.at_least(1.5, "x")),
        row("p50", "ms", _P50),
        row("p99", "ms", _P99, Goal.at_most(0.1, "x")),
        row("CPU a request", "us", _CPU),
    ]


def _against_floors(measured: _Measured) -> list[Row]:
    rows: list[Row] = []
    for floor, goal in ((FLASK, _FLOOR_SHARE), (BARE, _FLOOR_SHARE), (VERIFIED, None)):
        for name, unit, figure, wanted in (
            ("requests/s", "req/s", _RATE, goal),
            ("p50", "ms", _P50, None),
            ("p99", "ms", _P99, None),
            ("CPU a request", "us", _CPU, None),
        ):
            pair = measured.of(OURS, figure), measured.of(floor, figure)
            rows.append(compared(name, unit, *pair, against=floor.name, goal=wanted))
    disk = "4 KB fdatasync, 1 thread"
    rows.append(compared("requests/s", "/s", measured.of(OURS, _RATE), measured.syncs, against=disk))
    rows.append(compared("p99", "ms", measured.of(OURS, _P99), measured.syncs_p99, against=disk))
    return rows


def _paced(measured: _Measured) -> list[Row]:
    ours, peer = ([one.p99 for one in measured.paced[name.name]] for name in (OURS, PEER))
    reached = median(one.rate for one in measured.paced[OURS.name])
    return [
        plain(f"p99 at {PACE:g} requests/s", median(ours), "ms", Goal.at_most(50, " ms")),
        compared(f"p99 at {PACE:g} requests/s", "ms", ours, peer, against=PEER.name),
        plain(f"reached at {PACE:g} requests/s", reached, "req/s", Goal.at_least(0.98 * PACE, " req/s")),
    ]


def _grown(measured: _Measured) -> list[Row]:
    """An empty store hides a statement that reads all of it."""
    name, against = f"{EARLIER:,} deliveries stored before", "ours, empty store"
    grown, ours = [one.rate for one in measured.grown], measured.of(OURS, _RATE)
    slow, usual = [one.p99 for one in measured.grown], measured.of(OURS, _P99)
    return [
        compared(f"requests/s, {name}", "req/s", grown, ours, against=against, goal=Goal.at_least(0.7, "x")),
        compared(f"p99, {name}", "ms", slow, usual, against=against),
    ]


def _elsewhere(measured: _Measured) -> list[Row]:
    """On a server's database deliveries are answered in threads, each with a connection of its own."""
    if not measured.elsewhere:
        return []
    against = "ours on SQLite"
    pair = [one.rate for one in measured.elsewhere], measured.of(OURS, _RATE)
    slow = [one.p99 for one in measured.elsewhere], measured.of(OURS, _P99)
    return [
        compared("requests/s, on PostgreSQL", "req/s", *pair, against=against),
        compared("p99, on PostgreSQL", "ms", *slow, against=against),
    ]


def _whole(measured: _Measured) -> list[Row]:
    """The product as it runs, workers and all; they take the same core as the receiver."""
    name = "with 2 workers on the stand-in"
    whole, ours = measured.of(SERVE, _RATE), measured.of(OURS, _RATE)
    slow, usual = measured.of(SERVE, _P99), measured.of(OURS, _P99)
    return [
        compared(f"requests/s, {name}", "req/s", whole, ours, against="ours without workers"),
        compared(f"p99, {name}", "ms", slow, usual, against="ours without workers"),
    ]


def _trouble(name: str, seen: trouble.Trouble) -> list[Row]:
    rows = [
        plain(f"{name}: answered 202", seen.acknowledged, "deliveries"),
        plain(f"{name}: of these not stored", seen.lost, "deliveries", _NONE),
    ]
    if not name.startswith("kill"):
        rows += [
            plain(f"{name}: answered 503", seen.refused, "deliveries"),
            plain(f"{name}: 503 without Retry-After", seen.rude, "deliveries", _NONE),
            plain(f"{name}: other answers, broken or none", seen.other + seen.unanswered, "requests", _NONE),
            plain(f"{name}: slowest answer", seen.slowest, "s"),
        ]
    return rows


def _heading(measured: _Measured, seconds: float, rounds: int, before: str) -> Sequence[str]:
    others = [one.others for one in measured.all()]
    busy = f"{median(others):.2f} cores busy (median; {min(others):.2f} to {max(others):.2f})"
    return (
        f"{CONNECTIONS} keep-alive connections, flat out unless said; {rounds} interleaved rounds, each 1 s",
        f"of warm-up and {seconds:g} s; medians, in brackets the range of the ratio over the rounds",
        "load: our Python generator (bench/receiver/load.py), 2 processes on the same machine",
        "signed bodies of Redmine 7, 8 KB, each different; ours and the peer: SQLite WAL, synchronous=FULL,",
        f"on {filesystem(servers.WORK)}; workers: none running, except in the rows that name them",
        f"load average {before} before, {load()} after; other programs kept {busy}",
    )
