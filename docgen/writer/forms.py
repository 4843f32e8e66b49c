"""Forms: labels beside values, with room to write on paper or on screen."""

from collections.abc import Iterator

from docgen.model import Form, FormRow
from docgen.writer import controls
from docgen.writer.markup import KEEP_NEXT, cell, paragraph
from docgen.writer.text import attribute, run

_LINE = 360  # twips of one line of text with its cell margins
_LABEL_WIDTH = 2640


def form(content: Form, width: int, control_numbers: Iterator[int]) -> str:
    """Return a form ``width`` twips wide; ``control_numbers`` gives each place to fill in its own number.

    It stays on one page: nobody signs half a form.
    """
    widths = (_LABEL_WIDTH, width - _LABEL_WIDTH)
    *upper, lowest = content.rows
    rows = "".join(_row(row, widths, control_numbers, KEEP_NEXT) for row in upper)
    rows += _row(lowest, widths, control_numbers, "")
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0080" w:firstRow="0" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblDescription w:val="{attribute(content.description)}"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{widths[0]}"/><w:gridCol w:w="{widths[1]}"/></w:tblGrid>{rows}</w:tbl>'
    )


def _row(row: FormRow, widths: tuple[int, int], control_numbers: Iterator[int], keep: str) -> str:
    height = f'<w:trHeight w:val="{row.lines * _LINE}" w:hRule="atLeast"/>' if row.lines > 1 else ""
    if row.tag:
        value = controls.inline(next(control_numbers), row.tag, row.label, row.value)
    else:
        value = run(row.value) if row.value else ""
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>"
        f"{cell(widths[0], paragraph('FormLabel', run(row.label), keep))}"
        f"{cell(widths[1], paragraph('FormValue', value, keep))}</w:tr>"
    )
