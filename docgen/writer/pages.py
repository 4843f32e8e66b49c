"""Pages: their size and margins, the line on top of each and the line below."""

import re
from dataclasses import dataclass

from docx.enum.section import WD_ORIENTATION
from docx.section import Section
from docx.shared import Twips

from docgen.model import Document
from docgen.writer.elements import add_field, add_text


@dataclass(frozen=True, slots=True)
class Page:
    """How the pages of a section lie; all lengths in twips."""

    orientation: WD_ORIENTATION
    width: int
    height: int
    top: int
    side: int
    bottom: int
    header: int
    footer: int
    header_style: str

    @property
    def text_width(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.side


UPRIGHT = Page(WD_ORIENTATION.PORTRAIT, 11906, 16838, 1588, 1418, 1418, 851, 794, "Header")
ACROSS = Page(WD_ORIENTATION.LANDSCAPE, 16838, 11906, 1418, 1134, 1247, 794, 680, "Header Across")
_COUNTED = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


def lay_out(section: Section, page: Page, document: Document) -> None:
    """Give a section its page, with document and version on top of it and the title to the right."""
    section.orientation = page.orientation
    section.page_width, section.page_height = Twips(page.width), Twips(page.height)
    section.top_margin, section.bottom_margin = Twips(page.top), Twips(page.bottom)
    section.left_margin = section.right_margin = Twips(page.side)
    section.header_distance, section.footer_distance = Twips(page.header), Twips(page.footer)
    # a section takes over the header before it, whose tab stop fits the other width
    section.header.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.style = page.header_style
    add_text(line, f"{document.front.document_id}  V{document.front.version}\t{document.title}")


def add_footer(section: Section, words: str) -> None:
    """Write the line at the bottom: ``words`` with the places ``{page}`` and ``{pages}``."""
    line = section.footer.paragraphs[0]
    line.style = "Footer"
    for piece in re.split("({pages?})", words):
        if piece in _COUNTED:
            add_field(line, _COUNTED[piece], "1")
        else:
            add_text(line, piece)
