"""A template to begin with: our own look, every part, every fact, and one table of the company's own."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from docx.document import Document as WordDocument
from docx.shared import Twips

from docgen.company.words import facts
from docgen.model import Document
from docgen.writer.elements import add_text, element, element_of, set_style
from docgen.writer.pages import UPRIGHT, add_footer, lay_out
from docgen.writer.paper import PARTS
from docgen.writer.template import open_template, style_ids
from svc_plugin.domain.texts import Texts

_COLUMNS_SHOWN = 5
_Line = Sequence[str]


def starting_template(document: Document, texts: Texts) -> bytes:
    """Return a Word file that, used as it is, looks like our own documents.

    ``document`` is one of the kind it is for, ``texts`` are in its language. After our own parts it lists
    all that a template may use, and shows how a table of the company's own is written.
    """
    word = open_template()
    front = replace(document.front, document_id="{{ doc.id }}", version="{{ doc.version }}")
    lay_out(word.sections[0], UPRIGHT, replace(document, front=front, title="{{ doc.title }}"))
    add_footer(word.sections[0], document.wording.page)
    word.sections[0].different_first_page_header_footer = True
    for part in PARTS:
        word.add_paragraph(f"{{{{p {part} }}}}")
    _heading(word, texts.say("template.start.facts"))
    heads = (texts.say("template.start.fact"), texts.say("template.start.value"))
    lines = [(texts.say(f"template.fact.{name}"), f"{{{{ doc.{name} }}}}") for name in facts(document)]
    _table(word, [heads, *lines], 3, 7)
    word.add_paragraph()
    lines = [(f"tables.{name}", ", ".join(columns)) for name, columns in document.tables.items()]
    _table(word, [heads, *lines], 3, 7)
    _own_table(word, document, texts)
    word.save(target := BytesIO())
    return target.getvalue()


def _own_table(word: WordDocument, document: Document, texts: Texts) -> None:
    """Show rows of the table with the most columns."""
    name, keys = max(document.tables.items(), key=lambda table: len(table[1]))
    caption = texts.entries.get(f"doc.caption.{name}", name)
    _heading(word, texts.say("template.start.rows", caption=caption))
    shown = keys[:_COLUMNS_SHOWN]
    rest = [""] * (len(shown) - 1)
    heads = [texts.entries.get(f"doc.column.{key}", key).replace("\n", " ") for key in shown]
    loop = [f"{{%tr for row in tables.{name} %}}", *rest], ["{%tr endfor %}", *rest]
    _table(word, [heads, loop[0], [f"{{{{ row.{key} }}}}" for key in shown], loop[1]])
    word.add_paragraph()


def _heading(word: WordDocument, text: str) -> None:
    heading = word.add_paragraph()
    set_style(heading, style_ids()["Front Heading"])
    heading.paragraph_format.page_break_before = True
    add_text(heading, text)


def _table(word: WordDocument, lines: Sequence[_Line], *widths: int) -> None:
    """Append a table; ``widths`` share the page among its columns."""
    table = word.add_table(len(lines), len(lines[0]), "三线表")
    table.autofit = False
    shares = widths or (1,) * len(lines[0])
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Twips(UPRIGHT.text_width * share // sum(shares))
    for number, (row, line) in enumerate(zip(table.rows, lines, strict=True)):
        properties = element("w:trPr")
        properties.append(element("w:cantSplit"))
        if number == 0:
            properties.append(element("w:tblHeader"))
        element_of(row).insert(0, properties)
        for cell, text in zip(row.cells, line, strict=True):
            set_style(cell.paragraphs[0], style_ids()["Table Text" if number else "Table Head"])
            add_text(cell.paragraphs[0], text)
