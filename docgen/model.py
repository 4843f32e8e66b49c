"""A document as pure data: what is written, in which order, and nothing of how a file holds it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Row: TypeAlias = tuple[str, ...]


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Tone(StrEnum):
    """What a paragraph is to its reader."""

    BODY = "body"
    ITEM = "item"
    NOTE = "note"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of plain text; line breaks and tabs are kept, markup is text like any other.

    ``Tone.ITEM`` is one entry of a bulleted list, ``Tone.NOTE`` a remark in small print and
    ``Tone.EMPTY`` the marker of a section that has nothing to say.
    """

    text: str
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``width`` is relative to the other columns of the same table."""

    title: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, each with one text a column, read only once.

    ``title`` stands above them. ``total`` closes them in bold: one text a column, or a single text that
    takes the table's whole width.
    """

    rows: Iterable[Row]
    title: str = ""
    total: Row | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of groups; ``groups`` makes them anew at each call, so that none need stay in memory.

    ``description`` is the alternative text for people who cannot see it. ``ruled`` draws a hairline
    between rows, for rows of several lines.
    """

    caption: str
    description: str
    columns: tuple[Column, ...]
    groups: Callable[[], Iterable[Group]]
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class FormRow:
    """A label and its value. With a ``tag`` the value is for a person to fill in, and found by that tag.

    ``lines`` is the least height in lines of text: room for a signature.
    """

    label: str
    value: str = ""
    tag: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """Labels on the left, values on the right; ``description`` is the alternative text."""

    rows: tuple[FormRow, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Room for a person's own words: ``prompt`` says what belongs there, ``tag`` finds it again."""

    tag: str
    label: str
    prompt: str


Block: TypeAlias = Paragraph | Table | Form | Blank


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. Headings are numbered by level, those of annexes are not.

    ``landscape`` turns the page for a wide table; ``level`` is 1 to 3.
    """

    heading: str
    blocks: tuple[Block, ...]
    level: int = 1
    annex: bool = False
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """One line of the revision history."""

    version: str
    day: date
    author: str
    note: str


@dataclass(frozen=True, slots=True)
class Front:
    """What the register of documents knows of one version (M65): who issues which document, when.

    ``day`` is the date of issue and becomes the file's own date too: a file made again is the same file.
    """

    document_id: str
    version: str
    author: str
    day: date
    status: str
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of the frame itself: headings of the front pages, the label of captions, the page line.

    ``page`` has the places ``{page}`` and ``{pages}``.
    """

    contents: str
    revisions: str
    table: str
    page: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document, complete. ``language`` is ``zh`` or ``en``; ``data_sha256`` names the data behind it."""

    language: str
    front: Front
    title: str
    subtitle: str
    product: str
    period: str
    data_sha256: str
    wording: Wording
    cover: Form
    revisions: Table
    sections: tuple[Section, ...]


def table_of(
    caption: str,
    description: str,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    *,
    total: Row | None = None,
    ruled: bool = False,
) -> Table:
    """Return a table of one group."""
    return Table(caption, description, columns, lambda: (Group(rows, total=total),), ruled=ruled)
