"""The site and the database misbehave, one fault at a time: the end is that of a run without faults."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from svc_plugin.bootstrap import Services
from svc_plugin.store import database as database_module
from tests.faults.running import Stage, compared
from tests.faults.test_killed_worker import Facts
from tests.faults.unruly import FAULTS, App, Unruly
from tests.thorough import takes_minutes

pytestmark = takes_minutes
_STRIKES = 8


@pytest.fixture(scope="module")
def stage(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(migrated, tmp_path_factory.mktemp("runs"))
    yield stage
    stage.close()


def judged(fault: str, struck: int, stage: Stage, found: Facts) -> None:
    lost, doubled = compared(fault, struck, stage.expected, found)
    assert struck, "the fault never struck"
    assert not lost
    assert not doubled


@pytest.mark.parametrize("fault", FAULTS)
def test_a_site_that_misbehaves(fault: str, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    met: list[Unruly] = []

    def around(app: App) -> App:
        met.append(Unruly(app, fault, strikes=_STRIKES, seed=len(met)))
        return met[-1]

    found = stage.facts(around=around)
    with capsys.disabled():
        judged(fault, sum(one.struck for one in met), stage, found)


def test_a_disk_that_is_full_for_a_while(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """SQLite itself says so: the file may not grow by a page."""
    rounds: list[str] = []

    def disturb(services: Services) -> None:
        full = len(rounds) % 3 < 2
        with services.database.begin() as connection:
            pages = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
            connection.execute(sa.text(f"PRAGMA max_page_count = {pages if full else 10**8}"))
        rounds.append("full" if full else "")

    found = stage.facts(disturb)
    with capsys.disabled():
        judged("disk full", rounds.count("full"), stage, found)


def test_a_database_that_somebody_else_locks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    impatient = [p.replace("30000", "100") for p in database_module._PRAGMAS]
    monkeypatch.setattr(database_module, "_PRAGMAS", impatient)
    held: list[sqlite3.Connection] = []
    count = 0

    def disturb(services: Services) -> None:
        nonlocal count
        while held:
            held.pop().close()
        count += 1
        if count % 3:
            other = sqlite3.connect(str(services.database._engine.url.database), check_same_thread=False)
            held.append(other)
            other.execute("BEGIN IMMEDIATE")

    found = stage.facts(disturb)
    with capsys.disabled():
        judged("database locked", count, stage, found)
