"""The same table as many would write it: ``add_row`` of python-docx, or a row loop of docxtpl."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import docx
from docxtpl import DocxTemplate


def write_rows(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a Word file with one table."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=len(titles))
    for cell, text in zip(table.rows[0].cells, titles, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def fill_rows(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a Word file with one table, filled from a template whose sample row is repeated."""
    document = docx.Document()
    table = document.add_table(rows=4, cols=len(titles))
    table.rows[1].cells[0].text, table.rows[3].cells[0].text = "{%tr for row in rows %}", "{%tr endfor %}"
    for place, title in enumerate(titles):
        table.rows[0].cells[place].text = title
        table.rows[2].cells[place].text = f"{{{{ row[{place}] }}}}"
    document.save(template := BytesIO())
    filled = DocxTemplate(BytesIO(template.getvalue()))
    filled.render({"rows": rows}, autoescape=True)
    filled.save(target := BytesIO())
    return target.getvalue()
