"""Two versions at work on one database: the elder one's reading and writing survives the newer one's tables.

A version is judged by its tables: what it reads are their columns, what it writes are rows that name all of
them, or only those that must be named. Each revision that was ever the newest is tried on today's tables.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from svc_plugin import store
from svc_plugin.domain.errors import ConfigError
from svc_plugin.store.database import Database, newest_revision, upgrade
from svc_plugin.store.tables import metadata
from tests.unit.store.rows import a_row

FOLDER = Path(store.__path__[0]) / "migrations"
# an index may be replaced: what an elder version finds by it, it finds without
TAKING_AWAY = re.compile(r"\bop\.(drop_(?!index)\w+|alter_\w+|rename_\w+)|\b(DROP|RENAME|DELETE|TRUNCATE)\b")


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


REVISIONS = sorted(script.revision for script in scripts().walk_revisions())
GENERATION = newest_revision().rpartition(".")[0]
BESIDE = [one for one in REVISIONS[:-1] if one.rpartition(".")[0] == GENERATION]


def reflected(database: Database) -> dict[str, sa.Table]:
    found = sa.MetaData()
    with database.begin() as connection:
        found.reflect(connection)
    return {name: table for name, table in found.tables.items() if name in metadata.tables}


def writes(table: sa.Table) -> Iterator[dict[str, Any]]:
    yield a_row(table, 7)
    yield a_row(table, 2, bare=True)


@pytest.mark.parametrize("elder", BESIDE)
def test_an_elder_version_goes_on_reading_and_writing(elder: str, sqlite_url: str) -> None:
    goes_on(elder, sqlite_url)


@pytest.mark.postgresql
def test_the_version_before_goes_on_reading_and_writing_on_postgresql(postgresql_url: str) -> None:
    goes_on(BESIDE[-1], postgresql_url)


def goes_on(elder: str, url: str) -> None:
    database = Database(url)
    with database.rebuilding() as connection:
        upgrade(connection, elder)
    its_tables = reflected(database)
    with database.begin() as connection:
        for table in its_tables.values():
            connection.execute(table.insert().values(next(writes(table))))
    database.migrate()
    with database.begin() as connection:
        for table in its_tables.values():
            first, second = writes(table)
            unchanging = table.name == "audit"  # its own triggers see to that
            for name in set() if unchanging else set(first) - set(table.primary_key.columns.keys()):
                connection.execute(table.update().values({name: first[name]}))
            connection.execute(table.insert().values(second))
            rows = connection.execute(sa.select(table)).all()
            assert len(rows) == 2, f"{table.name}: a row of revision {elder} is lost"
            if not unchanging:
                connection.execute(table.delete())
    database.close()


@pytest.mark.parametrize("path", sorted((FOLDER / "versions").glob("v*.py")), ids=lambda path: path.stem)
def test_a_migration_only_adds_or_begins_a_generation(path: Path) -> None:
    script = next(one for one in scripts().walk_revisions() if Path(one.path).name == path.name)
    before = script.down_revision or ""
    assert isinstance(before, str)
    if script.revision.rpartition(".")[0] == before.rpartition(".")[0]:
        assert not TAKING_AWAY.search(path.read_text(encoding="utf-8").partition("def upgrade")[2])


def marked(database: Database, revision: str) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


def test_an_elder_version_starts_on_tables_of_a_newer_one_and_leaves_them(database: Database) -> None:
    marked(database, f"{GENERATION}.9999".removeprefix("."))
    database.migrate()
    with database.begin() as connection:
        assert "9999" in connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def test_an_elder_version_refuses_tables_that_have_lost_something(database: Database) -> None:
    marked(database, "next.9999")
    with pytest.raises(ConfigError, match=r"newer version of svc-plugin \(tables next\.9999\).*install that"):
        database.migrate()
