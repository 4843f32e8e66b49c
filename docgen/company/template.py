"""A company's template as it was taken in, and a document written in it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from docgen.company.faults import Fault
from docgen.company.paper import CompanyPaper
from docgen.company.sandbox import fill
from docgen.company.words import order_of
from docgen.model import Document
from docgen.writer.package import pack


@dataclass(frozen=True, slots=True)
class Template:
    """A Word file in a company's own dress; ``name`` is that of its file."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The mark of the file, in hexadecimal: which template a document was written in."""
        return hashlib.sha256(self.content).hexdigest()


def write_in(template: Template, document: Document, pages: Mapping[str, int] | None = None) -> bytes | Fault:
    """Return the document as a Word file in a company's template, or why the template does not allow it.

    ``pages`` are those of ``docgen.writer.write``, and so is what is raised. The same document in the same
    template gives the same bytes; the file's properties name the template.
    """
    filled = fill(template.content, order_of(document))
    if isinstance(filled, Fault):
        return filled
    identity = {"TemplateName": template.name, "TemplateSha256": template.sha256}
    return pack(document, pages or {}, lambda: CompanyPaper(filled, document), identity)
