"""Which processes work, and how the sites answer them: told by each process every few seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import contacts, heartbeats

_H, _C = heartbeats.c, contacts.c
_PROBE = ""  # the row that is written only to see whether it can be


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process that works: ``name`` is host and process id."""

    name: str
    started_at: datetime
    at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Contact:
    """When a site last answered and last failed to; ``failures`` since it last answered."""

    answered_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    error: str = ""


class SqlHeartbeats:
    """The processes that work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, one: Heartbeat) -> None:
        """Say that a process is alive."""
        row = {
            "name": one.name,
            "started_at": one.started_at.timestamp(),
            "at": one.at.timestamp(),
            "version": one.version,
        }
        insert = self._database.insert(heartbeats).values(row)
        with self._database.begin() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=[_H.name], set_=row))

    def probe(self, at: datetime) -> None:
        """Write something, to see whether that is possible. Raises ``TransientError`` when it is not."""
        self.beat(Heartbeat(_PROBE, at, at, ""))

    def leave(self, name: str, *, before: datetime) -> None:
        """Take a process off the list, and those with it that were last heard of ``before`` a moment."""
        gone = sa.or_(_H.name == name, _H.at < before.timestamp())
        with self._database.begin() as connection:
            connection.execute(sa.delete(heartbeats).where(gone))

    def all(self) -> Sequence[Heartbeat]:
        """Return every process, the one heard of last first."""
        rows = sa.select(heartbeats).where(_H.name != _PROBE).order_by(_H.at.desc())
        with self._database.begin() as connection:
            return [
                Heartbeat(row.name, to_utc(row.started_at), to_utc(row.at), row.version)
                for row in connection.execute(rows)
            ]


class SqlContacts:
    """How each site answers, over all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def merge(self, seen: Mapping[str, Contact]) -> None:
        """Add what one process saw since it last told."""
        with self._database.begin() as connection:
            for site, one in sorted(seen.items()):
                connection.execute(self._merging(site, one))

    def _merging(self, site: str, one: Contact) -> sa.Insert:
        row: dict[str, object] = {
            "site": site,
            "answered_at": one.answered_at.timestamp() if one.answered_at else None,
            "failed_at": one.failed_at.timestamp() if one.failed_at else None,
            "failures": one.failures,
            "error": one.error,
        }
        change = {name: value for name, value in row.items() if value is not None and name != "failures"}
        if not one.error:
            change.pop("error")
        # an answer ends the row of failures; what failed after it begins a new one
        change["failures"] = one.failures if one.answered_at else _C.failures + one.failures
        insert = self._database.insert(contacts).values(row)
        return insert.on_conflict_do_update(index_elements=[_C.site], set_=change)

    def all(self) -> Mapping[str, Contact]:
        """Return what is known, by site."""
        with self._database.begin() as connection:
            rows = connection.execute(sa.select(contacts)).all()
        return {
            row.site: Contact(_moment(row.answered_at), _moment(row.failed_at), row.failures, row.error)
            for row in rows
        }


def _moment(seconds: float | None) -> datetime | None:
    return to_utc(seconds) if seconds is not None else None
