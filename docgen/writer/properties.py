"""What the file says about itself: title, author, dates, and the marks that find it again."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import cast

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package
from lxml import etree

from docgen.model import Document
from docgen.words import TEXT_CODE, short_mark
from docgen.writer.text import clean

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PROPERTIES, _VALUES = f"{_OFFICE}/custom-properties", f"{_OFFICE}/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one format id that custom properties have
_LONGEST = 255  # signs, of one core property


CUSTOM = "docProps/custom.xml"


def add_properties(word: WordDocument, document: Document) -> None:
    """Write both kinds of properties. The dates are those of issue: the same document is the same file.

    Our own ones (``custom_properties``) are written last, when the mark over the words is known.
    """
    front, core = document.front, word.core_properties
    core.title = _short(document.title)
    core.subject = _short(f"{document.product} {document.period}")
    core.author = core.last_modified_by = _short(front.author)
    core.identifier = _short(front.document_id)
    core.version = _short(front.version)
    core.language = "zh-CN" if document.language == "zh" else "en-US"
    core.created = core.modified = datetime.combine(front.day, time(), UTC)
    name, kind = PackURI(f"/{CUSTOM}"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES
    package = cast(Package, word.part.package)  # only a part that stands alone has none
    package.relate_to(Part(name, kind, b""), RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def marks_of(document: Document, mark: str) -> dict[str, str]:
    """Return the marks by which an uploaded copy is recognised (M65); ``mark`` is the one over its words."""
    return {
        "DocId": document.front.document_id,
        "DocVersion": document.front.version,
        "DataSha256": document.data_sha256,
        "TextSha256": mark,
        TEXT_CODE: short_mark(mark),
    }


def custom_properties(marks: Mapping[str, str]) -> bytes:
    """Return the part that holds our own properties."""
    root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _VALUES})
    # ids 0 and 1 are reserved
    for number, (name, value) in enumerate(marks.items(), 2):
        about = {"fmtid": _FORMAT, "pid": str(number), "name": name}
        entry = etree.SubElement(root, f"{{{_PROPERTIES}}}property", about)
        etree.SubElement(entry, f"{{{_VALUES}}}lpwstr").text = clean(value)
    return etree.tostring(root, encoding="UTF-8", standalone=True)


def _short(text: str) -> str:
    return clean(text)[:_LONGEST]
