"""A backup holds every row, on one database or across both, and is restored whole or not at all."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from svc_plugin.store.archive import ArchiveError, read_archive, restore_archive, write_archive
from svc_plugin.store.database import Database, upgrade
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.tables import metadata
from tests.builders import MONDAY
from tests.unit.store.rows import a_row
from tests.unit.store.test_inbox import notice

KEPT = [table for table in metadata.sorted_tables if not table.info]
PASSING = [table for table in metadata.sorted_tables if table.info]


def quiet(_name: str, _done: int, _of: int) -> None:
    """Show nothing."""


def filled(url: str, rows: int = 3) -> Database:
    database = Database(url)
    database.migrate()
    with database.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.insert(), [a_row(table, number) for number in range(1, rows + 1)])
    return database


def contents(database: Database, tables: list[sa.Table] = KEPT) -> dict[str, list[tuple[Any, ...]]]:
    with database.begin() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(sa.select(table))) for table in tables
        }


@pytest.fixture
def second_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/second.db"


def test_every_row_comes_back_and_nobody_stays_signed_in(database_url: str, second_url: str, tmp_path: Path):
    database, second = filled(database_url), Database(second_url)
    file = tmp_path / "backup.zip"
    written = write_archive(database, file, taken_at=MONDAY, progress=quiet)
    assert restore_archive(second, file, replace=False, progress=quiet) == written
    assert contents(second) == contents(database)
    assert all(len(rows) == 3 for rows in contents(second).values())
    assert contents(second, PASSING) == {table.name: [] for table in PASSING}
    second.migrate()
    database.close()
    second.close()


@pytest.mark.postgresql
def test_a_backup_of_sqlite_is_restored_on_postgresql_and_its_numbers_go_on(
    sqlite_url: str, postgresql_url: str, tmp_path: Path
):
    database, server, file = filled(sqlite_url), Database(postgresql_url), tmp_path / "backup.zip"
    write_archive(database, file, taken_at=MONDAY, progress=quiet)
    restore_archive(server, file, replace=False, progress=quiet)
    assert contents(server) == contents(database)
    table = metadata.tables["deliveries"]
    with server.begin() as connection:
        row = {**a_row(table, 4, bare=True), "delivery": "new", "key": "new"}
        assert connection.execute(table.insert().values(row).returning(table.c.id)).scalar_one() == 4
    database.close()
    server.close()


def test_a_backup_is_of_one_moment_while_others_write(database_url: str, tmp_path: Path):
    database, busy = filled(database_url, 1), Database(database_url)
    seen: list[str] = []

    def meanwhile(name: str, _done: int, _of: int) -> None:
        if not seen:  # the first row of the first table was read: all later tables must still be of then
            with busy.begin() as connection:
                for table in KEPT:
                    connection.execute(table.insert().values(a_row(table, 2)))
        seen.append(name)

    manifest = write_archive(database, tmp_path / "backup.zip", taken_at=MONDAY, progress=meanwhile)
    assert {entry.rows for entry in manifest.tables.values()} == {1}
    assert {len(rows) for rows in contents(busy).values()} == {2}
    database.close()
    busy.close()


def test_a_database_with_rows_is_replaced_only_by_force(database_url: str, second_url: str, tmp_path: Path):
    first, database, file = filled(second_url, 2), filled(database_url, 1), tmp_path / "backup.zip"
    write_archive(first, file, taken_at=MONDAY, progress=quiet)
    before = contents(database)
    with pytest.raises(ArchiveError, match=r"not empty .*documents: 1.*--force"):
        restore_archive(database, file, replace=False, progress=quiet)
    assert contents(database) == before
    restore_archive(database, file, replace=True, progress=quiet)
    assert contents(database) == contents(first)
    first.close()
    database.close()


def test_a_backup_of_elder_tables_is_brought_up_to_date(database_url: str, tmp_path: Path):
    elder = Database(f"sqlite:///{tmp_path}/elder.db")
    with elder.rebuilding() as connection:
        upgrade(connection, "0004")
        connection.exec_driver_sql(
            "INSERT INTO mirror VALUES ('main', '1', 'erp', 1, 1, ?)",
            (json.dumps({"kind": "maintenance", "stage": "open", "fields": {}}),),
        )
    file, database = tmp_path / "elder.zip", Database(database_url)
    assert write_archive(elder, file, taken_at=MONDAY, progress=quiet).revision == "0004"
    restore_archive(database, file, replace=False, progress=quiet)
    (row,) = contents(database)["mirror"]
    assert {"main", "maintenance", "open"} <= set(row)
    elder.close()
    database.close()


def rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    spoilt = file.with_name("spoilt.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return spoilt


def manifest_with(**changes: object) -> Callable[[str, bytes], bytes]:
    return lambda name, old: (
        json.dumps(json.loads(old) | changes).encode() if name == "manifest.json" else old
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda name, old: old.replace(b"main", b"niam") if "ledger" in name else old, "table ledger is not"),
        (lambda name, old: old + b"[]\n" if "ledger" in name else old, "table ledger is not"),
        (lambda name, old: None if "ledger" in name else old, "no backup, or a damaged one"),
        (lambda name, old: None if name == "manifest.json" else old, "no backup, or a damaged one"),
        (lambda name, old: b"{}" if name == "manifest.json" else old, "its manifest is not one"),
        (manifest_with(revision="9999"), "newer than this"),
        (manifest_with(format=2), "newer than this"),
    ],
)
def test_a_damaged_or_foreign_file_changes_nothing(
    change: Callable[[str, bytes], bytes | None], told: str, sqlite_url: str, tmp_path: Path
):
    database, file = Database(sqlite_url), tmp_path / "backup.zip"
    database.migrate()
    with database.begin() as connection:
        ledger = metadata.tables["ledger"]
        connection.execute(ledger.insert().values({**a_row(ledger, 1), "site": "main"}))
    write_archive(database, file, taken_at=MONDAY, progress=quiet)
    before = contents(database)
    with pytest.raises(ArchiveError, match=told):
        restore_archive(database, rewritten(file, change), replace=True, progress=quiet)
    assert contents(database) == before
    database.close()


@pytest.mark.parametrize("keep", [0, 10, -200])
def test_a_file_cut_short_is_refused(keep: int, sqlite_url: str, tmp_path: Path):
    database, file = filled(sqlite_url), tmp_path / "backup.zip"
    write_archive(database, file, taken_at=MONDAY, progress=quiet)
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(ArchiveError, match="no backup, or a damaged one"):
        read_archive(file, progress=quiet)
    database.close()


def test_a_row_that_the_tables_refuse_changes_nothing(sqlite_url: str, tmp_path: Path):
    database, file = filled(sqlite_url, 1), tmp_path / "backup.zip"
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'reason TEXT NOT NULL', 'reason TEXT')")
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as raw:
        raw.execute("UPDATE refusals SET reason = NULL")
    write_archive(database, file, taken_at=MONDAY, progress=quiet)
    before = contents(database)
    with pytest.raises(ArchiveError, match="a row of table refusals does not fit"):
        restore_archive(database, file, replace=True, progress=quiet)
    assert contents(database) == before
    database.close()


def test_an_existing_file_is_never_overwritten_and_a_new_one_is_its_owners(sqlite_url: str, tmp_path: Path):
    database, file = filled(sqlite_url), tmp_path / "there" / "backup.zip"
    write_archive(database, file, taken_at=MONDAY, progress=quiet)
    assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    with pytest.raises(ArchiveError, match="exists already"):
        write_archive(database, file, taken_at=MONDAY, progress=quiet)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["backup.zip"]
    database.close()


def test_there_is_nothing_to_back_up_before_the_first_start(sqlite_url: str, tmp_path: Path):
    database = Database(sqlite_url)
    with pytest.raises(ArchiveError, match="nothing to back up"):
        write_archive(database, tmp_path / "backup.zip", taken_at=MONDAY, progress=quiet)
    assert not (tmp_path / "backup.zip").exists()
    database.close()


def test_what_was_delivered_before_is_known_after_a_restore(sqlite_url: str, second_url: str, tmp_path: Path):
    database, second, file = Database(sqlite_url), Database(second_url), tmp_path / "backup.zip"
    database.migrate()
    assert SqlInbox(database).accept(notice("a"))
    write_archive(database, file, taken_at=MONDAY, progress=quiet)
    restore_archive(second, file, replace=False, progress=quiet)
    assert not SqlInbox(second).accept(notice("a"))
    database.close()
    second.close()
