"""The Word file that a document is written into: our own, or one that a company brings."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeAlias

from docx.document import Document as WordDocument

from docgen.model import Document
from docgen.words import TextMark
from docgen.writer.elements import set_style
from docgen.writer.pages import ACROSS, UPRIGHT, add_footer, lay_out
from docgen.writer.template import open_template, style_ids

PARTS = ("cover", "revisions", "contents", "sections")
"""The parts of a document, each written in one go."""
Stream: TypeAlias = Callable[[TextMark], Iterator[bytes]]
"""Yields markup for one place in the text once, and tells the mark its words."""


class Paper(Protocol):
    """A Word file that grows at its end.

    ``styles`` gives the id of a style by the name it has in our own template. ``list_id`` numbers headings
    whose style does not, "" when it does. ``turns`` tells whether its pages can be turned for a wide table,
    ``across`` whether they are just now.
    """

    word: WordDocument
    styles: Mapping[str, str]
    list_id: str
    turns: bool
    across: bool

    @property
    def width(self) -> int:
        """The width of the text on the page that is written on now, in twips."""
        ...

    def parts(self) -> Iterator[str | Stream]:
        """Yield in order what is to be written next: one of ``PARTS``, or what fills a place just left."""
        ...

    def turn(self) -> None:
        """Go on with a new page, turned."""
        ...


class OwnPaper:
    """Our own template, with our pages, headers and footers."""

    def __init__(self, document: Document) -> None:
        self.word, self.styles, self.list_id = open_template(), style_ids(), ""
        self.turns, self.across = True, False
        self._document = document

    @property
    def width(self) -> int:
        """The width of the text, in twips."""
        return (ACROSS if self.across else UPRIGHT).text_width

    def parts(self) -> Iterator[str | Stream]:
        """Yield all parts in their order."""
        cover = self.word.sections[0]
        lay_out(cover, UPRIGHT, self._document)
        add_footer(cover, self._document.wording.page)
        yield from PARTS
        # sections copy what stands before them, so the cover's own setting comes last
        self.word.sections[0].different_first_page_header_footer = True

    def turn(self) -> None:
        """Go on with a new page, turned."""
        section = self.word.add_section()
        # thin enough to fit under a table that fills its page
        set_style(self.word.paragraphs[-1], self.styles["Section End"])
        self.across = not self.across
        lay_out(section, ACROSS if self.across else UPRIGHT, self._document)
