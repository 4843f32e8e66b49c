"""The file itself: a zip whose bytes depend on nothing but its content."""

from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docgen.model import Document
from docgen.writer.body import Body, has_approval
from docgen.writer.checks import check_part, check_relations, is_text
from docgen.writer.code import code_picture, code_text
from docgen.writer.figures import CODE
from docgen.writer.paper import Paper
from docgen.writer.properties import CUSTOM, add_properties, custom_properties, marks_of

_MAIN = "word/document.xml"
_FIRST = ("[Content_Types].xml", "_rels/.rels", _MAIN)  # where programs look to tell what a file is


def pack(
    document: Document,
    pages: Mapping[str, int],
    open_paper: Callable[[], Paper],
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Return the document as a file, with every part looked through on the way into it.

    ``pages`` gives the page of a heading's bookmark, for the table of contents; ``open_paper`` opens the
    same paper at each call; ``more`` are further properties of the file. Raises ``BrokenDocumentError``
    when a part has a fault that Word would stumble over.
    """
    data, mark = _packed(document, pages, open_paper(), "", more or {})
    if not has_approval(document):
        return data
    # an approval shows the mark over the words, which is known when they have been written
    return _packed(document, pages, open_paper(), mark, more or {})[0]


def _packed(
    document: Document, pages: Mapping[str, int], paper: Paper, mark: str, more: Mapping[str, str]
) -> tuple[bytes, str]:
    """Return the file and the mark over its words; tables pass through in pieces while it is packed.

    python-docx leaves the time in the zip and the parts in any order, so they are packed once more: the
    first three stand where readers look for them, the others in the order of their names.
    """
    body = Body(document, pages, marks_of(document, mark), paper)
    add_properties(paper.word, document)
    paper.word.save(saved := BytesIO())
    with ZipFile(saved) as parts, ZipFile(target := BytesIO(), "w") as package:
        check_relations(parts)
        for name in sorted(parts.namelist(), key=lambda name: (name not in _FIRST, name)):
            part = parts.read(name)
            if name == CUSTOM:
                part = custom_properties({**marks_of(document, body.mark.hexadecimal), **more})
            elif name == CODE:
                front = document.front
                part = code_picture(code_text(front.document_id, front.version, body.mark.hexadecimal))
            if is_text(name):
                check_part(name, part)
            with package.open(_entry(name), "w") as entry:
                for piece in body.filled(part) if name == _MAIN else (part,):
                    entry.write(piece)
    return target.getvalue(), body.mark.hexadecimal


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the earliest a zip can say
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0  # zipfile would name the system it runs on
    return entry
