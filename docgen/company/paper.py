"""A company's Word file as paper: our parts in the places it left, everything else as it is."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import partial
from io import BytesIO
from typing import cast

import docx
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.package import Package
from lxml.etree import ProcessingInstruction, tostring
from lxml.etree import _ProcessingInstruction as ProcessingInstructionElement  # pyright: ignore[reportPrivateUsage]

from docgen.company.rows import SampleRow, sample_of, sample_rows
from docgen.company.styles import bring_styles
from docgen.company.words import rows_of
from docgen.model import Document
from docgen.words import Element, TextMark
from docgen.writer.checks import DRAWN, check_table
from docgen.writer.elements import element, element_of
from docgen.writer.pages import UPRIGHT
from docgen.writer.paper import Stream

_RENAMED = ("/word/media/", "/word/charts/", "/word/embeddings/")  # where our own parts go
# we write our own properties; a copy of the styles for Word 2010 would no longer agree with them
_DROPPED = ("/custom-properties", "/stylesWithEffects")
_BEFORE_SIZE = {
    qn(f"w:{name}") for name in ("headerReference", "footerReference", "footnotePr", "endnotePr", "type")
}
_SHOWN = [qn(f"w:{name}") for name in ("t", "drawing", "pict", "object", "tbl", "br", "sectPr", "sdt")]


class CompanyPaper:
    """A template filled by the sandbox: its places are processing instructions ``docgen NAME``.

    Size, margins, header and footer of the pages are the company's; a landscape section turns its page.
    """

    def __init__(self, filled: bytes, document: Document) -> None:
        self.word = docx.Document(BytesIO(filled))
        self._document = document
        self._make_room()
        self.styles, self.list_id = bring_styles(self.word)
        self._body: Element = element_of(self.word)[0]
        self._page = self._last_page()
        self.turns, self.across = not _is_wide(self._page), False

    @property
    def width(self) -> int:
        """The width of the text, in twips."""
        size, margins = self._page.find(qn("w:pgSz")), self._page.find(qn("w:pgMar"))
        length = _twips(size, "h" if self.across else "w")
        return length - sum(_twips(margins, side) for side in ("left", "right", "gutter"))

    def parts(self) -> Iterator[str | Stream]:
        """Yield our parts and the rows of tables in the order of the file, which is put together again."""
        *children, last = list(self._body)
        self._body[:] = [last]
        for place, child in enumerate(children):
            if isinstance(child, ProcessingInstructionElement) and child.target == "docgen":
                yield from self._part(str(child.text), [*children[place + 1 :], last])
            else:
                last.addprevious(child)
                yield from self._streams(child)
                following = children[place + 1] if place + 1 < len(children) else last
                if child.tag == qn("w:tbl") and following.tag in (child.tag, last.tag):
                    last.addprevious(self._end())

    def turn(self) -> None:
        """Go on with a new page, turned: what follows belongs to the company's next section break."""
        ending = self._end()
        ending[0].append(_turned(self._page) if self.across else deepcopy(self._page))
        self._body[-1].addprevious(ending)
        _go_on(self._page)
        self.across = not self.across

    def _end(self) -> Element:
        """Return a paragraph that nobody sees."""
        paragraph, style = element("w:p"), element("w:pPr")
        style.append(element("w:pStyle", val=self.styles["Section End"]))
        paragraph.append(style)
        return paragraph

    def _part(self, name: str, following: Sequence[Element]) -> Iterator[str]:
        before = list[Element]()
        for one in following:
            found = one if one.tag == qn("w:sectPr") else one.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
            if found is not None:
                self._page = found
                break
            before.append(one)
        self.turns = not _is_wide(self._page)
        yield name
        if not self.across:
            return
        if any(next(one.iter(*_SHOWN), None) is not None or not isinstance(one.tag, str) for one in before):
            self.turn()
        else:
            # nothing else stands on this page: another one would be empty
            turned = _turned(self._page)
            self._page[:] = list(turned)
            self.across = False

    def _streams(self, child: Element) -> Iterator[Stream]:
        if child.tag != qn("w:tbl"):
            return
        for row in sample_rows(child):
            sample = sample_of(row)
            check_table(tostring(child, with_tail=False), sample.name)
            row.addprevious(ProcessingInstruction("docgen", "table"))
            child.remove(row)
            yield partial(_written, sample, self._document)

    def _last_page(self) -> Element:
        """Return the settings of the last pages, made whole: size and margins need not be written down."""
        if len(self._body) == 0 or self._body[-1].tag != qn("w:sectPr"):
            self._body.append(element("w:sectPr"))
        for page in self._body.iter(qn("w:sectPr")):
            _make_whole(page)
        return self._body[-1]

    def _make_room(self) -> None:
        """Move what stands where our own parts and numbers go."""
        package = cast(Package, self.word.part.package)
        for part in package.iter_parts():
            name = str(part.partname)
            if name.startswith(_RENAMED):
                folder, _, file = name.rpartition("/")
                part.partname = PackURI(f"{folder}/company_{file}")
        for relations in (package.rels, self.word.part.rels):
            for relation in list(relations.values()):
                if relation.reltype.endswith(_DROPPED):
                    del relations[relation.rId]
        for number, drawn in enumerate(element_of(self.word).iter(DRAWN), 1):
            drawn.set("id", str(number))


def _written(sample: SampleRow, document: Document, mark: TextMark) -> Iterator[bytes]:
    return sample.written(rows_of(document, sample.name), document.tables[sample.name], mark)


def _make_whole(page: Element) -> None:
    size, margins = page.find(qn("w:pgSz")), page.find(qn("w:pgMar"))
    if size is None:
        size = element("w:pgSz")
        leading = [place for place, one in enumerate(page, 1) if one.tag in _BEFORE_SIZE]
        page.insert(max(leading, default=0), size)
    if margins is None:
        margins = element("w:pgMar", header="720", footer="720", gutter="0")
        size.addnext(margins)
    for name, value in (("w", UPRIGHT.width), ("h", UPRIGHT.height)):
        size.set(qn(f"w:{name}"), size.get(qn(f"w:{name}"), str(value)))
    for name in ("top", "right", "bottom", "left"):
        margins.set(qn(f"w:{name}"), margins.get(qn(f"w:{name}"), str(UPRIGHT.side)))


def _turned(page: Element) -> Element:
    copy = deepcopy(page)
    size = copy.find(qn("w:pgSz"))
    if size is not None:
        width, height = (str(size.get(qn(f"w:{name}"))) for name in ("w", "h"))
        for name, value in (("w", height), ("h", width), ("orient", "landscape")):
            size.set(qn(f"w:{name}"), value)
    return copy


def _go_on(page: Element) -> None:
    """Let the settings of a section's pages speak of a later part of it: its first page is behind."""
    for name in ("titlePg", "type"):
        for one in page.findall(qn(f"w:{name}")):
            page.remove(one)
    for numbers in page.findall(qn("w:pgNumType")):
        numbers.attrib.pop(qn("w:start"), None)


def _is_wide(page: Element) -> bool:
    size = page.find(qn("w:pgSz"))
    return _twips(size, "w") > _twips(size, "h")


def _twips(found: Element | None, name: str) -> int:
    """Return a length; Word writes whole twips, others may write fractions."""
    return 0 if found is None else int(float(str(found.get(qn(f"w:{name}"), 0))))
