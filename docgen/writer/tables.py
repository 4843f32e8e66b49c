"""Tables, streamed: one row at a time from the model into the file, whatever their length.

As objects of python-docx 10,000 rows would take 100 times as long and 4 times the memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise

from docgen.model import Align, Column, Group, Row, Table
from docgen.writer.text import attribute, run, runs

# layout, not writing, is what long tables cost: one of 2,000 rows takes an office suite 7 times as long as
# ten of 200
ROWS_AT_MOST = 200
# a row that is kept on one page must fit on one: a longer text may break
_ONE_PAGE = 400
# tables of so many rows stay on one page; ruled ones have rows of several lines
_SHORT, _SHORT_RULED = 12, 4

_STYLE = {Align.LEFT: "Table Text", Align.CENTER: "Table Center", Align.RIGHT: "Table Number"}
_RULE_ABOVE = '<w:tcBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>'
_BOLD = "<w:b/><w:bCs/>"
_KEEP_NEXT = "<w:keepNext/>"
_HEADER = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"  # comes again on every page
_WHOLE = "<w:trPr><w:cantSplit/></w:trPr>"  # on one page


def table(content: Table, width: int, styles: Mapping[str, str]) -> Iterator[str]:
    """Yield a table as markup; the caller must let a paragraph follow.

    ``width`` is that of the text, in twips; ``styles`` gives the id of a style by its name. Groups of more
    than 200 rows go on in further tables with the same header.
    """
    markup = _Markup(content, column_widths(content.columns, width), styles)
    opening = markup.opening()
    for place, portion in enumerate(_portions(content.groups())):
        if place:
            yield f"{markup.paragraph('Table End')}</w:p>"
        if portion.title:
            yield f"{markup.paragraph('Group Title')}{run(portion.title)}</w:p>"
        yield opening
        yield from markup.rows(portion)
        if portion.total is not None:
            yield markup.total(portion.total)
        yield "</w:tbl>"


def column_widths(columns: tuple[Column, ...], width: int) -> tuple[int, ...]:
    """Share a width in twips among columns by their relative widths; the sum is exact."""
    reached = list(accumulate((column.width for column in columns), initial=0.0))
    edges = [round(width * part / reached[-1]) for part in reached]
    return tuple(right - left for left, right in pairwise(edges))


def _portions(groups: Iterable[Group]) -> Iterator[Group]:
    """Yield as many rows at a time as one table holds; the total follows the group's last ones."""
    for group in groups:
        rows = iter(group.rows)
        held, number = list(islice(rows, ROWS_AT_MOST)), 1
        while True:
            following = list(islice(rows, ROWS_AT_MOST))
            title = f"{group.title} ({number})" if number > 1 and group.title else group.title
            yield Group(held, title, None if following else group.total)
            if not following:
                break
            held, number = following, number + 1


@dataclass(frozen=True, slots=True)
class _Markup:
    """What all rows of a table share: its columns with their widths, and the ids of styles by name."""

    content: Table
    widths: tuple[int, ...]
    styles: Mapping[str, str]

    def opening(self) -> str:
        """Return the table up to the end of its header row."""
        style = self.styles["三线表（行线）" if self.content.ruled else "三线表"]
        about = attribute(self.content.description)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.widths)
        heads = [
            self._cell(width, "Table Head", f'<w:jc w:val="{column.align}"/>')
            for column, width in zip(self.content.columns, self.widths, strict=True)
        ]
        titles = [run(column.title) for column in self.content.columns]
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(self.widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
            f'<w:tblCaption w:val="{attribute(self.content.caption) or about}"/>'
            f'<w:tblDescription w:val="{about}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{_row(_HEADER, heads, titles)}"
        )

    def rows(self, portion: Group) -> Iterator[str]:
        """Yield the rows of a portion, without its total."""
        loose, kept = self._cells(), self._cells(_KEEP_NEXT)
        rows = tuple(portion.rows)
        together = len(rows) <= (_SHORT_RULED if self.content.ruled else _SHORT)
        last = len(rows) - 1
        for place, row in enumerate(rows):
            followed = place < last or portion.total is not None
            # a short table stays on one page, and a total with the row above it
            cells = kept if followed and (together or place == last) else loose
            fits = all(len(text) <= _ONE_PAGE and text.count("\n") < _SHORT for text in row)
            yield _row(_WHOLE if fits else "", cells, runs(row))

    def total(self, total: Row) -> str:
        """Return the last row, in bold."""
        if len(total) == 1:
            span = f'<w:gridSpan w:val="{len(self.widths)}"/>{_RULE_ABOVE}'
            cells = [self._cell(sum(self.widths), "Table Text", borders=span)]
        else:
            cells = self._cells(borders=_RULE_ABOVE)
        return _row(_WHOLE, cells, [run(text, _BOLD) if text else "" for text in total])

    def paragraph(self, style: str, properties: str = "") -> str:
        """Return a paragraph up to where its text stands."""
        return f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{properties}</w:pPr>'

    def _cells(self, properties: str = "", borders: str = "") -> list[str]:
        return [
            self._cell(width, _STYLE[column.align], properties, borders)
            for column, width in zip(self.content.columns, self.widths, strict=True)
        ]

    def _cell(self, width: int, style: str, properties: str = "", borders: str = "") -> str:
        """Return a cell up to where its text stands."""
        start = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>'
        return f"{start}{self.paragraph(style, properties)}"


def _row(properties: str, cells: list[str], texts: list[str]) -> str:
    filled = "".join(f"{cell}{text}</w:p></w:tc>" for cell, text in zip(cells, texts, strict=True))
    return f"<w:tr>{properties}{filled}</w:tr>"
