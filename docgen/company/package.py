"""What may not be in a template at all: everything that runs, fetches, hides or swells.

A template comes from outside. LibreOffice fetches linked pictures while it converts and old Word formats
carry programs, so such files are refused before anything opens them.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from docgen.company.faults import Fault
from docgen.words import Element

_MEGABYTE = 1024 * 1024
_FILE_AT_MOST, _UNPACKED_AT_MOST, _PART_AT_MOST = 10 * _MEGABYTE, 60 * _MEGABYTE, 20 * _MEGABYTE
_PARTS_AT_MOST = 500
_MAIN, _TYPES = "word/document.xml", "[Content_Types].xml"
_MAIN_TYPE = b"wordprocessingml.document.main+xml"
_ENCRYPTED, _COMPOUND = 0x1, b"\xd0\xcf\x11\xe0"  # a flag of a zip's entry; how a file with a password begins
_ACTIVE = re.compile(
    r"vbaProject|vbaData|activeX|oleObject|/embeddings/.*\.bin$|\.(exe|dll|js)$", re.IGNORECASE
)
_ACTIVE_TYPES = (b"macroEnabled", b"activeX", b"oleObject")
_FETCHING_FIELDS = re.compile(
    "\0\\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|RD|DATABASE)\\b", re.IGNORECASE
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HYPERLINK = "/hyperlink"


def package_faults(data: bytes) -> list[Fault]:
    """List what keeps a file from being opened at all; [] for one that may be read."""
    if len(data) > _FILE_AT_MOST:
        return [Fault("too_big", values={"limit": _megabytes(_FILE_AT_MOST), "size": _megabytes(len(data))})]
    if data.startswith(_COMPOUND):
        return [Fault("encrypted")]
    try:
        with ZipFile(BytesIO(data)) as package:
            swollen = list(_swelling(package))
            return swollen or list(_content(package))
    except (BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError, zlib.error):
        return [Fault("not_word")]


def _swelling(package: ZipFile) -> Iterator[Fault]:
    """Judge by the index of the file, before anything is unpacked."""
    parts = package.infolist()
    if len(parts) > _PARTS_AT_MOST:
        yield Fault("too_many_parts", values={"count": str(len(parts)), "limit": str(_PARTS_AT_MOST)})
    if sum(part.file_size for part in parts) > _UNPACKED_AT_MOST:
        yield Fault("swells", values={"limit": _megabytes(_UNPACKED_AT_MOST)})
    for part in parts:
        if part.file_size > _PART_AT_MOST:
            yield Fault("swells", part.filename, {"limit": _megabytes(_PART_AT_MOST)})
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            yield Fault("leaves_package", part.filename)
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) < len(names):
        yield Fault("doubled_part")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        yield Fault("encrypted")
    elif not {_MAIN, _TYPES} <= set(names):
        yield Fault("not_word")


def _content(package: ZipFile) -> Iterator[Fault]:
    for part in package.infolist():
        if _ACTIVE.search(part.filename):
            yield Fault("active", part.filename)
            continue
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with package.open(part) as stream:
            content = stream.read(_PART_AT_MOST + 1)
        if len(content) > _PART_AT_MOST:  # the index of the file lied
            yield Fault("swells", part.filename, {"limit": _megabytes(_PART_AT_MOST)})
        else:
            yield from _part(part.filename, content)


def _part(name: str, content: bytes) -> Iterator[Fault]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        yield Fault("doctype", name)
        return
    if name == _TYPES and any(kind in content for kind in _ACTIVE_TYPES):
        yield Fault("active", name)
    elif name == _TYPES and _MAIN_TYPE not in content:
        yield Fault("not_word")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        yield Fault("not_xml", name)
        return
    if root.getroottree().docinfo.doctype:  # in another encoding
        yield Fault("doctype", name)
    if name.endswith(".rels"):
        yield from _fetching(name, root)
    if root.find(f".//{_W}altChunk") is not None:
        yield Fault("alt_chunk", name)
    if found := _FETCHING_FIELDS.search(_instructions(root)):
        yield Fault("fetching_field", name, {"field": found[1].upper()})


def _fetching(name: str, relations: Element) -> Iterator[Fault]:
    for relation in relations:
        outside = str(relation.get("TargetMode", "")).lower() == "external"
        if outside and not str(relation.get("Type", "")).endswith(_HYPERLINK):
            yield Fault("fetches", name, {"target": str(relation.get("Target", ""))[:80]})


def _instructions(root: Element) -> str:
    """Return what all fields are told to do, each after a NUL: Word cuts their words into pieces."""
    pieces: list[str] = []
    for one in root.iter(f"{_W}fldSimple", f"{_W}fldChar", f"{_W}instrText"):
        if one.tag == f"{_W}instrText":
            pieces.append(str(one.text or ""))
        elif one.get(f"{_W}fldCharType", "begin") == "begin":
            pieces.append(f"\0{one.get(f'{_W}instr', '')}")
    return f"\0{''.join(pieces)}"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.0f} MB"
