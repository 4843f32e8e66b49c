"""The audit log: what was decided, written, approved, waived, issued, and by whom; each entry seals the last.

An entry's hash covers its content, its number and the hash before it: who alters, removes, moves or inserts
one breaks the chain there. Whoever may rewrite the whole table could forge a whole chain; against that stands
a hash of the head that was noted elsewhere (``svc-plugin audit verify --expect``).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from svc_plugin.domain.model import IssueRef
from svc_plugin.store.codec import storable
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import audit, audit_head

PRODUCT = "svc-plugin"
"""The actor of what the product does by itself."""
_A, _HEAD = audit.c, audit_head.c
_PART = 2000  # entries read at a time
_SEALED = ("seq", "at", "kind", "actor", "site", "key", "detail", "previous")


class AuditKind(StrEnum):
    """What an entry tells of."""

    DECISION = "decision"
    WRITE = "write"
    REFUSAL = "refusal"
    APPROVAL = "approval"
    WAIVER = "waiver"
    DOCUMENT = "document"
    SIGN_IN = "sign_in"
    ADMIN = "admin"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written down. ``detail`` holds JSON values, and neither secrets nor long texts."""

    kind: AuditKind
    at: datetime
    actor: str
    detail: Mapping[str, object]
    site: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Audited:
    """An entry as it stands in the log."""

    seq: int
    entry: Entry
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain; 0 and "" while it is empty."""

    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a walk along the chain ended: ``broken`` is the first entry that does not hold, ``fault`` says why.

    ``fault`` is missing, altered, moved, end or beyond: the key of its sentence is ``audit.fault.<fault>``.
    """

    head: Head
    broken: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is empty does not narrow. ``sites`` None are all, else those and no site."""

    kind: str = ""
    actor: str = ""
    key: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sites: tuple[str, ...] | None = None


def _locking(insert: sqlite.Insert | postgresql.Insert) -> sa.Executable:
    """Return the one statement that locks the head and reads it."""
    further = {"seq": _HEAD.seq + insert.excluded.seq}
    locked = insert.on_conflict_do_update(index_elements=[_HEAD.id], set_=further)
    return locked.returning(_HEAD.seq, _HEAD.hash)


# built once: to build a statement costs more than to run it
_LOCKING = MappingProxyType(
    {True: _locking(sqlite.insert(audit_head)), False: _locking(postgresql.insert(audit_head))}
)
_ADDING, _SEALING = sa.insert(audit), sa.update(audit_head).values(hash=sa.bindparam("head"))


def append(database: Database, connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """Add entries inside the caller's transaction; to be its last statement, since it locks the chain."""
    if not entries:
        return
    locking = _LOCKING[database.embedded]
    last, previous = connection.execute(locking, {"id": 1, "seq": len(entries), "hash": ""}).one()
    rows: list[dict[str, Any]] = []
    for seq, entry in enumerate(entries, last - len(entries) + 1):
        row: dict[str, Any] = {"seq": seq, **_row(entry), "previous": previous}
        previous = row["hash"] = _hash(row)
        rows.append(row)
    connection.execute(_ADDING, rows)
    connection.execute(_SEALING, {"head": previous})


class SqlAudit:
    """Reads the audit log, and writes down what has no transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, *entries: Entry) -> None:
        """Add entries in a transaction of their own."""
        with self._database.begin() as connection:
            append(self._database, connection, entries)

    def head(self) -> Head:
        """Return the end of the chain."""
        with self._database.begin() as connection:
            row = connection.execute(sa.select(_HEAD.seq, _HEAD.hash)).first()
        return Head(row.seq, row.hash) if row else Head()

    def entries(self, wanted: Wanted, *, before: int | None = None, limit: int) -> Sequence[Audited]:
        """Return entries, the newest first; ``before`` is the number from which the last page went on."""
        rows = sa.select(audit).where(*_chosen(wanted)).order_by(_A.seq.desc()).limit(limit)
        if before is not None:
            rows = rows.where(_A.seq < before)
        with self._database.begin() as connection:
            return [_audited(row) for row in connection.execute(rows).mappings()]

    def walk(self, wanted: Wanted, *, upto: int | None = None) -> Iterator[Audited]:
        """Walk entries by number, a part at a time."""
        return (_audited(row) for row in self._rows(wanted, upto))

    def _rows(self, wanted: Wanted, upto: int | None) -> Iterator[Mapping[Any, Any]]:
        last = 0
        while True:
            part = sa.select(audit).where(_A.seq > last, *_chosen(wanted)).order_by(_A.seq).limit(_PART)
            if upto is not None:
                part = part.where(_A.seq <= upto)
            with self._database.begin() as connection:
                rows = connection.execute(part).mappings().all()
            yield from rows
            if len(rows) < _PART:
                return
            last = rows[-1]["seq"]

    def verify(self, progress: Callable[[int, int], None] | None = None) -> Verdict:
        """Walk the whole chain and tell the first entry that does not hold; others may append meanwhile."""
        head, last = self.head(), Head()
        for one in self._rows(Wanted(), head.seq):
            fault = _fault(one, last)
            if fault:
                return Verdict(head, last.seq + 1, fault)
            last = Head(one["seq"], one["hash"])
            if progress:
                progress(last.seq, head.seq)
        if last != head:
            return Verdict(head, min(last.seq + 1, head.seq), "end")
        first = self._outside()
        return Verdict(head, first, "beyond") if first is not None else Verdict(head)

    def _outside(self) -> int | None:
        """Return the number of an entry that stands outside of the chain; one look, so that none is new."""
        end = sa.func.coalesce(sa.select(_HEAD.seq).scalar_subquery(), 0)
        stray = sa.select(sa.func.min(_A.seq)).where(sa.or_(_A.seq > end, _A.seq < 1))
        with self._database.begin() as connection:
            return connection.execute(stray).scalar()


def told(connection: sa.Connection, ref: IssueRef, kinds: Iterable[AuditKind]) -> Sequence[Mapping[str, Any]]:
    """Return the details of what the log has of some kinds on an issue."""
    wanted = sa.select(_A.detail).where(_A.site == ref.site, _A.key == ref.key, _A.kind.in_(list(kinds)))
    return [json.loads(text) for text in connection.execute(wanted).scalars()]


def _fault(row: Mapping[Any, Any], last: Head) -> str:
    if row["seq"] != last.seq + 1:
        return "missing"
    if _hash(row) != row["hash"]:
        return "altered"
    return "moved" if row["previous"] != last.hash else ""


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at.timestamp(),
        "kind": str(entry.kind),
        "actor": storable(entry.actor),
        "site": entry.site,
        "key": entry.key,
        "detail": json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
    }


def _hash(row: Mapping[Any, Any]) -> str:
    sealed = json.dumps([row[name] for name in _SEALED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(sealed.encode()).hexdigest()


def _chosen(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    for column, value in ((_A.kind, wanted.kind), (_A.actor, wanted.actor), (_A.key, wanted.key)):
        if value:
            yield column == value
    if wanted.since:
        yield _A.at >= wanted.since.timestamp()
    if wanted.until:
        yield _A.at < wanted.until.timestamp()
    if wanted.sites is not None:
        yield _A.site.in_(["", *wanted.sites])


def _audited(row: Mapping[Any, Any]) -> Audited:
    kind, at, detail = AuditKind(row["kind"]), to_utc(row["at"]), json.loads(row["detail"])
    entry = Entry(kind, at, row["actor"], detail, row["site"], row["key"])
    return Audited(row["seq"], entry, row["previous"], row["hash"])
