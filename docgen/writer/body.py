"""The text of a document, from cover to annex, written with python-docx."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import count, filterfalse, zip_longest

from docx.text.paragraph import Paragraph as WordParagraph
from lxml.etree import ProcessingInstruction

from docgen.model import Approval, Blank, Block, Chart, Document, Form, Paragraph, Prose, Table, Tone
from docgen.words import Element, Passage, Reader, TextMark, W, places_of
from docgen.writer.captions import label_of, target_of, targets
from docgen.writer.checks import DRAWN
from docgen.writer.elements import (
    add_field,
    add_text,
    bookmark,
    bookmark_all,
    control,
    element,
    element_of,
    number,
    set_style,
)
from docgen.writer.figures import place_chart, place_code
from docgen.writer.forms import add_form, add_prompt
from docgen.writer.headings import Heading, add_contents, headings
from docgen.writer.paper import Paper, Stream
from docgen.writer.tables import table

PLACE = b"<?docgen table?>"  # stands where a table, or rows of one, belong
_COVER_WIDTH = 7400  # twips
_TABULAR = Table | Form | Approval
# the order of settings is part of their format
_BEFORE_PROTECTION = {
    f"{W}{name}"
    for name in (
        "writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime",
        "doNotDisplayPageBoundaries", "displayBackgroundShape", "printPostScriptOverText",
        "printFractionalCharacterWidth", "printFormsData", "embedTrueTypeFonts", "embedSystemFonts",
        "saveSubsetFonts", "saveFormsData", "mirrorMargins", "alignBordersAndEdges",
        "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "gutterAtTop", "hideSpellingErrors",
        "hideGrammaticalErrors", "activeWritingStyle", "proofState", "formsDesign", "attachedTemplate",
        "linkStyles", "stylePaneFormatFilter", "stylePaneSortMethod", "documentType", "mailMerge",
        "revisionView", "trackRevisions", "doNotTrackMoves", "doNotTrackFormatting",
    )
}  # fmt: skip
_STYLE = {Tone.ITEM: "List Bullet", Tone.NOTE: "Remark", Tone.EMPTY: "Empty Section"}


class Body:
    """Writes one document's text on a paper once. Every number comes from a counter of this document.

    The paper's Word file becomes the text without its tables. ``mark`` is the mark over its words, as far
    as ``filled`` has come. ``pages`` gives the page of a heading's bookmark, ``properties`` are those the
    text may show.
    """

    def __init__(
        self, document: Document, pages: Mapping[str, int], properties: Mapping[str, str], paper: Paper
    ) -> None:
        self.mark = TextMark()
        self._word, self._paper, self._styles = paper.word, paper, paper.styles
        self._tables: list[Stream] = []
        self._document, self._pages, self._properties = document, pages, properties
        self._bookmarks, self._controls, self._drawings = self._free_numbers()
        self._captions = {Table: count(1), Chart: count(1)}
        self._after_table = False
        self._listed = tuple(headings(document.sections))
        self._targets = targets(document, self._listed)
        self._write()

    def _free_numbers(self) -> list[Iterator[int]]:
        """Return counters of bookmarks, controls and drawings that leave out what the paper has already."""
        text = element_of(self._word)
        found: tuple[Iterable[object], ...] = (
            (one.get(f"{W}id") for one in text.iter(f"{W}bookmarkStart")),
            (one.get(f"{W}val") for one in text.iter(f"{W}id")),
            (one.get("id") for one in text.iter(DRAWN)),
        )
        return [_free(set(map(str, numbers))) for numbers in found]

    def filled(self, part: bytes) -> Iterator[bytes]:
        """Yield the saved text with the tables in their places, once."""
        pieces = part.split(PLACE)
        if len(pieces) != len(self._tables) + 1:
            raise ValueError(f"{len(self._tables)} tables for {len(pieces) - 1} places")
        for said, piece, stream in zip_longest(self._said(), pieces, self._tables):
            for passage in said:
                self.mark.take(passage)
            yield piece
            if stream is not None:
                yield from stream(self.mark)

    def _said(self) -> list[list[Passage]]:
        """Return what is said before, between and after the tables that are not yet in their places."""
        body: Element = element_of(self._word)[0]
        reader, said = Reader(places_of(body)), list[list[Passage]]([[]])
        for child in body:
            if not isinstance(child.tag, str):  # a place, not an element
                said.append([])
                continue
            cuts = _rows_before_places(child)
            for passage in reader.passages([child]):
                while cuts and passage.row > cuts[0]:
                    said.append([])
                    cuts.pop(0)
                said[-1].append(passage)
            said.extend([] for _ in cuts)
        return said

    def _write(self) -> None:
        writers = {
            "cover": self._cover,
            "revisions": self._revisions,
            "contents": self._contents,
            "sections": self._sections,
        }
        for part in self._paper.parts():
            if isinstance(part, str):
                writers[part]()
            else:
                self._tables.append(part)
        if has_approval(self._document):
            self._protect()

    def _protect(self) -> None:
        """Let people change the places to fill in only. It guards against slips, not against intent."""
        settings = element_of(self._word.settings)
        for former in settings.findall(f"{W}documentProtection"):
            settings.remove(former)
        guard = element("w:documentProtection", edit="forms", enforcement="1")
        before = [place for place, child in enumerate(settings, 1) if child.tag in _BEFORE_PROTECTION]
        settings.insert(max(before, default=0), guard)

    def _cover(self) -> None:
        document = self._document
        self._paragraph("Cover Product", document.product)
        self._paragraph("Title", document.title)
        if document.subtitle:
            self._paragraph("Subtitle", document.subtitle)
        self._paragraph("Cover Period", document.period)
        self._form(document.cover, min(_COVER_WIDTH, self._paper.width))
        code = self._paragraph("Cover Code")
        place_code(self._word, code, next(self._drawings), document.front)

    def _revisions(self) -> None:
        # the heading starts a page and parts the cover's form from the table
        heading = self._paragraph("Front Heading", self._document.wording.revisions)
        heading.paragraph_format.page_break_before = True
        self._table(self._document.revisions)
        self._after_table = True
        self._apart()

    def _contents(self) -> None:
        self._paragraph("Front Heading", self._document.wording.contents)
        add_contents(self._word, self._listed, self._pages, self._styles)

    def _sections(self) -> None:
        for heading in self._listed:
            section = heading.section
            across = section.landscape and self._paper.turns
            stays = across == self._paper.across
            starts_page = heading is self._listed[0] or (section.annex and stays)
            self._turn(across=across, starts_page=starts_page)
            self._heading(heading, new_page=starts_page)
            for block, follower in zip_longest(section.blocks, section.blocks[1:]):
                self._apart()
                self._block(block, holds=_holds(block, follower))
                self._after_table = isinstance(block, _TABULAR)
        if self._after_table:
            self._paragraph("Section End")
        self._after_table = False

    def _paragraph(self, style: str, text: str = "") -> WordParagraph:
        paragraph = self._word.add_paragraph()
        set_style(paragraph, self._styles[style])
        if text:
            add_text(paragraph, text)
        return paragraph

    def _apart(self) -> None:
        """Part a table from whatever follows it."""
        if self._after_table:
            self._paragraph("Table End")
        self._after_table = False

    def _turn(self, *, across: bool, starts_page: bool) -> None:
        """Go on with another kind of page, if it is another."""
        if across == self._paper.across:
            # a heading on top of a new page parts well enough, and nothing may flow over to a page of its own
            self._after_table = self._after_table and not starts_page
            self._apart()
        else:
            self._paper.turn()
            self._after_table = False

    def _heading(self, heading: Heading, *, new_page: bool) -> None:
        section = heading.section
        paragraph = self._paragraph("Annex Heading" if section.annex else f"Heading {section.level}")
        bookmark(add_text(paragraph, section.heading), next(self._bookmarks), heading.bookmark)
        if self._paper.list_id and not section.annex:
            number(paragraph, section.level - 1, self._paper.list_id)
        if new_page:
            paragraph.paragraph_format.page_break_before = True

    def _block(self, block: Block, *, holds: bool) -> None:
        """Write one block; one that ``holds`` stays on the page of what follows it."""
        match block:
            case Paragraph(text, tone):
                paragraph = self._paragraph(_STYLE.get(tone, self._body_style), text)
                paragraph.paragraph_format.keep_with_next = holds or None
            case Table():
                self._table(block)
            case Prose():
                paragraph = self._prose(block)
                paragraph.paragraph_format.keep_with_next = holds or None
            case Chart():
                self._chart(block, holds=holds)
            case Form():
                self._form(block, self._paper.width)
            case Approval(form):
                self._form(form, self._paper.width)
            case Blank(tag, label, prompt):
                room = self._paragraph("Body Text")
                control(add_prompt(room, prompt), next(self._controls), tag, label)

    def _prose(self, content: Prose) -> WordParagraph:
        paragraph = self._paragraph(_STYLE.get(content.tone, self._body_style))
        for part in content.parts:
            if isinstance(part, str):
                add_text(paragraph, part)
            else:
                target = target_of(part, self._targets)
                add_field(paragraph, f"REF {target.instruction} \\h", target.text)
        return paragraph

    def _form(self, content: Form, width: int) -> None:
        add_form(self._word, content, width, self._controls, self._properties, self._styles)

    def _chart(self, content: Chart, *, holds: bool) -> None:
        """Write a chart over its caption."""
        paragraph = self._paragraph("Figure")
        place_chart(self._word, paragraph, next(self._drawings), content, self._paper.width)
        # a caption over a table keeps to what follows it, this one to what stands above
        self._caption(content).paragraph_format.keep_with_next = holds

    def _table(self, content: Table) -> None:
        """Write the caption, and leave a place for the table itself."""
        if content.caption:
            self._caption(content)
        self._tables.append(partial(table, content, self._paper.width, self._styles))
        # the last element of the text is its page settings
        element_of(self._word)[0].insert(-1, ProcessingInstruction("docgen", "table"))

    def _caption(self, content: Table | Chart) -> WordParagraph:
        label = label_of(content, self._document.wording)
        line = self._paragraph("Caption")
        add_text(line, f"{label} ")
        add_field(line, f"SEQ {label} \\* ARABIC", str(next(self._captions[type(content)])))
        if content.key:
            bookmark_all(line, next(self._bookmarks), self._targets[content.key].bookmark)
        add_text(line, f"  {content.caption}")
        return line

    @property
    def _body_style(self) -> str:
        # Chinese paragraphs are indented by two signs, English ones stand apart
        return "Body Text First Indent" if self._document.language == "zh" else "Body Text"


def _holds(block: Block, follower: Block | None) -> bool:
    """Words stay with the table they introduce, and small print with what it remarks on."""
    match block:
        case Paragraph(_, Tone.NOTE) | Prose(_, Tone.NOTE):
            return isinstance(follower, Paragraph | Prose | _TABULAR)
        case Paragraph() | Prose():
            return isinstance(follower, _TABULAR)
        case _:
            return isinstance(follower, Paragraph) and follower.tone is Tone.NOTE


def _rows_before_places(child: Element) -> list[int]:
    """Return for each place in a table how many rows stand before it."""
    rows, before = 0, list[int]()
    for found in child.iter(f"{W}tr", ProcessingInstruction):
        if isinstance(found.tag, str):
            rows += 1
        else:
            before.append(rows)
    return before


def _free(used: set[str]) -> Iterator[int]:
    return filterfalse(lambda number: str(number) in used, count(1))


def has_approval(document: Document) -> bool:
    """Tell whether a document asks for a decision on itself."""
    return any(isinstance(block, Approval) for section in document.sections for block in section.blocks)
