"""The main part of the file, from cover to annex, as a stream of text."""

from collections.abc import Iterator
from itertools import count, zip_longest

from docgen.model import Blank, Block, Document, Form, Paragraph, Table, Tone
from docgen.writer import controls
from docgen.writer.forms import form
from docgen.writer.headings import Heading, contents, heading_paragraph, headings
from docgen.writer.markup import KEEP_NEXT, TABLE_END, paragraph
from docgen.writer.tables import table
from docgen.writer.text import run

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
PORTRAIT_WIDTH = 9070  # A4 with margins of 25 mm, in twips
LANDSCAPE_WIDTH = 14570  # A4 across with margins of 20 mm
_COVER_WIDTH = 7400

_STYLE = {Tone.ITEM: "ListBullet", Tone.NOTE: "Remark", Tone.EMPTY: "EmptySection"}
_PORTRAIT = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1588" w:right="1418" w:bottom="1418" w:left="1418"'
    ' w:header="851" w:footer="794" w:gutter="0"/>'
)
_LANDSCAPE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1418" w:right="1134" w:bottom="1247" w:left="1134"'
    ' w:header="794" w:footer="680" w:gutter="0"/>'
)


class Body:
    """Writes one document's main part once. Every number comes from a counter of this document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._bookmarks = count(1)
        self._controls = count(1)
        self._tables = count(1)
        self._after_table = False

    def stream(self) -> Iterator[str]:
        """Yield the part piece by piece."""
        yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {NAMESPACES}><w:body>'
        listed = tuple(headings(self._document.sections))
        yield from self._front(listed)
        across, first = False, True
        for heading in listed:
            section = heading.section
            if section.landscape != across:
                yield self._section_end(_page(across, cover=first))
                first = False
            starts_page = heading is listed[0] or (section.annex and section.landscape == across)
            across = section.landscape
            yield from self._apart()
            yield self._heading(heading, new_page=starts_page)
            width = LANDSCAPE_WIDTH if across else PORTRAIT_WIDTH
            for block, follower in zip_longest(section.blocks, section.blocks[1:]):
                yield from self._apart()
                yield from self._block(block, width, introduces=isinstance(follower, Table | Form))
                self._after_table = isinstance(block, Table | Form)
        if self._after_table:
            yield self._section_end("")
        yield f"{_page(across, cover=first)}</w:body></w:document>"

    def _front(self, listed: tuple[Heading, ...]) -> Iterator[str]:
        document = self._document
        yield paragraph("CoverProduct", run(document.product))
        yield paragraph("Title", run(document.title))
        if document.subtitle:
            yield paragraph("Subtitle", run(document.subtitle))
        yield paragraph("CoverPeriod", run(document.period))
        yield form(document.cover, _COVER_WIDTH, self._controls)
        # the next paragraph starts a page and parts the form from the table
        yield paragraph("FrontHeading", run(document.wording.revisions), "<w:pageBreakBefore/>")
        yield from table(document.revisions, 0, "", PORTRAIT_WIDTH)
        yield TABLE_END
        yield contents(document.wording.contents, listed)

    def _apart(self) -> Iterator[str]:
        """Yield what parts a table from whatever follows it."""
        if self._after_table:
            yield TABLE_END
        self._after_table = False

    def _section_end(self, properties: str) -> str:
        """Return the last paragraph of a section, thin enough to fit under a table that fills its page."""
        self._after_table = False
        return paragraph("SectionEnd", "", properties)

    def _heading(self, heading: Heading, *, new_page: bool) -> str:
        return heading_paragraph(
            heading, next(self._bookmarks), run(heading.section.heading), new_page=new_page
        )

    def _block(self, block: Block, width: int, *, introduces: bool) -> Iterator[str]:
        """Yield one block; a paragraph that introduces a table stays on its page."""
        match block:
            case Paragraph(text, tone):
                yield paragraph(
                    _STYLE.get(tone, self._body_style), run(text), KEEP_NEXT if introduces else ""
                )
            case Table():
                yield from table(block, next(self._tables), self._document.wording.table, width)
            case Form():
                yield form(block, width, self._controls)
            case Blank(tag, label, prompt):
                yield controls.block(next(self._controls), tag, label, prompt)

    @property
    def _body_style(self) -> str:
        # Chinese paragraphs are indented by two signs, English ones stand apart
        return "BodyTextFirstIndent" if self._document.language == "zh" else "BodyText"


def _page(across: bool, *, cover: bool) -> str:
    header, footer = ("rIdHeaderAcross", "rIdFooter") if across else ("rIdHeader", "rIdFooter")
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{header}"/>'
        f'<w:footerReference w:type="default" r:id="{footer}"/><w:type w:val="nextPage"/>'
        f"{_LANDSCAPE if across else _PORTRAIT}{'<w:titlePg/>' if cover else ''}</w:sectPr>"
    )
