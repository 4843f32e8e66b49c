"""Opens the database and brings its schema up to date."""

import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from svc_plugin.domain.errors import ConfigError, TransientError
from svc_plugin.store.in_order import InOrder

_PRAGMAS = ("PRAGMA busy_timeout=30000", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")
_WAL = "PRAGMA journal_mode=WAL"
_PATIENCE = 30.0  # seconds to wait for the connection
_WAL_TRIES, _WAL_PAUSE = 100, 0.05  # seconds
# a server that fell silent, as behind a cut cable, must not hold a worker for hours
_TIMEOUTS = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}
# nor may one of us that fell silent inside a transaction hold rows for hours for which all others wait;
# what the URL sets by its ``options`` stays, and what an elder server does not know is left out
_SET_SERVER_TIMEOUTS = """
    SELECT set_config(wanted.name, wanted.value, false)
    FROM (VALUES ('idle_in_transaction_session_timeout', '60s'), ('tcp_keepalives_idle', '30'),
                 ('tcp_user_timeout', '30s')) AS wanted(name, value)
    JOIN pg_settings AS known ON known.name = wanted.name AND known.source <> 'client'
"""
_MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(hashtext('svc-plugin migration'))"
# behind a table lock that waits, everybody else waits too: better give up and try again
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'"


class Database:
    """One database by URL: ``sqlite:///file`` or ``postgresql+psycopg://…``.

    SQLite gets exactly one connection: threads then wait for it in the order in which they came instead of
    starving in SQLite's busy handler.
    """

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        self._joint = threading.local()
        self._turn: AbstractContextManager[None] = nullcontext()
        self._lite = parsed.get_backend_name() == "sqlite"
        if self._lite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(
                parsed, poolclass=sa.QueuePool, pool_size=1, max_overflow=0,
                connect_args={"check_same_thread": False},
            )  # fmt: skip
            self._turn = InOrder(1, _PATIENCE)
            event.listen(self._engine, "connect", _set_pragmas)
        else:
            timeouts = {name: value for name, value in _TIMEOUTS.items() if name not in parsed.query}
            self._engine = sa.create_engine(parsed, pool_size=10, pool_pre_ping=True, connect_args=timeouts)
            event.listen(self._engine, "connect", _set_timeouts)
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def begin(self, *, at_once: bool = False) -> Generator[sa.Connection]:
        """Give a connection inside a transaction. Database trouble is raised as ``TransientError``.

        Never call anything that opens another transaction inside the block. ``at_once`` is for what must be
        on the disk when the block ends: inside ``together`` that is refused with ``TransientError``.
        """
        joint: sa.Connection | None = getattr(self._joint, "connection", None)
        if joint is None:
            with _told(), self._turn, self._engine.begin() as connection:
                yield connection
            return
        whole, self._joint.whole = self._joint.whole, False
        if at_once:
            raise TransientError("this has to be on the disk before anything follows from it")
        with _told():
            yield joint
        self._joint.whole = whole

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """Give a connection to read by; each statement sees what is committed when it runs.

        As ``begin``, but a server is spared the beginning and the end of a transaction.
        """
        joint: sa.Connection | None = getattr(self._joint, "connection", None)
        if joint is not None:
            yield joint
            return
        with _told(), self._turn, self._reading.connect() as connection:
            yield connection

    @contextmanager
    def together(self, *, everywhere: bool = False) -> Generator[None]:
        """Commit everything that this thread writes inside the block in one transaction, or nothing of it.

        Raises ``TransientError`` when a transaction inside failed, even if its error was caught there.
        Only on an embedded database, whose one writer holds no row that others wait for in another order;
        on a server each part is committed by itself, unless ``everywhere`` is given: for blocks in which no
        more than one part writes. Keep the block short: other writers wait. A block inside another one is a
        part of that.
        """
        if not (self._lite or everywhere) or getattr(self._joint, "connection", None) is not None:
            yield
            return
        with _told(), self._turn, self._engine.begin() as connection:
            self._joint.connection, self._joint.whole = connection, True
            try:
                yield
            finally:
                self._joint.connection = None
            if not self._joint.whole:
                raise TransientError("a part of what was to be kept together could not be kept")

    @contextmanager
    def snapshot(self) -> Generator[sa.Connection]:
        """Give a connection that sees one moment of the whole database, however long the block takes."""
        with _told(), self._turn, self._engine.connect() as plain:
            if self._lite:
                plain.exec_driver_sql("BEGIN")  # by itself sqlite3 opens no transaction for reading
                yield plain
            else:
                yield plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def rebuilding(self) -> Generator[sa.Connection]:
        """Give a connection for changes of the schema: one process at a time, and all or nothing."""
        with self.begin() as connection:
            # sqlite3 opens no transaction for DDL by itself
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self._lite else _MIGRATION_LOCK)
            if not self._lite:
                connection.exec_driver_sql(_LOCK_TIMEOUT)
            yield connection

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that knows ON CONFLICT in the dialect at hand."""
        return sqlite.insert(table) if self._lite else postgresql.insert(table)

    @property
    def embedded(self) -> bool:
        """Whether this process is the only one that may use the database."""
        return self._lite

    @property
    def file(self) -> Path | None:
        """The file of an embedded database; None for one on a server or in memory."""
        name = self._engine.url.database
        return Path(name) if self._lite and name and name != ":memory:" else None

    def is_current(self) -> bool:
        """Tell whether this version can work with the tables: its own, or of a newer version beside it.

        Raises ``TransientError``.
        """
        with self.begin() as connection:
            found = revision_of(connection) or ""
        newest = newest_revision()
        return found == newest or (not is_known(found) and _generation(found) == _generation(newest))

    def migrate(self) -> None:
        """Create or update the tables; those of a newer version of the product stay as they are.

        Migrations only add, so a version works with the tables of the ones after it. Raises ``ConfigError``
        when a later one had to take something away.
        """
        with self.rebuilding() as connection:
            found = revision_of(connection)
            if found is None or is_known(found):
                upgrade(connection, "head")
            elif _generation(found) != _generation(newest_revision()):
                fault = (
                    f"the database is of a newer version of svc-plugin (tables {found}) that this one cannot"
                )
                raise ConfigError([f"{fault} work with; install that version"])

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def upgrade(connection: sa.Connection, revision: str) -> None:
    """Bring the tables up to ``revision``, inside the transaction of ``connection``."""
    config = _migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: sa.Connection) -> str | None:
    """Return the revision of the tables; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str:
    """Return the revision that this version of the product brings."""
    return ScriptDirectory.from_config(_migrations()).get_current_head() or ""


@cache
def is_known(revision: str) -> bool:
    """Tell whether this version of the product has a migration of that name."""
    try:
        ScriptDirectory.from_config(_migrations()).get_revision(revision)
    except CommandError:
        return False
    return True


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _generation(revision: str) -> str:
    """Return what stands before the dot: it changes when a migration takes something away."""
    return revision.rpartition(".")[0]


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError, TimeoutError) as error:
        reason = getattr(error, "orig", None) or error
        raise TransientError(f"the database did not take it: {reason}") from error


def _set_timeouts(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(_SET_SERVER_TIMEOUTS)
    cursor.close()
    connection.commit()  # what is set in a transaction that is rolled back is not set


def _set_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    # of several who switch a new file at once SQLite refuses some without waiting, whatever the timeout
    for _ in range(_WAL_TRIES):
        try:
            cursor.execute(_WAL)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return
    cursor.execute(_WAL)
