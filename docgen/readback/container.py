"""Opens a stranger's Word file: nothing in it is trusted, fetched or run."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from docgen.readback.model import RefusedError
from docgen.words import Element

LARGEST_FILE = 20_000_000  # bytes, of any upload
_LARGEST_PART, _LARGEST_TOTAL = 64_000_000, 128_000_000  # bytes, unpacked
_MOST_PARTS, _HIGHEST_RATIO, _SMALL = 1_000, 300, 1_000_000
_MAIN, _CUSTOM = "word/document.xml", "docProps/custom.xml"
_ENCRYPTED = 0x1  # in the flags of a zip's entry
_FORBIDDEN = ("vbaProject.bin", "/activeX/", "/embeddings/oleObject")


def open_word(data: bytes) -> tuple[Element, Mapping[str, str], frozenset[str]]:
    """Return a Word file's text, its custom properties and the names of its parts.

    Raises ``RefusedError`` for a file that is too large, packed to deceive, or holds what no document of
    ours holds: macros, a document type, a part outside of it.
    """
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            _refuse_hostile(parts)
            names = frozenset(part.filename for part in parts)
            if _MAIN not in names:
                raise RefusedError("not_word")
            root = parse(package.read(_MAIN), _MAIN)
            custom = parse(package.read(_CUSTOM), _CUSTOM) if _CUSTOM in names else None
    except (BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as error:
        raise RefusedError("not_word") from error
    properties = (
        {} if custom is None else {str(one.get("name")): "".join(one.itertext(tag=None)) for one in custom}
    )
    if len(root) == 0:
        raise RefusedError("not_word")
    return root[0], properties, names


def parse(part: bytes, name: str) -> Element:
    """Parse a part without entities, without a document type and without the network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError("broken_part", part=name) from error
    if root.getroottree().docinfo.doctype:
        raise RefusedError("document_type", part=name)
    return root


def _refuse_hostile(parts: list[ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS:
        raise RefusedError("too_many_parts", most=_MOST_PARTS)
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise RefusedError("part_twice")
    if sum(part.file_size for part in parts) > _LARGEST_TOTAL:
        raise RefusedError("too_large_inside", most=_LARGEST_TOTAL // 1_000_000)
    for part in parts:
        name = part.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise RefusedError("part_outside", part=name)
        if any(word in name for word in _FORBIDDEN):
            raise RefusedError("macros", part=name)
        if part.flag_bits & _ENCRYPTED:
            raise RefusedError("encrypted")
        packed = max(part.compress_size, 1)
        if part.file_size > _LARGEST_PART or (
            part.file_size > _SMALL and part.file_size / packed > _HIGHEST_RATIO
        ):
            raise RefusedError("too_large_inside", most=_LARGEST_PART // 1_000_000)
