"""Tables, streamed: one row at a time from the model into the file, whatever their length.

As objects of python-docx 10,000 rows would take 100 times as long and 4 times the memory.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise, repeat

from docgen.model import Align, Column, Group, Row, Table
from docgen.words import TextMark
from docgen.writer.checks import check_table
from docgen.writer.text import attribute, clean, join, run, runs

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


def table(content: Table, width: int, styles: Mapping[str, str], mark: TextMark) -> Iterator[bytes]:
    """Yield a table as markup; the caller must let a paragraph follow. ``mark`` takes in its words.

    ``width`` is that of the text, in twips; ``styles`` gives the id of a style by its name. Groups of more
    than 200 rows go on in further tables with the same header. Every kind of row is looked through once.
    Raises ``BrokenDocumentError`` when one has a fault.
    """
    markup = _Markup(content, column_widths(content.columns, width), styles, mark)
    for place, portion in enumerate(_portions(content.groups())):
        if place:
            yield f"{markup.paragraph('Table End')}</w:p>".encode()
        if portion.title:
            mark.paragraph(clean(portion.title))
            yield f"{markup.paragraph('Group Title')}{run(portion.title)}</w:p>".encode()
        opening = markup.opening().encode()
        rows = b"".join(markup.rows(portion))
        closing = f"{markup.total(portion.total) if portion.total is not None else ''}</w:tbl>".encode()
        # rows are made alike: the first table and those with a total show every kind of them
        if place == 0 or portion.total is not None:
            check_table(b"%b%b%b" % (opening, _ends(rows), closing), content.caption)
        yield opening
        yield rows
        yield closing


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
    mark: TextMark

    def opening(self) -> str:
        """Return the table up to the end of its header row."""
        style = self.styles["三线表（行线）" if self.content.ruled else "三线表"]
        about = attribute(self.content.description)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.widths)
        heads = [
            self._cell(width, "Table Head", f'<w:jc w:val="{column.align}"/>')
            for column, width in zip(self.content.columns, self.widths, strict=True)
        ]
        titles = tuple(run(column.title) for column in self.content.columns)
        self.mark.cells(join([column.title for column in self.content.columns]))
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(self.widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
            f'<w:tblCaption w:val="{attribute(self.content.caption) or about}"/>'
            f'<w:tblDescription w:val="{about}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{self._row(heads, _HEADER) % titles}"
        )

    def rows(self, portion: Group) -> Iterator[bytes]:
        """Yield the rows of a portion, without its total, in large pieces.

        Raises ``ValueError`` when a row has more or fewer texts than the table has columns.
        """
        rows = tuple(portion.rows)
        if not rows:
            return
        if wrong := {len(row) for row in rows} - {len(self.widths)}:
            raise ValueError(f"a row of {self.content.caption!r} has {wrong.pop()} texts")
        texts = list(chain.from_iterable(rows))
        joined = join(texts)
        self.mark.cells(joined)
        cells = zip(*[iter(runs(joined))] * len(self.widths), strict=True)
        short = len(rows) <= (_SHORT_RULED if self.content.ruled else _SHORT)
        # a short table stays on one page, and a total with the row above it
        followed = [short] * (len(rows) - 1) + [portion.total is not None]
        loose, kept = (self._row(self._cells(keep)).encode() for keep in ("", _KEEP_NEXT))
        if _fit(texts):
            yield b"".join([(kept if k else loose) % c for c, k in zip(cells, followed, strict=True)])
        else:
            for row, filled, keep in zip(rows, cells, followed, strict=True):
                markup = (kept if keep else loose) % filled
                yield markup if _fit(row) else markup.replace(_WHOLE.encode(), b"", 1)

    def total(self, total: Row) -> str:
        """Return the last row, in bold."""
        if len(total) == 1:
            span = f'<w:gridSpan w:val="{len(self.widths)}"/>{_RULE_ABOVE}'
            cells = [self._cell(sum(self.widths), "Table Text", borders=span)]
        else:
            cells = self._cells(borders=_RULE_ABOVE)
        self.mark.cells(join(total))
        return self._row(cells) % tuple(run(text, _BOLD) if text else "" for text in total)

    def paragraph(self, style: str, properties: str = "") -> str:
        """Return a paragraph up to where its text stands."""
        return f'<w:p><w:pPr><w:pStyle w:val="{self.styles[style]}"/>{properties}</w:pPr>'

    def _cells(self, properties: str = "", borders: str = "") -> list[str]:
        return [
            self._cell(width, _STYLE[column.align], properties, borders)
            for column, width in zip(self.content.columns, self.widths, strict=True)
        ]

    def _row(self, cells: Sequence[str], properties: str = _WHOLE) -> str:
        """Return a row with the place ``%s`` for the run of each cell."""
        filled = "".join(f"{cell}%s</w:p></w:tc>" for cell in cells)
        return f"<w:tr>{properties}{filled}</w:tr>"

    def _cell(self, width: int, style: str, properties: str = "", borders: str = "") -> str:
        """Return a cell up to where its text stands."""
        start = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>'
        return f"{start}{self.paragraph(style, properties)}"


def _ends(rows: bytes) -> bytes:
    """Return the first and the last of some rows: those between them are made alike."""
    first = rows.find(b"</w:tr>") + len(b"</w:tr>")
    return rows if first >= len(rows) else rows[:first] + rows[rows.rfind(b"<w:tr>") :]


def _fit(texts: Sequence[str]) -> bool:
    """Tell whether rows with these texts fit on one page each."""
    return max(map(len, texts)) <= _ONE_PAGE and max(map(str.count, texts, repeat("\n"))) < _SHORT
