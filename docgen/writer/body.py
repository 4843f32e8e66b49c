"""The text of a document, from cover to annex, written with python-docx."""

from collections.abc import Iterator
from itertools import count, zip_longest

from docx.text.paragraph import Paragraph as WordParagraph
from lxml.etree import ProcessingInstruction

from docgen.model import Blank, Block, Document, Form, Paragraph, Table, Tone
from docgen.writer.elements import add_field, add_text, bookmark, control, element_of
from docgen.writer.forms import add_form, add_prompt
from docgen.writer.headings import Heading, add_contents, headings
from docgen.writer.pages import ACROSS, UPRIGHT, Page, add_footer, lay_out
from docgen.writer.tables import table
from docgen.writer.template import open_template

PLACE = "<?docgen table?>"  # stands where a table belongs
_COVER_WIDTH = 7400  # twips
_STYLE = {Tone.ITEM: "List Bullet", Tone.NOTE: "Remark", Tone.EMPTY: "Empty Section"}


class Body:
    """Writes one document's text once. Every number comes from a counter of this document.

    ``word`` is the text without its tables, ``tables`` their markup in the order of their places.
    """

    def __init__(self, document: Document) -> None:
        self.word = open_template()
        self.tables: list[Iterator[str]] = []
        self._document = document
        # names are the same in every Word, ids are not
        self._styles = {style.name: style.style_id for style in self.word.styles if style.name}
        self._bookmarks, self._controls, self._captions = count(1), count(1), count(1)
        self._page = UPRIGHT
        self._after_table = False
        self._write()

    def _write(self) -> None:
        cover = self.word.sections[0]
        lay_out(cover, UPRIGHT, self._document)
        add_footer(cover, self._document.wording.page)
        listed = tuple(headings(self._document.sections))
        self._front(listed)
        for heading in listed:
            section = heading.section
            page = ACROSS if section.landscape else UPRIGHT
            starts_page = heading is listed[0] or (section.annex and page is self._page)
            self._turn(page)
            self._heading(heading, new_page=starts_page)
            for block, follower in zip_longest(section.blocks, section.blocks[1:]):
                self._apart()
                self._block(block, introduces=isinstance(follower, Table | Form))
                self._after_table = isinstance(block, Table | Form)
        if self._after_table:
            self.word.add_paragraph(style="Section End")
        # sections copy what stands before them, so the cover's own setting comes last
        self.word.sections[0].different_first_page_header_footer = True

    def _front(self, listed: tuple[Heading, ...]) -> None:
        document = self._document
        self._paragraph("Cover Product", document.product)
        self._paragraph("Title", document.title)
        if document.subtitle:
            self._paragraph("Subtitle", document.subtitle)
        self._paragraph("Cover Period", document.period)
        add_form(self.word, document.cover, _COVER_WIDTH, self._controls)
        # the next paragraph starts a page and parts the form from the table
        heading = self._paragraph("Front Heading", document.wording.revisions)
        heading.paragraph_format.page_break_before = True
        self._table(document.revisions)
        self._after_table = True
        self._apart()
        self._paragraph("Front Heading", document.wording.contents)
        add_contents(self.word, listed)

    def _paragraph(self, style: str, text: str) -> WordParagraph:
        paragraph = self.word.add_paragraph(style=style)
        add_text(paragraph, text)
        return paragraph

    def _apart(self) -> None:
        """Part a table from whatever follows it."""
        if self._after_table:
            self.word.add_paragraph(style="Table End")
        self._after_table = False

    def _turn(self, page: Page) -> None:
        """Go on with another kind of page, if it is another."""
        if page is self._page:
            self._apart()
            return
        section = self.word.add_section()
        # thin enough to fit under a table that fills its page
        self.word.paragraphs[-1].style = "Section End"
        lay_out(section, page, self._document)
        self._page, self._after_table = page, False

    def _heading(self, heading: Heading, *, new_page: bool) -> None:
        section = heading.section
        paragraph = self.word.add_paragraph(
            style="Annex Heading" if section.annex else f"Heading {section.level}"
        )
        bookmark(add_text(paragraph, section.heading), next(self._bookmarks), heading.bookmark)
        if new_page:
            paragraph.paragraph_format.page_break_before = True

    def _block(self, block: Block, *, introduces: bool) -> None:
        """Write one block; a paragraph that introduces a table stays on its page."""
        match block:
            case Paragraph(text, tone):
                paragraph = self._paragraph(_STYLE.get(tone, self._body_style), text)
                if introduces:
                    paragraph.paragraph_format.keep_with_next = True
            case Table():
                self._table(block)
            case Form():
                add_form(self.word, block, self._page.text_width, self._controls)
            case Blank(tag, label, prompt):
                room = self.word.add_paragraph(style="Body Text")
                add_prompt(room, prompt)
                control(room, next(self._controls), tag, label)

    def _table(self, content: Table) -> None:
        """Write the caption, and leave a place for the table itself."""
        if content.caption:
            label, line = self._document.wording.table, self.word.add_paragraph(style="Caption")
            add_text(line, f"{label} ")
            add_field(line, f"SEQ {label} \\* ARABIC", str(next(self._captions)))
            add_text(line, f"  {content.caption}")
        self.tables.append(table(content, self._page.text_width, self._styles))
        # the last element of the text is its page settings
        element_of(self.word)[0].insert(-1, ProcessingInstruction("docgen", "table"))

    @property
    def _body_style(self) -> str:
        # Chinese paragraphs are indented by two signs, English ones stand apart
        return "Body Text First Indent" if self._document.language == "zh" else "Body Text"
