"""What a claim and a look cost: ``python -m bench.claims``, CPU of this process, database in memory."""

import time
from datetime import timedelta

from svc_plugin.domain.model import IssueRef
from svc_plugin.logs import configure_logs
from svc_plugin.store.tables import turns
from tests.unit.engine.world import World

_LOOKS = 300


def main() -> None:
    """Print one line a figure."""
    configure_logs(quiet=True)
    for projects in (1, 1000, 5000):
        _claims(projects)
    _looks()


def _claims(projects: int) -> None:
    world = World()
    refs = [IssueRef(f"site{number % 1000}", str(number)) for number in range(max(projects, _LOOKS))]
    world.work.add(refs, due=world.clock(), projects={ref: f"p{int(ref.key) % projects}" for ref in refs})
    began = time.process_time()
    for _ in range(_LOOKS):
        assert world.work.take(now=world.clock(), lease=timedelta(minutes=1))
    busy = (time.process_time() - began) / _LOOKS * 1e3
    idle_at = world.clock() - timedelta(hours=1)
    began = time.process_time()
    for _ in range(20):
        assert world.work.take(now=idle_at, lease=timedelta(minutes=1)) is None
    idle = (time.process_time() - began) / 20 * 1e3
    with world.database.begin() as connection:
        rows = len(connection.execute(turns.select()).all())
    print(f"claim, {rows:5} projects: {busy:.2f} ms with work, {idle:.2f} ms without")


def _looks() -> None:
    world = World()
    refs = [world.create() for _ in range(_LOOKS)]
    for ref in refs:
        world.hook(ref)
    world.drain()
    world.clock.later(minutes=1)
    for ref in refs:
        world.hook(ref)
    began = time.process_time()
    looked = len(world.drain())
    spent = (time.process_time() - began) / looked * 1e3
    print(f"look with nothing to change: {spent:.2f} ms, {1000 / spent:.0f} a second and core")


if __name__ == "__main__":
    main()
