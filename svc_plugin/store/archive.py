"""Backup and restore: the rows of one moment as JSON lines in a ZIP, alike for both databases.

A member ``tables/NAME.jsonl`` a table: one JSON array a row, in the order of the manifest's columns, bytes
as ``{"base64": …}``. ``manifest.json`` names the revision of the tables and, for each member, its rows and
its SHA-256. The dialects meet in the types of the tables, so what SQLite wrote PostgreSQL reads.
"""

import base64
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError
from sqlalchemy.exc import DataError, IntegrityError

from svc_plugin import __version__
from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.store.database import Database, is_known, revision_of, upgrade
from svc_plugin.store.tables import metadata

FORMAT = 1
_MANIFEST = "manifest.json"
_PART = 200  # rows read and written at a time: documents are large
_LONGEST_MANIFEST = 1_000_000

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told a table's name, how many rows are done, and of how many."""


class ArchiveError(SvcPluginError):
    """The archive cannot be written, or is not one that can be restored here; says which and why."""


class TableEntry(BaseModel):
    """One member: its columns in order, how many rows, and the SHA-256 of its lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: list[str]
    rows: NonNegativeInt
    sha256: str


class Manifest(BaseModel):
    """What an archive holds. ``revision`` is that of the tables, ``taken_at`` the moment, aware."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: int
    version: str
    revision: str
    taken_at: datetime
    tables: dict[str, TableEntry]

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(entry.rows for entry in self.tables.values())


def write_archive(database: Database, target: Path, *, taken_at: datetime, progress: Progress) -> Manifest:
    """Write the database as it is at one moment into the new file ``target``; others may go on working.

    Whole or not at all: an interrupted run leaves a file ``.part``. Raises ``ArchiveError`` when ``target``
    exists or there are no tables, ``TransientError`` when the database fails.
    """
    if target.exists():
        raise ArchiveError(f"{target} exists already; choose another name")
    part = target.with_name(f"{target.name}.part")
    with database.snapshot() as connection:
        revision = revision_of(connection)
        if revision is None:
            raise ArchiveError("the database has no tables yet: there is nothing to back up")
        with _new_file(part) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            tables = _tables(connection)
            entries = {one.name: _write_table(connection, one, archive, progress) for one in tables}
            manifest = Manifest(
                format=FORMAT, version=__version__, revision=revision, taken_at=taken_at, tables=entries
            )
            archive.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
    part.rename(target)
    return manifest


def read_archive(source: Path, *, progress: Progress) -> Manifest:
    """Check every sum and count of an archive and return its manifest. Raises ``ArchiveError``."""
    with _opened(source) as archive:
        manifest = _manifest(archive)
        for name, entry in manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            with archive.open(_member(name)) as member:
                for rows, line in enumerate(member, 1):  # noqa: B007 - the last number is the count
                    digest.update(line)
            progress(name, rows, entry.rows)
            if (digest.hexdigest(), rows) != (entry.sha256, entry.rows):
                raise ArchiveError(f"{source}: table {name} is not as it was written; the file is damaged")
    return manifest


def restore_archive(database: Database, source: Path, *, replace: bool, progress: Progress) -> Manifest:
    """Put an archive's rows into the database, and bring its tables up to this version.

    All in one transaction, and only after the whole archive was checked. Everything that the database
    held is lost: unless ``replace``, one with any row is refused. Raises ``ArchiveError`` or
    ``TransientError``; then nothing has changed.
    """
    manifest = read_archive(source, progress=lambda _name, _done, _of: None)
    with _opened(source) as archive, database.rebuilding() as connection:
        if not replace and (held := _held(connection)):
            raise ArchiveError(f"the database is not empty ({', '.join(held)}); --force replaces all of it")
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        upgrade(connection, manifest.revision)
        tables = {table.name: table for table in _tables(connection)}
        for name, entry in manifest.tables.items():
            if name not in tables or not set(entry.columns) <= set(tables[name].c.keys()):
                raise ArchiveError(f"{source}: table {name} does not fit revision {manifest.revision}")
            try:
                with archive.open(_member(name)) as member:
                    _read_table(connection, tables[name], entry, member, progress)
            except (ValueError, TypeError, KeyError, DataError, IntegrityError) as error:
                raise ArchiveError(f"{source}: a row of table {name} does not fit: {error}") from error
        upgrade(connection, "head")
    return manifest


@contextmanager
def _new_file(path: Path) -> Generator[IO[bytes]]:
    """Open a file for its owner alone, and have it on the disk at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        yield raw
        raw.flush()
        os.fsync(raw.fileno())


@contextmanager
def _opened(source: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as error:
        raise ArchiveError(f"{source} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise ArchiveError(f"{source} is no backup, or a damaged one: {error}") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    with archive.open(_MANIFEST) as member:
        text = member.read(_LONGEST_MANIFEST)
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise ArchiveError(
            f"{archive.filename} is no backup of svc-plugin: its manifest is not one"
        ) from error
    if manifest.format != FORMAT or not is_known(manifest.revision):
        written = f"{manifest.version} (format {manifest.format}, tables {manifest.revision})"
        raise ArchiveError(
            f"{archive.filename} was written by svc-plugin {written}, newer than this {__version__}; "
            "restore it with that version"
        )
    return manifest


def _member(name: str) -> str:
    return f"tables/{name}.jsonl"


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """Return our tables as the database has them, but for those whose rows are not kept."""
    kept = {name for name, table in metadata.tables.items() if not table.info.get("passing")}
    found = sa.MetaData()
    found.reflect(connection, only=sorted(kept & set(sa.inspect(connection).get_table_names())))
    return sorted(found.tables.values(), key=lambda table: table.name)


def _held(connection: sa.Connection) -> list[str]:
    """Name the tables that hold rows, with how many."""
    counted = ((table.name, _count(connection, table)) for table in _tables(connection))
    return [f"{name}: {count}" for name, count in counted if count]


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _write_table(
    connection: sa.Connection, table: sa.Table, archive: zipfile.ZipFile, progress: Progress
) -> TableEntry:
    of, done, digest = _count(connection, table), 0, hashlib.sha256()
    walk = connection.execution_options(yield_per=_PART).execute(
        sa.select(table).order_by(*table.primary_key.columns)
    )
    with archive.open(_member(table.name), "w", force_zip64=True) as member:
        for done, row in enumerate(walk, 1):
            line = f"{json.dumps(list(row), ensure_ascii=False, default=_bytes_out)}\n".encode()
            digest.update(line)
            member.write(line)
            progress(table.name, done, of)
    return TableEntry(columns=list(table.c.keys()), rows=done, sha256=digest.hexdigest())


def _bytes_out(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} has no form in an archive")
    return {"base64": base64.b64encode(value).decode()}


def _read_table(
    connection: sa.Connection, table: sa.Table, entry: TableEntry, lines: Iterable[bytes], progress: Progress
) -> None:
    rows, done = _rows(entry, lines), 0
    while part := list(islice(rows, _PART)):
        connection.execute(table.insert(), part)
        done += len(part)
        progress(table.name, done, entry.rows)
    if connection.dialect.name == "postgresql":
        _go_on_counting(connection, table)


def _rows(entry: TableEntry, lines: Iterable[bytes]) -> Iterator[dict[str, object]]:
    for line in lines:
        values = cast("list[Any]", json.loads(line))
        yield dict(zip(entry.columns, map(_value_in, values), strict=True))


def _value_in(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    return base64.b64decode(cast("dict[str, str]", value)["base64"], validate=True)


def _go_on_counting(connection: sa.Connection, table: sa.Table) -> None:
    """Let numbers that PostgreSQL gives itself go on after the highest restored one."""
    for column in table.primary_key.columns:
        name = sa.func.pg_get_serial_sequence(table.name, column.name)
        if connection.execute(sa.select(name)).scalar_one() is not None:
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(name, highest)).where(highest.is_not(None)))
