"""Holds a file against the register: is it the issued one, and does the record still tell the same (M65)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from docgen.identity import canonical_json, file_sha256
from docgen.readback import read_back
from docgen.readback.model import RefusedError, Remark, Returned, TextState
from svc_plugin.documents.library import Library
from svc_plugin.documents.register import ANNEX, Register, file_of
from svc_plugin.documents.sidecar import Drift, drift, figures_of
from svc_plugin.store.documents import FileRole, StoredDocument


@dataclass(frozen=True, slots=True)
class Verified:
    """What a file is: a copy of ``document``, with the places where its words are not the issued ones.

    ``drifts`` are the figures that the record tells otherwise today; ``facts`` name the parts of the data
    behind the document that differ, figures or not. ``counted`` is false when it was issued without
    references, so that nothing can be counted again.
    """

    document: StoredDocument
    text: TextState
    differences: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    drifts: tuple[Drift, ...] = ()
    facts: tuple[str, ...] = ()
    counted: bool = True

    @property
    def drifted(self) -> bool:
        """Whether the record tells something otherwise today."""
        return bool(self.drifts or self.facts)


def verify(data: bytes, library: Library, register: Register) -> Verified:
    """Compare a file with what was issued, and what was issued with the record of today.

    Raises ``RefusedError`` for a file that cannot be read or was never issued.
    """
    document = register.store.holding(file_sha256(data))
    if document:
        return _counted(Verified(document, TextState.ISSUED), library, register)
    copy = read_back(data, register.issues)
    # an empty place to fill in is no fault of a copy that nobody asked an approval of
    remarks = tuple(one for one in copy.remarks if one.key not in {"no_approval", "not_filled"})
    found = version_of(register, copy)
    return _counted(Verified(found, copy.text, copy.differences, remarks), library, register)


def version_of(register: Register, copy: Returned) -> StoredDocument:
    """Return the version in the language of a copy: its mark tells which, else the first is taken.

    Raises ``RefusedError`` for one that was never issued.
    """
    found = register.store.in_every_language(copy.document_id.removesuffix(ANNEX), int(copy.version))
    if not found:
        raise RefusedError("unknown_document", document=copy.document_id, version=copy.version)
    return next((one for one in found if one.text_sha256 == copy.text_sha256), found[0])


def _counted(verified: Verified, library: Library, register: Register) -> Verified:
    document = verified.document
    kept = file_of(register.store, document, FileRole.SIDECAR)
    if kept is None:
        return Verified(document, verified.text, verified.differences, verified.remarks, counted=False)
    restated, data = library.recount(document)
    return Verified(
        document,
        verified.text,
        verified.differences,
        verified.remarks,
        drift(figures_of(kept), restated.figures),
        tuple(_parts_that_differ(document.data, canonical_json(data))),
    )


def _parts_that_differ(then: str, now: str) -> Sequence[str]:
    before, after = json.loads(then), json.loads(now)
    return [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
