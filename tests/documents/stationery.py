"""A company's templates for these tests, made with python-docx, and ways to spoil them."""

from collections.abc import Sequence
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.shared import Mm

PARTS = ("cover", "revisions", "contents", "sections")
MAIN = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"


def saved(word: WordDocument) -> bytes:
    word.save(target := BytesIO())
    return target.getvalue()


def letterhead(parts: Sequence[str] = PARTS) -> WordDocument:
    """A5-like pages with margins, header and footer of the company's own."""
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(176), Mm(250)
    page.left_margin = page.right_margin = Mm(20)
    page.header.paragraphs[0].text = "Hengtong · {{ doc.id }}"
    page.footer.paragraphs[0].text = "Shanghai"
    word.add_paragraph("Issued by {{ doc.author }} on {{ doc.day }}")
    for part in parts:
        word.add_paragraph(f"{{{{p {part} }}}}")
    return word


def with_rows(word: WordDocument, name: str, columns: Sequence[str]) -> WordDocument:
    """Add a table of the company's own with one sample row."""
    word.add_paragraph("Our own list")
    table = word.add_table(4, len(columns), "Table Grid")
    table.rows[1].cells[0].text = f"{{%tr for r in tables.{name} %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for place, column in enumerate(columns):
        table.rows[0].cells[place].text = column
        table.rows[2].cells[place].text = f"{{{{ r.{column} }}}}"
    return word


def saying(*paragraphs: str) -> bytes:
    """A template that could be used, but for these paragraphs."""
    word = letterhead()
    for text in paragraphs:
        word.add_paragraph(text)
    return saved(word)
