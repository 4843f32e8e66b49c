"""The register of issued documents: every version byte for byte, with the files beside it (M65)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from svc_plugin.store.approvals import SqlApprovals
from svc_plugin.store.audit import PRODUCT, AuditKind, Entry, append
from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import document_files, documents

_D, _F = documents.c, document_files.c
_NOT_LISTED = frozenset({"content", "data"})


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One issued version of a document in one language; ``data`` is what its figures were, as JSON (M76).

    ``status`` is the stage to which its issue has brought it. ``text_sha256`` is the mark over its words
    outside the places to fill in, ``policy`` the digest of the policies it was made under, ``template``
    and ``generator`` what it was made with.
    """

    document_id: str
    version: int
    language: str
    kind: str
    product: str
    period: str
    created_at: datetime
    title: str
    file_sha256: str
    content_sha256: str
    data_sha256: str
    content: bytes = field(repr=False)
    data: str = field(default="", repr=False)
    text_sha256: str = ""
    policy: str = ""
    template: str = ""
    generator: str = ""
    status: str = "draft"

    @property
    def file_name(self) -> str:
        """The name under which it is attached and downloaded."""
        return f"{self.document_id}-v{self.version}.docx"


class FileRole(StrEnum):
    """What a further file is: references of the figures, a complete list, the PDF to sign, a signed copy."""

    SIDECAR = "sidecar"
    ANNEX = "annex"
    PDF = "pdf"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A further file of an issued version."""

    name: str
    role: FileRole
    media_type: str
    file_sha256: str
    content: bytes = field(repr=False)


class DocumentStore:
    """The register of issued documents."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.approvals = SqlApprovals(database)

    def put(self, document: StoredDocument, files: Sequence[StoredFile] = ()) -> None:
        """Keep a version and its files for good: all or nothing.

        Raises ``sqlalchemy.exc.IntegrityError`` when that version exists.
        """
        row = {column.name: getattr(document, column.name) for column in documents.columns}
        row["created_at"] = document.created_at.timestamp()
        with self._database.begin() as connection:
            connection.execute(sa.insert(documents).values(row))
            for file in files:
                connection.execute(sa.insert(document_files).values(_file_row(document, file)))
            append(self._database, connection, [issued(document, files)])

    def add_file(self, document: StoredDocument, file: StoredFile) -> StoredFile:
        """Keep a further file of a version; return the one of that name that was there before, if any."""
        insert = self._database.insert(document_files).on_conflict_do_nothing()
        with self._database.begin() as connection:
            new = connection.execute(insert.values(_file_row(document, file)).returning(_F.name)).first()
            if new:
                append(self._database, connection, [issued(document, [file])])
        return next(one for one in self.files(document) if one.name == file.name)

    def files(self, document: StoredDocument) -> Sequence[StoredFile]:
        """Return the further files of a version, by name."""
        wanted = sa.select(document_files).where(
            _F.document_id == document.document_id,
            _F.version == document.version,
            _F.language == document.language,
        )
        with self._database.begin() as connection:
            rows = connection.execute(wanted.order_by(_F.name)).all()
        return [
            StoredFile(row.name, FileRole(row.role), row.media_type, row.file_sha256, row.content)
            for row in rows
        ]

    def versions(self, document_id: str, language: str) -> Sequence[StoredDocument]:
        """Return every version in a language, oldest first."""
        wanted = sa.select(documents).where(_D.document_id == document_id, _D.language == language)
        return self._all(wanted.order_by(_D.version))

    def numbers(self, document_id: str, language: str) -> Sequence[int]:
        """Return the numbers of the versions in a language, the oldest first, without reading any."""
        wanted = sa.select(_D.version).where(_D.document_id == document_id, _D.language == language)
        with self._database.begin() as connection:
            return list(connection.execute(wanted.order_by(_D.version)).scalars())

    def newest(self, document_id: str, language: str = "") -> StoredDocument | None:
        """Return the version issued last, in one language or in any."""
        wanted = sa.select(documents).where(_D.document_id == document_id)
        if language:
            wanted = wanted.where(_D.language == language)
        return self._first(wanted.order_by(_D.created_at.desc(), _D.version.desc(), _D.language.desc()))

    def get(self, document_id: str, version: int, language: str) -> StoredDocument | None:
        """Return one version in one language."""
        return self._first(
            sa.select(documents).where(
                _D.document_id == document_id, _D.version == version, _D.language == language
            )
        )

    def in_every_language(self, document_id: str, version: int) -> Sequence[StoredDocument]:
        """Return what was issued under a number and version, one a language."""
        wanted = sa.select(documents).where(_D.document_id == document_id, _D.version == version)
        return self._all(wanted.order_by(_D.language))

    def holding(self, file_sha256: str) -> StoredDocument | None:
        """Return the version of which a file with this mark was handed out: its own, or one beside it."""
        beside = sa.and_(
            _F.document_id == _D.document_id, _F.version == _D.version, _F.language == _D.language
        )
        kept = sa.exists().where(beside, _F.file_sha256 == file_sha256)
        return self._first(sa.select(documents).where(sa.or_(_D.file_sha256 == file_sha256, kept)))

    def listed(self, *, product: str = "", kind: str = "") -> Sequence[StoredDocument]:
        """Return the whole register, or what is of a product or kind, without content and data."""
        shown = [column for column in documents.columns if column.name not in _NOT_LISTED]
        wanted = sa.select(*shown, sa.literal(b"").label("content"), sa.literal("").label("data"))
        if product:
            wanted = wanted.where(_D.product == product)
        if kind:
            wanted = wanted.where(_D.kind == kind)
        return self._all(wanted.order_by(_D.document_id, _D.language, _D.version))

    def first_since(self, document_id: str, since: datetime) -> StoredDocument | None:
        """Return the first version of any language that was issued at or after ``since`` with its figures."""
        wanted = sa.select(documents).where(
            _D.document_id == document_id, _D.created_at >= since.timestamp(), _D.data != ""
        )
        return self._first(wanted.order_by(_D.created_at, _D.version))

    def set_status(self, document: StoredDocument, status: str, *, former: str) -> None:
        """Give what says the same as ``document`` a status in every language, what is older ``former``."""
        ours = _D.document_id == document.document_id
        same = _D.data_sha256 == document.data_sha256
        older = sa.and_(_D.created_at < document.created_at.timestamp(), sa.not_(same))
        with self._database.begin() as connection:
            for which, value in ((same, status), (older, former)):
                change = sa.update(documents).where(ours, which, _D.status != value)
                connection.execute(change.values(status=value))

    def _first(self, wanted: sa.Select[Any]) -> StoredDocument | None:
        found = self._all(wanted.limit(1))
        return found[0] if found else None

    def _all(self, wanted: sa.Select[Any]) -> Sequence[StoredDocument]:
        with self._database.begin() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [_document(row) for row in rows]


def _document(row: Mapping[Any, Any]) -> StoredDocument:
    values: dict[str, Any] = {column.name: row[column.name] for column in documents.columns}
    values["created_at"] = to_utc(row["created_at"])
    return StoredDocument(**values)


def issued(document: StoredDocument, files: Sequence[StoredFile]) -> Entry:
    """Return the entry of the audit log for an issued version, or for files added to one."""
    marks = ("document_id", "version", "language", "kind", "product", "period", "file_sha256", "data_sha256")
    detail = {name: getattr(document, name) for name in (*marks, "content_sha256", "policy")}
    named = [{"name": one.name, "role": str(one.role), "file_sha256": one.file_sha256} for one in files]
    return Entry(AuditKind.DOCUMENT, document.created_at, PRODUCT, {**detail, "files": named})


def _file_row(document: StoredDocument, file: StoredFile) -> dict[str, object]:
    return {
        "document_id": document.document_id,
        "version": document.version,
        "language": document.language,
        "name": file.name,
        "role": str(file.role),
        "media_type": file.media_type,
        "file_sha256": file.file_sha256,
        "content": file.content,
    }
