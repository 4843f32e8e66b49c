"""The file beside each issued document that names the issues behind every figure, for programs (M65)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from docgen.identity import file_sha256
from docgen.model import Traced
from svc_plugin.domain.model import IssueRef
from svc_plugin.store.documents import FileRole, StoredDocument, StoredFile

_MEDIA_TYPE = "application/json"
_STATED = (
    "document_id", "version", "language", "kind", "product", "period", "file_sha256", "content_sha256",
    "text_sha256", "data_sha256", "policy", "template", "generator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that the record tells otherwise now; "" where it was not, or is no more, in the document.

    ``added`` and ``removed`` are the issues that are counted now and were not, and the other way round.
    """

    place: str
    label: str
    then: str
    now: str
    added: tuple[IssueRef, ...] = ()
    removed: tuple[IssueRef, ...] = ()


def beside(
    document: StoredDocument, figures: Sequence[Traced], annex: StoredFile | None
) -> tuple[StoredFile, ...]:
    """Return the files that are kept beside a version: its annex, if any, and its references."""
    files = (annex,) if annex else ()
    return (*files, sidecar(document, figures, files))


def sidecar(document: StoredDocument, figures: Sequence[Traced], files: Sequence[StoredFile]) -> StoredFile:
    """Return the file: the marks of a version, its further files, and each figure with its issues."""
    stated = {name: getattr(document, name) for name in _STATED}
    data = {
        **stated,
        "created_at": document.created_at.isoformat(),
        "files": [{"name": one.name, "role": one.role, "file_sha256": one.file_sha256} for one in files],
        "figures": [
            {"place": one.place, "label": one.label, "value": one.text, "issues": [str(r) for r in one.refs]}
            for one in figures
        ],
    }
    content = json.dumps(data, ensure_ascii=False, indent=1).encode()
    name = f"{document.document_id}-v{document.version}.json"
    return StoredFile(name, FileRole.SIDECAR, _MEDIA_TYPE, file_sha256(content), content)


def figures_of(file: StoredFile) -> tuple[Traced, ...]:
    """Read back the figures that ``sidecar`` wrote down."""
    return tuple(
        Traced(one["place"], one["label"], one["value"], tuple(map(_ref, one["issues"])))
        for one in json.loads(file.content)["figures"]
    )


def drift(then: Sequence[Traced], now: Sequence[Traced]) -> tuple[Drift, ...]:
    """Return the figures that differ in value or in the issues behind them, in the order of the document."""
    before, after = _by_place(then), _by_place(now)
    found: list[Drift] = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        was, counted = set(old.refs if old else ()), set(new.refs if new else ())
        if old is None or new is None or old.text != new.text or was != counted:
            added, removed = tuple(sorted(counted - was)), tuple(sorted(was - counted))
            texts = (old.text if old else "", new.text if new else "")
            found.append(Drift(key[0], key[1], *texts, added, removed))
    return tuple(found)


def _by_place(figures: Sequence[Traced]) -> dict[tuple[str, str, int], Traced]:
    """Key figures by place and label; those of one name count on in their order."""
    found: dict[tuple[str, str, int], Traced] = {}
    met: dict[tuple[str, str], int] = {}
    for one in figures:
        name = (one.place, one.label)
        met[name] = number = met.get(name, 0) + 1
        found[(*name, number)] = one
    return found


def _ref(text: str) -> IssueRef:
    site, _, key = text.partition("/")
    return IssueRef(site, key)
