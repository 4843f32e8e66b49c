"""A document as pure data: what is written, in which order, and nothing of how a file holds it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from svc_plugin.domain.model import IssueRef

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
class Reference:
    """The number of the table, chart or section that has this ``key``, as a link to it."""

    key: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph that names tables, charts or sections by their numbers, whatever these will be."""

    parts: tuple[str | Reference, ...]
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``width`` is relative to the other columns of the same table.

    ``key`` is what a company's template calls it, in every language.
    """

    title: str
    width: float
    align: Align = Align.LEFT
    key: str = ""


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
    between rows, for rows of several lines. ``key`` is what a ``Reference`` names it by, ``name`` what a
    company's template calls it, in every language.
    """

    caption: str
    description: str
    columns: tuple[Column, ...]
    groups: Callable[[], Iterable[Group]]
    ruled: bool = False
    key: str = ""
    name: str = ""


class ChartKind(StrEnum):
    """How the values of a chart are drawn."""

    COLUMN = "column"
    STACKED = "stacked"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one thing in every category of a chart; ``None`` where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that Word draws and people can edit; every series has one value a category.

    The alternative text says ``caption``, ``description`` and all numbers. ``key`` is what a ``Reference``
    names it by.
    """

    kind: ChartKind
    caption: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    description: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen: its stable ``value``, and what a person reads."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A label and its value. With a ``tag`` the value is for a person to fill in, and found by that tag.

    ``lines`` is the least height in lines of text: room for a signature. With ``choices`` one of them is
    chosen, with ``day`` a date is picked. ``property`` names a property of the file that is shown.
    """

    label: str
    value: str = ""
    tag: str = ""
    lines: int = 1
    choices: tuple[Choice, ...] = ()
    day: bool = False
    property: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Labels on the left, values on the right; ``description`` is the alternative text."""

    rows: tuple[FormRow, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The decision of a superior on this document (M26, M48): what ``form`` asks for, and nothing else.

    A document that holds one is protected: only its places to fill in can be changed by mistake. The tags
    in ``form`` are those of ``docgen.approval``.
    """

    form: Form


@dataclass(frozen=True, slots=True)
class Blank:
    """Room for a person's own words: ``prompt`` says what belongs there, ``tag`` finds it again."""

    tag: str
    label: str
    prompt: str


Block: TypeAlias = Paragraph | Prose | Table | Chart | Form | Approval | Blank


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. Headings are numbered by level, those of annexes are not.

    ``landscape`` turns the page for a wide table; ``level`` is 1 to 3. ``key`` is what a ``Reference``
    names it by.
    """

    heading: str
    blocks: tuple[Block, ...]
    level: int = 1
    annex: bool = False
    landscape: bool = False
    key: str = ""


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
    """The words of the frame itself: headings of the front pages, the labels of captions, the page line.

    ``page`` has the places ``{page}`` and ``{pages}``. ``figure`` labels charts and is needed where one is.
    """

    contents: str
    revisions: str
    table: str
    page: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """One figure as it stands in a document, with the issues it was counted from."""

    place: str
    label: str
    text: str
    refs: tuple[IssueRef, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document, complete. ``language`` is ``zh`` or ``en``; ``data_sha256`` names the data behind it.

    ``figures`` are those that it states, in the order in which they were written.
    ``tables`` gives the keys of the columns of every table with a name, also of one that has no rows now.
    """

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
    figures: tuple[Traced, ...] = ()
    tables: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


def table_of(
    caption: str,
    description: str,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    *,
    total: Row | None = None,
    ruled: bool = False,
    name: str = "",
) -> Table:
    """Return a table of one group."""
    return Table(caption, description, columns, lambda: (Group(rows, total=total),), ruled=ruled, name=name)
