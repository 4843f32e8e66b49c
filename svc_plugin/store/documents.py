"""Issued documents, every version byte for byte (M65)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from svc_plugin.store.database import Database
from svc_plugin.store.moments import to_utc
from svc_plugin.store.tables import documents

_D = documents.c


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One issued version of a document in one language."""

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

    @property
    def file_name(self) -> str:
        """The name under which it is attached and downloaded."""
        return f"{self.document_id}-v{self.version}.docx"


class DocumentStore:
    """The register of issued documents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document: StoredDocument) -> None:
        """Keep a version for good. Raises ``sqlalchemy.exc.IntegrityError`` when that version exists."""
        row = {column.name: getattr(document, column.name) for column in documents.columns}
        row["created_at"] = document.created_at.timestamp()
        with self._database.begin() as connection:
            connection.execute(sa.insert(documents).values(row))

    def versions(self, document_id: str, language: str) -> Sequence[StoredDocument]:
        """Return every version in a language, oldest first."""
        return self._all(
            sa.select(documents)
            .where(_D.document_id == document_id, _D.language == language)
            .order_by(_D.version)
        )

    def get(self, document_id: str, version: int, language: str) -> StoredDocument | None:
        """Return one version in one language."""
        wanted = sa.select(documents).where(
            _D.document_id == document_id, _D.version == version, _D.language == language
        )
        found = self._all(wanted)
        return found[0] if found else None

    def _all(self, wanted: sa.Select[tuple[object, ...]]) -> Sequence[StoredDocument]:
        with self._database.begin() as connection:
            rows = connection.execute(wanted).all()
        return [
            StoredDocument(
                document_id=row.document_id,
                version=row.version,
                language=row.language,
                kind=row.kind,
                product=row.product,
                period=row.period,
                created_at=to_utc(row.created_at),
                title=row.title,
                file_sha256=row.file_sha256,
                content_sha256=row.content_sha256,
                data_sha256=row.data_sha256,
                content=row.content,
            )
            for row in rows
        ]
