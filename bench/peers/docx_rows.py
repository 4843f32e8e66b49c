"""The same table as many would write it: python-docx, ``add_row`` for each row."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import docx


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
