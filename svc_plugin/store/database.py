"""Opens the database and brings its schema up to date."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from svc_plugin.domain.errors import TransientError

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
)
# a server that fell silent, as behind a cut cable, must not hold a worker for hours
_TIMEOUTS = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}
_MIGRATION_LOCK = "SELECT pg_advisory_xact_lock(hashtext('svc-plugin migration'))"


class Database:
    """One database by URL: ``sqlite:///file`` or ``postgresql+psycopg://…``.

    SQLite gets exactly one connection: writers then queue fairly inside the process instead of starving
    in SQLite's busy handler.
    """

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        self._lite = parsed.get_backend_name() == "sqlite"
        if self._lite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(
                parsed, poolclass=sa.QueuePool, pool_size=1, max_overflow=0,
                connect_args={"check_same_thread": False},
            )  # fmt: skip
            event.listen(self._engine, "connect", _set_pragmas)
        else:
            timeouts = {name: value for name, value in _TIMEOUTS.items() if name not in parsed.query}
            self._engine = sa.create_engine(parsed, pool_size=10, pool_pre_ping=True, connect_args=timeouts)

    @contextmanager
    def begin(self) -> Generator[sa.Connection]:
        """Give a connection inside a transaction. Database trouble is raised as ``TransientError``.

        Never call anything that opens another transaction inside the block.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            reason = getattr(error, "orig", None) or error
            raise TransientError(f"the database did not take it: {reason}") from error

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
        """Tell whether the tables are those of this version. Raises ``TransientError``."""
        with self.begin() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        return found == self._newest

    @cached_property
    def _newest(self) -> str | None:
        return ScriptDirectory.from_config(_migrations()).get_current_head()

    def migrate(self) -> None:
        """Create or update the tables."""
        config = _migrations()
        with self.begin() as connection:
            # one process at a time, and all or nothing: sqlite3 opens no transaction for DDL by itself
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self._lite else _MIGRATION_LOCK)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _set_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
