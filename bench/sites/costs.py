"""What the model is fed with, measured here and now: CPU of our side, CPU of the database, round trips."""

import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.receiver.load import Drivers
from bench.receiver.rounds import measure
from bench.receiver.servers import OURS
from bench.sites.model import Costs
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.logs import configure_logs
from tests.builders import SERVICE
from tests.unit.engine.world import World

_ROUNDS, _ISSUES = 8, 120
_TICK = os.sysconf("SC_CLK_TCK")
_AROUND = 3  # round trips of a transaction beside its statements: ping, begin, commit


@dataclass(frozen=True, slots=True)
class _Spent:
    """What one act took: seconds of our CPU and of the database's, round trips between both."""

    ours: float
    database: float
    trips: float


def measured(url: str, *, seconds: float = 2.0) -> Costs:
    """Measure a delivery, a look with nothing to do and one with a plan, on the database of ``url``."""
    with Drivers() as drivers:
        receive = measure(drivers, OURS, seconds=seconds).cpu / 1e6
    configure_logs(quiet=True)
    with _world(url) as world:
        meter = _Meter(world)
        quiet = [world.create() for _ in range(_ISSUES)]
        world.settle()
        rounds = [_round(world, meter, quiet) for _ in range(_ROUNDS)]
        planned = [_planned(world, meter) for _ in range(_ROUNDS)]
    stored, idle, full = (_least(each) for each in (*zip(*rounds, strict=True), planned))
    return Costs(
        receive=receive,
        look=idle.ours,
        more=max(0.0, full.ours - idle.ours),
        database_receive=stored.database,
        database_look=idle.database,
        database_more=max(0.0, full.database - idle.database),
        trips=idle.trips,
    )


def _round(world: World, meter: "_Meter", refs: Sequence[IssueRef]) -> tuple[_Spent, _Spent]:
    """Deliver something about each issue and look at it: nothing is to be done."""
    world.clock.later(minutes=1)
    stored = meter.spent(lambda: [world.hook(ref) for ref in refs], len(refs))
    return stored, meter.spent(world.worker.drain, len(refs))


def _planned(world: World, meter: "_Meter") -> _Spent:
    """Look at issues that people closed although something is missing: each is reopened and told why."""
    asked = {Field.REQUEST_KIND: "request", Field.CHANNEL: "phone"}
    refs = [world.create(fields=asked) for _ in range(_ISSUES)]
    for ref in refs:
        world.site.person_does(ref, SERVICE, stage=Stage.IN_PROGRESS)
        world.site.person_does(ref, SERVICE, stage=Stage.CLOSED)
        world.hook(ref)
    return meter.spent(world.worker.drain, len(refs))


def _least(spent: Sequence[_Spent]) -> _Spent:
    """Take the best round: what else runs on the machine can only add."""
    return _Spent(
        min(one.ours for one in spent), min(one.database for one in spent), min(one.trips for one in spent)
    )


class _Meter:
    """Counts what the world's database is asked, and reads its server's CPU where there is one."""

    def __init__(self, world: World) -> None:
        self._trips = 0
        self._server: int | None = None
        engine = world.database._engine  # noqa: SLF001 - a bench may look behind the door
        if not world.database.embedded:
            with engine.connect() as connection:
                self._server = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        sa.event.listen(engine, "before_cursor_execute", self._asked)
        sa.event.listen(engine, "commit", self._committed)

    def spent(self, what: Callable[[], object], times: int) -> _Spent:
        """Do something and return what each of ``times`` took."""
        trips, server, ours = self._trips, self._served(), time.process_time()
        what()
        ours = time.process_time() - ours
        return _Spent(ours / times, (self._served() - server) / times, (self._trips - trips) / times)

    def _asked(self, *_: object) -> None:
        self._trips += 1

    def _committed(self, *_: object) -> None:
        self._trips += _AROUND

    def _served(self) -> float:
        if self._server is None:
            return 0.0
        fields = Path(f"/proc/{self._server}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


@contextmanager
def _world(url: str) -> Iterator[World]:
    """Give a world with a schema of its own."""
    if not url.startswith("postgresql"):
        yield World(url)
        return
    schema = f"svc_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(url, poolclass=sa.NullPool)
    with server.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    own = sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    world = World(own.render_as_string(hide_password=False))
    yield world
    world.database.close()
    with server.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
