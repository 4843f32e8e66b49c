"""One contender, one round: quiet machine, fresh server, warm-up, the drive, the count of what it stored."""

from dataclasses import dataclass, replace

from bench.machine import Meter, group_seconds, own_seconds, wait_until_quiet
from bench.receiver.delivery import FIRST_NUMBER
from bench.receiver.load import Drive, Driven, Drivers
from bench.receiver.servers import NOBODY, Contender, fill, running, stored_numbers, work_folder

CONNECTIONS = 16
_STEP = 10_000_000  # delivery numbers of one drive; each process of the generator takes a part


@dataclass(frozen=True, slots=True)
class Figures:
    """What one round found: rates in requests/s, latencies in ms, CPU in microseconds a request.

    ``generator`` is the CPU a request cost the generator. ``lost`` are deliveries answered 202 and not
    stored. ``others`` is how many cores other programs kept busy meanwhile.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    generator: float
    lost: int
    refused: int
    others: float


def measure(
    drivers: Drivers,
    contender: Contender,
    *,
    seconds: float,
    rate: float = 0.0,
    redmine: str = NOBODY,
    earlier: int = 0,
    database: str = "",
) -> Figures:
    """Drive a fresh server flat out, or at ``rate`` requests/s, with ``earlier`` deliveries in its store.

    That is an empty file, or the empty ``database``.
    """
    wait_until_quiet()
    with work_folder() as folder:
        with running(contender, folder, redmine=redmine, database=database) as server:
            if earlier:
                fill(server.file, earlier)
            drive = Drive(server.port, "/hooks/main", CONNECTIONS, min(1.0, seconds), FIRST_NUMBER, 0.0, rate)
            warm = drivers.drive(drive)
            meter, used, own = Meter.start(), group_seconds(server.group), own_seconds()
            seen = drivers.drive(replace(drive, seconds=seconds, first=drive.first + _STEP))
            cpu = group_seconds(server.group) - used
            others = meter.others(cpu + seen.cpu + own_seconds() - own)
        missing = lost(server.database, warm, seen) if contender.stores else 0
    answers = max(1, len(seen.latencies))
    return Figures(
        rate=seen.in_time / seconds,
        p50=seen.percentile(0.50),
        p99=seen.percentile(0.99),
        cpu=1e6 * cpu / answers,
        generator=1e6 * seen.cpu / answers,
        lost=missing,
        refused=answers - len(seen.acknowledged) + seen.broken + seen.unanswered,
        others=others,
    )


def lost(database: str, *driven: Driven) -> int:
    """Count the deliveries that were answered 202 and are not in the database: none may be."""
    stored = stored_numbers(database)
    return len({number for seen in driven for number in seen.acknowledged} - stored)
