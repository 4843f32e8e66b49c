"""The PDF of an issued version, with a place to sign: made once, then kept (M65)."""

from pathlib import Path

from docgen.identity import file_sha256
from docgen.office import find_office
from docgen.readback.signatures import with_place_to_sign
from svc_plugin.documents.register import file_of
from svc_plugin.store.documents import DocumentStore, FileRole, StoredDocument, StoredFile


def pdf_to_sign(store: DocumentStore, document: StoredDocument) -> StoredFile:
    """Return the issued PDF of a version; the first that is made stays, for copies are held against it.

    Raises ``OfficeError`` without LibreOffice, ``RefusedError`` without the package for signatures.
    """
    kept = file_of(store, document, FileRole.PDF)
    if kept is not None:
        return kept
    content = with_place_to_sign(find_office().pdf(document.content))
    name = Path(document.file_name).with_suffix(".pdf").name
    file = StoredFile(name, FileRole.PDF, "application/pdf", file_sha256(content), content)
    return store.add_file(document, file)
