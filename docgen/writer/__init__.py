"""Write a document as a Word file, and refuse to hand out one that Word might not open."""

from docgen.model import Document
from docgen.writer.checks import check
from docgen.writer.package import pack


def write(document: Document) -> bytes:
    """Return the document as a Word file (.docx).

    The same document gives the same bytes in every process. Raises ``BrokenDocumentError`` when the file
    has a fault that Word would stumble over.
    """
    data = pack(document)
    check(data)
    return data
