"""Tables, streamed: one row at a time from the model into the file, whatever their length."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from docgen.model import Align, Column, Group, Row, Table
from docgen.writer.fields import field
from docgen.writer.markup import KEEP_NEXT, TABLE_END, cell, paragraph
from docgen.writer.text import attribute, run, runs

# layout, not writing, is what long tables cost: one of 2,000 rows takes an office suite 7 times as long as
# ten of 200
ROWS_AT_MOST = 200
# a row that is kept on one page must fit on one: a longer text may break
_ONE_PAGE = 400
# tables of so many rows stay on one page; ruled ones have rows of several lines
_SHORT, _SHORT_RULED = 12, 4

_STYLE = {Align.LEFT: "TableText", Align.CENTER: "TableCenter", Align.RIGHT: "TableNumber"}
_RULE_ABOVE = '<w:tcBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>'
_BOLD = "<w:b/><w:bCs/>"


def table(content: Table, number: int, label: str, width: int) -> Iterator[str]:
    """Yield a table with its caption above; the caller must let a paragraph follow.

    ``number`` and ``label`` make the caption ("Table 3"); ``width`` is that of the text, in twips. Groups
    of more than 200 rows go on in further tables with the same header.
    """
    if content.caption:
        yield _caption(content.caption, number, label)
    widths = column_widths(content.columns, width)
    opening = _opening(content, widths)
    for place, portion in enumerate(_portions(content.groups())):
        if place:
            yield TABLE_END
        if portion.title:
            yield paragraph("GroupTitle", run(portion.title))
        yield opening
        yield from _rows(portion, content, widths)
        if portion.total is not None:
            yield _total(portion.total, content.columns, widths)
        yield "</w:tbl>"


def column_widths(columns: tuple[Column, ...], width: int) -> tuple[int, ...]:
    """Share a width in twips among columns by their relative widths; the sum is exact."""
    whole = sum(column.width for column in columns)
    edges = [0]
    reached = 0.0
    for column in columns:
        reached += column.width
        edges.append(round(width * reached / whole))
    return tuple(right - left for left, right in pairwise(edges))


@dataclass(frozen=True, slots=True)
class _Portion:
    """As many rows of a group as one table holds; the total follows the group's last rows."""

    title: str
    rows: list[Row]
    total: Row | None


def _portions(groups: Iterable[Group]) -> Iterator[_Portion]:
    for group in groups:
        rows = iter(group.rows)
        held, number = list(islice(rows, ROWS_AT_MOST)), 1
        while True:
            following = list(islice(rows, ROWS_AT_MOST))
            title = f"{group.title} ({number})" if number > 1 and group.title else group.title
            yield _Portion(title, held, None if following else group.total)
            if not following:
                break
            held, number = following, number + 1


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


def _rows(portion: _Portion, content: Table, widths: tuple[int, ...]) -> Iterator[str]:
    loose, kept = (_fronts(content.columns, widths, properties) for properties in ("", KEEP_NEXT))
    together = len(portion.rows) <= (_SHORT_RULED if content.ruled else _SHORT)
    last = len(portion.rows) - 1
    for place, row in enumerate(portion.rows):
        followed = place < last or portion.total is not None
        # a short table stays on one page, and a total with the row above it
        fronts = kept if followed and (together or place == last) else loose
        cells = "".join(
            f"{front}{content}</w:p></w:tc>" for front, content in zip(fronts, runs(row), strict=True)
        )
        fits = all(len(text) <= _ONE_PAGE and text.count("\n") < _SHORT for text in row)
        yield f"<w:tr>{'<w:trPr><w:cantSplit/></w:trPr>' if fits else ''}{cells}</w:tr>"


def _fronts(columns: tuple[Column, ...], widths: tuple[int, ...], properties: str) -> list[str]:
    """Return, for each column, a cell up to where its text stands."""
    return [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{_STYLE[column.align]}"/>{properties}</w:pPr>'
        for column, width in zip(columns, widths, strict=True)
    ]


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
