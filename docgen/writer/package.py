"""The file itself: a zip whose bytes depend on nothing but its content."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docgen.model import Document
from docgen.writer import parts
from docgen.writer.body import Body

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
_LEVEL = 6
_CHUNK = 1 << 16
_TEMPLATE = {
    "docProps/app.xml": "app.xml",
    "word/fontTable.xml": "fontTable.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
    "word/styles.xml": "styles.xml",
    "word/theme.xml": "theme.xml",
}


def pack(document: Document) -> bytes:
    """Return the document as a file; long tables pass through row by row while it is packed.

    The first two parts stand where readers look for them, the others in the order of their names.
    """
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        for name, content in _parts(document):
            with package.open(_entry(name), "w") as entry:
                for chunk in _chunks(content):
                    entry.write(chunk)
    return target.getvalue()


def _parts(document: Document) -> Iterator[tuple[str, Iterable[str]]]:
    yield "[Content_Types].xml", (parts.content_types(),)
    yield "_rels/.rels", (parts.package_relations(),)
    small = {name: _source(file) for name, file in _TEMPLATE.items()}
    small |= {
        "docProps/core.xml": parts.core_properties(document),
        "docProps/custom.xml": parts.custom_properties(document),
        "word/_rels/document.xml.rels": parts.document_relations(),
        "word/footer.xml": parts.footer(document),
        "word/header.xml": parts.header(document, "Header"),
        "word/headerAcross.xml": parts.header(document, "HeaderAcross"),
    }
    yield "word/document.xml", Body(document).stream()
    for name in sorted(small):
        yield name, (small[name],)


def _source(name: str) -> str:
    return files("docgen").joinpath("templates", "base", name).read_text("utf-8")


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0  # zipfile would name the system it runs on
    return entry


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Join small pieces: compressing each by itself would cost more than writing them."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield "".join(held).encode()
            held.clear()
            size = 0
    yield "".join(held).encode()
