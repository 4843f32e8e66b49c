"""The words of a document, and the one mark over all of them (M65).

White space does not count, nor does what a person is asked to fill in, nor what a program computes (page
numbers, contents, numbers of captions): the mark is the same however an office suite saved the file.
Headers, footers and pictures are not words; the numbers of a chart stand in a table too.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from lxml import etree

# the class has no other name in lxml
Element: TypeAlias = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BETWEEN = "\x01"  # stands between the texts of a table: no file can hold this sign
TEXT_CODE = "TextCode"  # the property with the short form of the mark, to be printed
_SHORT_MARK = 16
_LONGEST_FORM = 50  # rows

_P, _TBL, _TR, _TC, _T, _SDT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "t", "sdt"))
_SIGNS = {
    f"{W}{name}": sign
    for name, sign in {
        "br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
    }.items()
}  # fmt: skip
_SILENT = frozenset(
    f"{W}{name}"
    for name in ("del", "drawing", "fldSimple", "instrText", "moveFrom", "object", "pict", "pPr", "rPr")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}


class TextMark:
    """Takes in a document's paragraphs and cells in their order; texts are cleaned already."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def paragraph(self, text: str) -> None:
        """Take in a paragraph outside tables; an empty one is nothing."""
        if words := squeezed(text):
            self._digest.update(f"{words}\n".encode())

    def cells(self, joined: str) -> None:
        """Take in the cells of rows that follow each other, empty ones too, with ``BETWEEN`` between them."""
        self._digest.update(f"{squeezed(joined)}{BETWEEN}".encode())

    def take(self, passage: "Passage") -> None:
        """Take in a passage read from a file."""
        (self.cells if passage.row else self.paragraph)(passage.text)

    @property
    def hexadecimal(self) -> str:
        """The mark of what was taken in until now."""
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or a table's cell, and where it stands; every number counts from 1.

    ``number`` counts the paragraphs that say something, or the tables; ``row`` and ``column`` are 0 for a
    paragraph.
    """

    text: str
    number: int
    row: int = 0
    column: int = 0


@dataclass(slots=True)
class Places:
    """Where people are asked to write: by the tags of controls, or by the labels of one table to their left.

    ``forms`` has an entry for every table with such places, ``blanks`` counts the paragraphs that are
    nothing but one: for files that have lost their tags.
    """

    tags: set[str] = field(default_factory=set[str])
    forms: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    blanks: int = 0


def squeezed(text: str) -> str:
    """Return text without its white space."""
    return "".join(text.split())


def short_mark(mark: str) -> str:
    """Return the short form of a mark for people to compare: four groups of four digits."""
    short = mark[:_SHORT_MARK].upper()
    return "-".join(short[start : start + 4] for start in range(0, len(short), 4))


def mark_of(passages: Iterator[Passage]) -> str:
    """Return the mark over passages."""
    mark = TextMark()
    for passage in passages:
        mark.take(passage)
    return mark.hexadecimal


def places_of(body: Element) -> Places:
    """Return the places of a document that has its tags."""
    forms = [
        frozenset(
            squeezed(text_of(label))
            for label, cell in beside(table)
            if next(cell.iter(_SDT), None) is not None
        )
        for table in body.iter(_TBL)
    ]
    tags = {tag for control in body.iter(_SDT) if (tag := tag_of(control))}
    return Places(
        tags,
        [form for form in forms if form],
        sum(1 for one in body.iterchildren(_P) if blank_of(one) is not None),
    )


def beside(table: Element) -> Iterator[tuple[Element, Element]]:
    """Yield every cell of a table that has another to its right, and that other one."""
    for row in table.iter(_TR):
        cells = list(row.iterchildren(_TC, _SDT))
        yield from pairwise(cells)


def blank_of(paragraph: Element) -> Element | None:
    """Return the control that is all a paragraph has to say, if it is one."""
    control = paragraph.find(_SDT)
    around = [child for child in paragraph if child is not control and squeezed(text_of(child))]
    return None if around else control


def tag_of(control: Element) -> str:
    """Return the tag of a control, "" if it has none."""
    return _value(control.find(f"{W}sdtPr/{W}tag"))


def text_of(scope: Element) -> str:
    """Return all text in an element as a reader sees it, results of fields left out."""
    return Reader(Places()).text(scope)


def passages(body: Element, places: Places) -> Iterator[Passage]:
    """Yield what a document says outside ``places``. Each place counts once: a second one is text."""
    return Reader(Places(set(places.tags), list(places.forms), places.blanks)).passages(body)


class Reader:
    """Reads a document once, from front to end: fields may begin in one paragraph and end in another."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._fields: list[str] = []
        self._paragraphs = self._tables = 0

    def passages(self, scope: Iterable[Element]) -> Iterator[Passage]:
        """Yield the passages of a body, or of what wraps a part of it."""
        for child in scope:
            if child.tag == _P:
                text = "" if self._is_blank(child) else self.text(child)
                if squeezed(text):
                    self._paragraphs += 1
                    yield Passage(text, self._paragraphs)
            elif child.tag == _TBL:
                self._tables += 1
                yield from self._cells(child, self._tables)
            elif not self._is_silent(child):
                yield from self.passages(child)

    def text(self, scope: Element) -> str:
        """Return the text of an element."""
        pieces: list[str] = []
        self._gather(scope, pieces)
        return "".join(pieces)

    def _cells(self, table: Element, number: int) -> Iterator[Passage]:
        labels = self._labels(table)
        for place, row in enumerate(table.iter(_TR), 1):
            before = ""
            for column, cell in enumerate(row.iterchildren(_TC, _SDT), 1):
                filled = self._has_tag(cell) or squeezed(before) in labels
                before = self.text(cell)
                yield Passage("" if filled else before, number, place, column)

    def _labels(self, table: Element) -> frozenset[str]:
        """Return the labels of a form, nothing for another table. Each form is met once."""
        if self._places.forms and len(table.findall(_TR)) <= _LONGEST_FORM:
            found = {squeezed(text_of(label)) for label, _ in beside(table)}
            for form in self._places.forms:
                if form <= found:
                    self._places.forms.remove(form)
                    return form
        return frozenset()

    def _is_blank(self, paragraph: Element) -> bool:
        control = blank_of(paragraph) if self._places.blanks else None
        if control is None or (tag_of(control) and tag_of(control) not in self._places.tags):
            return False
        self._places.tags.discard(tag_of(control))
        self._places.blanks -= 1
        return True

    def _has_tag(self, cell: Element) -> bool:
        tags = {tag_of(control) for control in cell.iter(_SDT)} & self._places.tags
        self._places.tags -= tags
        return bool(tags)

    def _gather(self, scope: Element, pieces: list[str]) -> None:
        for child in scope:
            if child.tag == _T:
                if not self._fields:
                    pieces.append(child.text or "")
            elif child.tag == f"{W}fldChar":
                self._follow(child.get(f"{W}fldCharType"))
            elif child.tag in _SIGNS:
                if not self._fields:
                    pieces.append(_SIGNS[str(child.tag)])
            elif not self._is_silent(child):
                self._gather(child, pieces)

    def _follow(self, step: str | None) -> None:
        if step == "begin":
            self._fields.append(step)
        elif step == "end" and self._fields:
            self._fields.pop()

    def _is_silent(self, child: Element) -> bool:
        if child.tag != _SDT:
            return child.tag in _SILENT
        tag = tag_of(child)
        known = tag in self._places.tags
        self._places.tags.discard(tag)
        return known


def _value(found: Element | None) -> str:
    return "" if found is None else str(found.get(f"{W}val", ""))
