"""The audit pack: documents and records of what was decided, in one zip with the checksum of every file.

What it never holds: bodies of deliveries (they may quote private notes), texts of comments, secrets, keys.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from svc_plugin import __version__
from svc_plugin.settings.sheets import disarm
from svc_plugin.store.audit import Audited, AuditKind, SqlAudit, Verdict, Wanted
from svc_plugin.store.audit_entries import change_told
from svc_plugin.store.codec import plan_from_data
from svc_plugin.store.database import Database
from svc_plugin.store.documents import DocumentStore
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import deliveries, documents, ledger

MANIFEST = "manifest.json"
_README = """审计包 Audit pack

manifest.json 列出每个文件的 SHA-256；audit.jsonl 是带哈希链的审计日志：每一行的 hash 由
[seq, at, kind, actor, site, key, detail, previous] 的 JSON（UTF-8，无空格）算出，previous 是上一行的 hash。
manifest.json lists the SHA-256 of every file; audit.jsonl is the audit log with its chain: the hash of a line
is the SHA-256 of [seq, at, kind, actor, site, key, detail, previous] as JSON (UTF-8, no blanks), previous is
the hash of the line before.
"""
COLUMNS = ("seq", "at", "kind", "actor", "site", "key", "detail", "previous", "hash")
_PART = 500
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content gives the same archive


@dataclass(frozen=True, slots=True)
class Packed:
    """What was packed: how many files, and what the walk along the chain found."""

    files: int
    verdict: Verdict


class _Archive:
    """A zip that remembers the checksum of what went in."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: list[dict[str, object]] = []

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        self.files.append({"path": name, "sha256": digest.hexdigest(), "bytes": size})


def pack(
    database: Database, path: Path, *, now: datetime, progress: Callable[[str, int, int], None]
) -> Packed:
    """Write the pack to ``path``, whole or not at all. ``progress`` is told step, done, of.

    Raises ``FileExistsError`` rather than replace a file.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists; name a file that does not")
    log, beside = SqlAudit(database), path.with_name(f".{path.name}.part")
    verdict = log.verify(lambda done, of: progress("verify", done, of))
    try:
        with zipfile.ZipFile(beside, "w") as raw:
            archive = _Archive(raw)
            archive.add("README.txt", [_README.encode()])
            _add_documents(archive, database, progress)
            archive.add("audit.jsonl", map(jsonl, log.walk(Wanted(), upto=verdict.head.seq)))
            for name, kind in (("approvals", AuditKind.APPROVAL), ("waivers", AuditKind.WAIVER)):
                archive.add(f"{name}.csv", told_csv(log.walk(Wanted(kind=kind), upto=verdict.head.seq)))
            archive.add("decisions.jsonl", _decisions(database))
            archive.add("deliveries.csv", _deliveries(database))
            manifest = _manifest(archive.files, verdict, now)
            raw.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), manifest)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return Packed(len(archive.files), verdict)


def jsonl(one: Audited) -> bytes:
    """Return an entry as a line of JSON from which its hash can be computed again."""
    entry = one.entry
    row = {
        "seq": one.seq,
        "at": entry.at.timestamp(),
        "kind": entry.kind,
        "actor": entry.actor,
        "site": entry.site,
        "key": entry.key,
        "detail": json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
        "previous": one.previous,
        "hash": one.hash,
    }
    return f"{json.dumps(row, ensure_ascii=False)}\n".encode()


def told_csv(entries: Iterable[Audited]) -> Iterator[bytes]:
    """Return entries as CSV for a spreadsheet, in which nothing can be taken for a formula."""
    return _csv(COLUMNS, (_cells(one) for one in entries))


def _cells(one: Audited) -> Sequence[object]:
    entry = one.entry
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    about = (entry.kind, entry.actor, entry.site, entry.key)
    return one.seq, entry.at.isoformat(), *about, detail, one.previous, one.hash


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    # the mark at the start has spreadsheets read UTF-8
    yield "\ufeff".encode() + _line(header)
    for row in rows:
        yield _line([disarm(str(cell)) for cell in row])


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue().encode()


def _manifest(files: Sequence[Mapping[str, object]], verdict: Verdict, now: datetime) -> bytes:
    chain = {"seq": verdict.head.seq, "hash": verdict.head.hash, "broken": verdict.broken or None}
    told = {"made_at": now.isoformat(), "by": f"svc-plugin {__version__}", "chain": chain, "files": files}
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _add_documents(archive: _Archive, database: Database, progress: Callable[[str, int, int], None]) -> None:
    store = DocumentStore(database)
    known = store.listed()
    for number, one in enumerate(known, 1):
        stored = store.get(one.document_id, one.version, one.language)
        if stored:
            folder = f"documents/{stored.document_id}/v{stored.version}-{stored.language}"
            archive.add(f"{folder}/{stored.file_name}", [stored.content])
            for file in store.files(stored):
                archive.add(f"{folder}/{Path(file.name).name}", [file.content])
        progress("documents", number, len(known))
    names = [column.name for column in documents.columns if column.name not in {"content", "data"}]
    rows = ([getattr(one, name) for name in names] for one in known)
    archive.add("documents.csv", _csv(names, rows))


def _decisions(database: Database) -> Iterator[bytes]:
    for row in _walk(database, sa.select(ledger), ledger.c.id):
        plan = plan_from_data(json.loads(row.plan))
        told = {
            "at": to_utc(row.at).isoformat(),
            "site": row.site,
            "key": row.key,
            "plan": plan.id,
            "policy": row.policy,
            "rules": sorted({one.rule for one in plan.findings}),
            "writes": [change_told(change) for change in plan.changes],
        }
        yield f"{json.dumps(told, ensure_ascii=False, default=str)}\n".encode()


def _deliveries(database: Database) -> Iterator[bytes]:
    header = ("received_at", "site", "key", "delivery", "body_sha256")
    rows = _walk(database, sa.select(deliveries), deliveries.c.id)
    return _csv(header, (_delivery(row) for row in rows))


def _delivery(row: sa.Row[tuple[Any, ...]]) -> Sequence[object]:
    mark = hashlib.sha256(row.body).hexdigest()
    return to_utc(row.received_at).isoformat(), row.site, row.key, row.delivery, mark


def _walk(database: Database, rows: sa.Select[Any], by: sa.Column[int]) -> Iterator[sa.Row[tuple[Any, ...]]]:
    last = 0
    while True:
        with database.begin() as connection:
            part = connection.execute(rows.where(by > last).order_by(by).limit(_PART)).all()
        yield from part
        if len(part) < _PART:
            return
        last = part[-1].id
