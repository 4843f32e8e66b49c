"""Write a document as a Word file, and refuse to hand out one that Word might not open."""

from collections.abc import Mapping

from docgen.model import Document
from docgen.writer.package import pack
from docgen.writer.paper import OwnPaper
from docgen.writer.template import template_identity

__all__ = ["template_identity", "write"]


def write(document: Document, pages: Mapping[str, int] | None = None) -> bytes:
    """Return the document as a Word file (.docx).

    ``pages`` gives the page of each heading's bookmark where an office suite has counted them
    (``docgen.office.heading_pages``). The same document gives the same bytes in every process. Raises
    ``BrokenDocumentError`` when the file has a fault that Word would stumble over, and ``ValueError`` when
    a reference leads nowhere.
    """
    return pack(document, pages or {}, lambda: OwnPaper(document))
