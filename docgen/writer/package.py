"""The file itself: a zip whose bytes depend on nothing but its content."""

from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docgen.model import Document
from docgen.writer.body import PLACE, Body
from docgen.writer.properties import add_properties

_MAIN = "word/document.xml"
_FIRST = ("[Content_Types].xml", "_rels/.rels", _MAIN)  # where programs look to tell what a file is


def pack(document: Document) -> bytes:
    """Return the document as a file; tables pass through row by row while it is packed.

    python-docx leaves the time in the zip and the parts in any order, so they are packed once more: the
    first three stand where readers look for them, the others in the order of their names.
    """
    body = Body(document)
    add_properties(body.word, document)
    body.word.save(saved := BytesIO())
    with ZipFile(saved) as parts, ZipFile(target := BytesIO(), "w") as package:
        for name in sorted(parts.namelist(), key=lambda name: (name not in _FIRST, name)):
            text = parts.read(name).decode()
            with TextIOWrapper(package.open(_entry(name), "w"), "utf-8", newline="\n") as entry:
                entry.writelines(_filled(text, body.tables) if name == _MAIN else (text,))
    return target.getvalue()


def _filled(text: str, tables: list[Iterator[str]]) -> Iterator[str]:
    """Yield the main part with the tables in their places."""
    first, *rest = text.split(PLACE)
    yield first
    for table, following in zip(tables, rest, strict=True):
        yield from table
        yield following


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the earliest a zip can say
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0  # zipfile would name the system it runs on
    return entry
