"""Opening the database: migrations that say what the tables say, whole or not at all."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.plan import Plan
from svc_plugin.store.database import Database
from svc_plugin.store.records import SqlLedger
from svc_plugin.store.tables import metadata
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY, ref

ROOT = Path(__file__).parents[3]


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    SqlWorkTable(database).add([ref()], due=MONDAY)
    database.migrate()
    assert SqlWorkTable(database).due(now=MONDAY, limit=9) == [ref()]


def test_several_processes_may_start_on_an_empty_database_at_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(database.migrate) for database in databases]:
            done.result()
    with databases[0].begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    for database in databases:
        database.close()


def _told(url: str, name: str) -> str:
    database = Database(url)
    with database.begin() as connection:
        pass
    with database.begin() as connection:
        found: str = connection.execute(sa.text(f"SHOW {name}")).scalar_one()
    database.close()
    return found


@pytest.mark.postgresql
def test_a_server_soon_gives_up_one_of_us_that_fell_silent_in_a_transaction(postgresql_url: str) -> None:
    assert _told(postgresql_url, "idle_in_transaction_session_timeout") == "1min"
    assert _told(postgresql_url, "tcp_keepalives_idle") in {"30", "0"}, "0 where there is no TCP"
    patient = f"{postgresql_url}%20-cidle_in_transaction_session_timeout%3D5min"
    assert _told(patient, "idle_in_transaction_session_timeout") == "5min", "as the URL says"


_DIES_IN_MIGRATION = """
import os, signal, sys
import sqlalchemy as sa
from svc_plugin.store.database import Database

@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def die(_c, _cursor, statement, *_rest):
    if "CREATE TABLE mirror" in statement:
        os.kill(os.getpid(), signal.SIGKILL)

Database(sys.argv[1]).migrate()
"""


def test_a_migration_killed_half_way_leaves_nothing_in_the_way_of_the_next(database_url: str) -> None:
    died = subprocess.run(
        [sys.executable, "-c", _DIES_IN_MIGRATION, database_url], cwd=ROOT, env=os.environ, check=False
    )
    assert died.returncode == -9
    database = Database(database_url)
    database.migrate()
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_database_that_is_down_is_a_fault_that_passes() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    with pytest.raises(TransientError, match="refused"), database.begin():
        pass
    with pytest.raises(TransientError):
        database.migrate()
    with pytest.raises(TransientError):
        SqlWorkTable(database).add([ref()], due=MONDAY)


@pytest.mark.postgresql
def test_a_server_that_was_restarted_serves_again_at_once(postgresql_url: str) -> None:
    database, server = Database(postgresql_url), sa.create_engine(postgresql_url, poolclass=sa.NullPool)
    database.migrate()
    with database.begin() as connection:
        ours = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    with server.begin() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": ours})
    assert SqlWorkTable(database).add([ref()], due=MONDAY) == 1
    database.close()


def test_a_file_that_no_database_can_be_made_in_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    database = Database(f"sqlite:///{tmp_path}/folder.db")
    with pytest.raises(TransientError, match="unable to open"):
        database.migrate()


def _due(database: Database) -> list[str]:
    return [one.key for one in SqlWorkTable(database).due(now=MONDAY, limit=9)]


class TestTogether:
    def test_what_is_written_together_is_kept_together(self, database: Database) -> None:
        work = SqlWorkTable(database)
        with database.together():
            work.add([ref("1")], due=MONDAY)
            work.add([ref("2")], due=MONDAY)
            assert _due(database) == ["1", "2"], "the thread sees what it wrote"
        assert _due(database) == ["1", "2"]

    def test_nobody_sees_a_part_of_it(self, tmp_path: Path) -> None:
        one, other = (Database(f"sqlite:///{tmp_path}/joint.db") for _ in range(2))
        one.migrate()
        with one.together():
            SqlWorkTable(one).add([ref("1")], due=MONDAY)
            assert _due(other) == []
        assert _due(other) == ["1"]
        one.close()
        other.close()

    @pytest.fixture
    def lite(self) -> Iterator[Database]:
        database = Database("sqlite://")
        database.migrate()
        yield database
        database.close()

    def test_what_fails_leaves_nothing_behind(self, lite: Database) -> None:
        work = SqlWorkTable(lite)

        def fails() -> None:
            with lite.together():
                work.add([ref("1")], due=MONDAY)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fails()
        assert _due(lite) == []
        work.add([ref("2")], due=MONDAY)
        assert _due(lite) == ["2"], "the next transaction is one of its own again"

    def test_a_part_that_failed_takes_the_rest_with_it(self, lite: Database) -> None:
        def caught() -> None:
            with lite.together():
                SqlWorkTable(lite).add([ref("1")], due=MONDAY)
                with contextlib.suppress(TransientError), lite.begin() as connection:
                    connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

        with pytest.raises(TransientError, match="a part of what was"):
            caught()
        assert _due(lite) == []

    def test_what_must_be_on_the_disk_first_is_refused_in_it(self, lite: Database) -> None:
        plan = Plan(ref(), (), ())

        def begins() -> None:
            with lite.together():
                SqlLedger(lite).begin(plan, policy="", at=MONDAY)

        with pytest.raises(TransientError, match="on the disk"):
            begins()
        SqlLedger(lite).begin(plan, policy="", at=MONDAY)
        assert SqlLedger(lite).begun(ref()) is not None
