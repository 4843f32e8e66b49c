"""Tables, streamed: one row at a time from the model into the file, whatever their length."""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from docgen.model import Align, Column, Group, Row, Table
from docgen.writer.fields import field
from docgen.writer.markup import TABLE_END, cell, paragraph
from docgen.writer.text import attribute, run

# layout, not writing, is what long tables cost: one of 2,000 rows takes an office suite 7 times as long as
# ten of 200
ROWS_AT_MOST = 200
# a row that is kept on one page must fit on one: a longer text may break
_KEPT_TOGETHER = 400

_STYLE = {Align.LEFT: "TableText", Align.CENTER: "TableCenter", Align.RIGHT: "TableNumber"}
_RULE_ABOVE = '<w:tcBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>'
_BOLD = "<w:b/><w:bCs/>"


def table(content: Table, number: int, label: str, width: int) -> Iterator[str]:
    """Yield a table with its caption above and a closing paragraph below.

    ``number`` and ``label`` make the caption ("Table 3"); ``width`` is that of the text, in twips. Groups
    of more than 200 rows go on in further tables with the same header.
    """
    if content.caption:
        yield _caption(content.caption, number, label)
    widths = column_widths(content.columns, width)
    opening = _opening(content, widths)
    for group in content.groups():
        for title, rows, total in _portions(group):
            if title:
                yield paragraph("GroupTitle", run(title))
            yield opening
            yield from _rows(rows, content.columns, widths)
            if total is not None:
                yield _total(total, content.columns, widths)
            # without a paragraph between them two tables become one
            yield f"</w:tbl>{TABLE_END}"


def column_widths(columns: tuple[Column, ...], width: int) -> tuple[int, ...]:
    """Share a width in twips among columns by their relative widths; the sum is exact."""
    whole = sum(column.width for column in columns)
    edges = [0]
    reached = 0.0
    for column in columns:
        reached += column.width
        edges.append(round(width * reached / whole))
    return tuple(right - left for left, right in pairwise(edges))


def _portions(group: Group) -> Iterator[tuple[str, list[Row], Row | None]]:
    """Cut a group into portions that one table can hold; the total follows the last."""
    rows = iter(group.rows)
    portion = list(islice(rows, ROWS_AT_MOST))
    number = 1
    while True:
        following = list(islice(rows, ROWS_AT_MOST))
        title = f"{group.title} ({number})" if number > 1 and group.title else group.title
        yield title, portion, None if following else group.total
        if not following:
            return
        portion, number = following, number + 1


def _caption(text: str, number: int, label: str) -> str:
    numbered = field(f"SEQ {label} \\* ARABIC", str(number))
    words = run(f"{label} ") + numbered + run(f"  {text}")
    return paragraph("Caption", words)


def _opening(content: Table, widths: tuple[int, ...]) -> str:
    style = "RuledTable" if content.ruled else "ThreeLineTable"
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    titles = "".join(
        cell(width, paragraph("TableHead", run(column.title), _alignment(column.align)))
        for column, width in zip(content.columns, widths, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{attribute(content.caption or content.description)}"/>'
        f'<w:tblDescription w:val="{attribute(content.description)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{titles}</w:tr>"
    )


def _alignment(align: Align) -> str:
    return "" if align is Align.LEFT else f'<w:jc w:val="{align}"/>'


def _rows(rows: Iterable[Row], columns: tuple[Column, ...], widths: tuple[int, ...]) -> Iterator[str]:
    fronts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{_STYLE[column.align]}"/></w:pPr>'
        for column, width in zip(columns, widths, strict=True)
    ]
    for row in rows:
        cells = "".join(
            f"{front}{run(text) if text else ''}</w:p></w:tc>"
            for front, text in zip(fronts, row, strict=True)
        )
        kept = all(len(text) <= _KEPT_TOGETHER and text.count("\n") < 10 for text in row)
        yield f"<w:tr>{'<w:trPr><w:cantSplit/></w:trPr>' if kept else ''}{cells}</w:tr>"


def _total(total: Row, columns: tuple[Column, ...], widths: tuple[int, ...]) -> str:
    if len(total) == 1:
        spans, styles = [(len(widths), sum(widths))], ["TableText"]
    else:
        spans, styles = [(1, width) for width in widths], [_STYLE[column.align] for column in columns]
    cells = "".join(
        cell(
            width,
            paragraph(style, run(text, _BOLD) if text else ""),
            f'<w:gridSpan w:val="{span}"/>{_RULE_ABOVE}' if span > 1 else _RULE_ABOVE,
        )
        for text, (span, width), style in zip(total, spans, styles, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
