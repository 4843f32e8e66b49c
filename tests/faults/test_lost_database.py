"""The database is lost: sites give all back but documents and ledger; a backup gives these, too."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from svc_plugin.cli import main
from svc_plugin.settings import Settings
from svc_plugin.store.database import Database
from svc_plugin.store.tables import audit, documents, ledger, mirror, work
from tests.faults.test_killed_worker import Facts, Tracker, closing, hand_over, report
from tests.faults.test_stopping import configured


@dataclass
class House:
    """The example company on a stand-in, its command line, and what its database holds."""

    tracker: Tracker
    settings: Settings

    def run(self, *arguments: str) -> Result:
        folder = str(self.settings.folder)
        return CliRunner().invoke(main, ["--config", folder, *arguments], catch_exceptions=False)

    def lose(self) -> None:
        for file in (self.settings.folder / "var").iterdir():
            file.unlink()

    def rows(self, *columns: sa.Column[object]) -> list[tuple[object, ...]]:
        database = Database(self.settings.database)
        with database.begin() as connection:
            found = sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)
        database.close()
        return found

    def mirrored(self) -> list[tuple[object, ...]]:
        c = mirror.c
        return self.rows(c.site, c.key, c.product, c.updated_at, c.issue, c.kind, c.stage, c.request_kind)

    def due(self) -> list[tuple[object, ...]]:
        return self.rows(work.c.key, work.c.due, work.c.error)

    def facts(self) -> Facts:
        return self.tracker.facts()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    tracker = Tracker(without_moves=False)
    house = House(tracker, configured(tmp_path / "config", tracker.served.url, 8180))
    for acts in (hand_over, closing, report):
        acts(tracker.people)
    assert house.run("sync").exit_code == 0
    yield house
    tracker.served.close()


def test_sync_rebuilds_a_lost_database_and_does_nothing_twice(house: House) -> None:
    before, mirrored, due = house.facts(), house.mirrored(), house.due()
    assert mirrored
    house.lose()
    told = json.loads(house.run("sync", "--full", "--json").stdout)
    assert told["looked_at"] == len(mirrored)
    assert house.facts() == before
    assert house.mirrored() == mirrored
    assert house.due() == due


def test_a_backup_gives_back_documents_and_ledger_and_sync_the_rest(house: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    assert house.run("backup", "-o", str(file)).exit_code == 0
    kept = house.rows(*documents.c), house.rows(*ledger.c)
    assert all(kept)
    hand_over(house.tracker.people)
    assert house.run("sync").exit_code == 0
    before, mirrored, due = house.facts(), house.mirrored(), house.due()
    house.lose()
    restored = json.loads(house.run("restore", str(file), "--json").stdout)
    assert restored["tables"]["documents"]["rows"] == len(kept[0])
    assert (house.rows(*documents.c), house.rows(*ledger.c)) == kept
    assert house.run("audit", "verify").exit_code == 0
    assert [
        row for row in house.rows(audit.c.kind, audit.c.detail) if row[0] == "admin" and "restore" in str(row)
    ]
    assert house.run("sync", "--full").exit_code == 0
    assert house.facts() == before
    assert house.mirrored() == mirrored
    assert house.due() == due
    assert house.rows(*documents.c) == kept[0]


def test_the_commands_say_what_they_did_and_refuse_in_one_sentence(house: House, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    said = house.run("backup", "-o", str(file))
    assert str(file) in said.stdout
    assert "documents  1" in said.stdout
    assert house.run("restore", str(file), "--dry-run").exit_code == 0
    for arguments, reason in (
        (["backup", "-o", str(file)], "exists already"),
        (["backup", "-o", "/proc/none/backup.zip"], "/proc/none"),
        (["restore", str(file)], "--force"),
        (["restore", str(tmp_path / "missing.zip")], "cannot be read"),
        (["restore", str(house.settings.folder / "svc-plugin.yaml")], "no backup"),
    ):
        refused = house.run(*arguments)
        assert refused.exit_code == 1
        assert reason in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert house.run("restore", str(file), "--force").exit_code == 0
