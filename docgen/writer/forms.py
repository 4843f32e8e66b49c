"""Forms: labels beside values, with room to write on paper or on screen."""

from collections.abc import Iterator

from docgen.model import Form, FormRow
from docgen.writer import controls
from docgen.writer.markup import TABLE_END, cell, paragraph
from docgen.writer.text import attribute, run

_LINE = 360  # twips of one line of text with its cell margins
_LABEL_SHARE = 0.28


def form(content: Form, width: int, control_numbers: Iterator[int]) -> str:
    """Return a form as wide as the text; ``control_numbers`` gives each place to fill in its own number."""
    label_width = round(width * _LABEL_SHARE)
    widths = (label_width, width - label_width)
    rows = "".join(_row(row, widths, control_numbers) for row in content.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0080" w:firstRow="0" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblDescription w:val="{attribute(content.description)}"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{widths[0]}"/><w:gridCol w:w="{widths[1]}"/></w:tblGrid>{rows}</w:tbl>'
        f"{TABLE_END}"
    )


def _row(row: FormRow, widths: tuple[int, int], control_numbers: Iterator[int]) -> str:
    height = f'<w:trHeight w:val="{row.lines * _LINE}" w:hRule="atLeast"/>' if row.lines > 1 else ""
    if row.tag:
        value = controls.inline(next(control_numbers), row.tag, row.label, row.value)
    else:
        value = run(row.value) if row.value else ""
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>"
        f"{cell(widths[0], paragraph('FormLabel', run(row.label)))}"
        f"{cell(widths[1], paragraph('FormValue', value))}</w:tr>"
    )
