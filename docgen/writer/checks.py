"""Faults in a Word file that no validator reports, looked for in every file before it is handed out.

Found by planting them: the Open XML SDK and its ports accept a control id used twice, a field that never
ends, text outside a run, and rows that do not fill their table's grid; Word does not. The file is read as
a stream, and tables are forgotten once they are checked, so the length of the text does not matter.
"""

from io import BytesIO
from typing import IO, cast
from zipfile import BadZipFile, ZipFile

from lxml import etree

from docgen.words import Element
from docgen.writer.relations import relation_faults
from svc_plugin.domain.errors import TerminalError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_SHOWN_AT_MOST = 20
_MARKS = (
    *(f"{_W}{name}" for name in ("fldChar", "sdtPr", "bookmarkStart", "bookmarkEnd", "hyperlink")),
    DRAWN,
)


def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces={"w": _W.strip("{}")})


_TEXT = "parent::w:t or parent::w:instrText or parent::w:delText or parent::w:delInstrText"
# drawings have texts of their own, in other namespaces
_STRAY_TEXT = _xpath(f"string(.//text()[parent::w:* and not({_TEXT}) and normalize-space()])")
_SPANS = "w:tc/w:tcPr/w:gridSpan"
_SKIPPED = "w:trPr/w:gridBefore/@w:val | w:trPr/w:gridAfter/@w:val"
_CELLS = f"count(w:tc) - count({_SPANS}) + sum({_SPANS}/@w:val) + sum({_SKIPPED})"
_FILLED = _xpath(_CELLS)
_UNFILLED_ROWS = _xpath(f"w:tr[{_CELLS} != $columns]")
_ROWS_BEFORE = _xpath("count(preceding-sibling::w:tr) + 1")
_UNENDED_CELLS = _xpath("w:tr/w:tc[not(*[last()][self::w:p])]")
_UNFOLLOWED_TABLES = _xpath(".//w:tbl[not(following-sibling::*[1][self::w:p or self::w:sdt])]")


_UNFOLLOWED_PLACES = _xpath(
    ".//processing-instruction('docgen')[not(following-sibling::*[1][self::w:p or self::w:sdt])]"
)


def _elements(found: object) -> list[Element]:
    return cast(list[Element], found) if isinstance(found, list) else []


class BrokenDocumentError(TerminalError):
    """A Word file that must not be handed out; ``faults`` lists why, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        shown = faults[:_SHOWN_AT_MOST]
        rest = [f"... and {len(faults) - len(shown)} more"] if len(faults) > len(shown) else []
        super().__init__("the Word file is broken, so it was not handed out:\n" + "\n".join([*shown, *rest]))
        self.faults = faults


def check(data: bytes) -> None:
    """Look through all parts of the text. Raises ``BrokenDocumentError`` when a fault is found."""
    faults: list[str] = []
    try:
        with ZipFile(BytesIO(data)) as package:
            faults += relation_faults(package)
            for name in package.namelist():
                if is_text(name):
                    with package.open(name) as part:
                        faults += Inspection(name).run(part)
    except (BadZipFile, etree.XMLSyntaxError) as error:
        faults.append(f"it cannot be read: {error}")
    if faults:
        raise BrokenDocumentError(faults)


def is_text(name: str) -> bool:
    """Tell whether a part holds text to look through."""
    return name.startswith("word/") and name.count("/") == 1 and name.endswith(".xml")


def check_relations(package: ZipFile) -> None:
    """Look at what holds parts together. Raises ``BrokenDocumentError`` when a fault is found."""
    if faults := relation_faults(package):
        raise BrokenDocumentError(faults)


def check_part(name: str, part: bytes) -> None:
    """Look through one part of the text. Raises ``BrokenDocumentError`` when a fault is found."""
    try:
        faults = Inspection(name).run(BytesIO(part))
    except etree.XMLSyntaxError as error:
        faults = [f"{name}: it cannot be read: {error}"]
    if faults:
        raise BrokenDocumentError(faults)


def check_table(markup: bytes, caption: str) -> None:
    """Look through a table that is not in its part yet. Raises ``BrokenDocumentError`` for a fault."""
    opening = f'<w:body xmlns:w="{_W.strip("{}")}">'.encode()
    check_part(f"table {caption!r}", b"%b%b<w:p/></w:body>" % (opening, markup))


class Inspection:
    """Looks through one part once."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._faults: list[str] = []
        self._controls: set[str] = set()
        self._drawings: set[str] = set()
        self._bookmarks: set[str] = set()
        self._open_bookmarks: set[str] = set()
        self._anchors: set[str] = set()

    def run(self, source: IO[bytes]) -> list[str]:
        """Return the faults found. Raises ``lxml.etree.XMLSyntaxError`` when the part is not XML."""
        parser = etree.iterparse(source, events=("end",), tag=f"{_W}tbl", resolve_entities=False)
        for number, (_, table) in enumerate(parser, 1):
            place = f"table {number}"
            self._rows(table, place)
            self._marks(table, place)
            table.clear()
        if parser.root is not None:
            self._marks(parser.root, "the text")
            for _ in (
                *_elements(_UNFOLLOWED_TABLES(parser.root)),
                *_elements(_UNFOLLOWED_PLACES(parser.root)),
            ):
                self._say("a table is not followed by a paragraph: it and the next would become one")
        self._fault_if(self._open_bookmarks, "bookmarks never end: {}")
        self._fault_if(self._anchors - self._bookmarks, "links lead nowhere: {}")
        return self._faults

    def _rows(self, table: Element, place: str) -> None:
        """Rows must fill their table's grid exactly, and every cell must end with a paragraph."""
        columns = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        for row in _elements(_UNFILLED_ROWS(table, columns=columns)):
            number = _ROWS_BEFORE(row)
            self._say(f"{place} has {columns} columns, but row {number:.0f} fills {_FILLED(row):.0f}")
        for _ in _elements(_UNENDED_CELLS(table)):
            self._say(f"{place} has a cell that does not end with a paragraph")

    def _marks(self, scope: Element, place: str) -> None:
        """Fields must end where they begin, ids must be unique, and all text must be in runs.

        Tables are scopes of their own: a field may not reach into one or out of it.
        """
        fields: list[str] = []
        for element in scope.iter(*_MARKS):
            if element.tag == f"{_W}fldChar":
                self._field(fields, _value(element, "fldCharType"), place)
            else:
                self._mark(element, place)
        if fields:
            self._say(f"{place} has a field that never ends")
        if _STRAY_TEXT(scope):
            self._say(f"{place} has text outside a run: {str(_STRAY_TEXT(scope))[:40]!r}")

    def _field(self, fields: list[str], step: str, place: str) -> None:
        """Follow one field mark; ``fields`` holds the last step of every field now open, innermost last."""
        if step == "begin":
            fields.append(step)
        elif step == "separate" and fields[-1:] == ["begin"]:
            fields[-1] = step
        elif step == "end" and fields:
            fields.pop()
        else:
            self._say(f"{place} has a field mark '{step}' that belongs to no field")

    def _mark(self, element: Element, place: str) -> None:
        if element.tag == f"{_W}sdtPr":
            found = element.find(f"{_W}id")
            number = "" if found is None else _value(found, "val")
            if number in self._controls:
                self._say(f"{place} has a second control with id {number!r}")
            self._controls.add(number)
        elif element.tag == f"{_W}bookmarkStart":
            if _value(element, "name") in self._bookmarks or _value(element, "id") in self._open_bookmarks:
                self._say(f"{place} has a second bookmark {_value(element, 'name')!r}")
            self._bookmarks.add(_value(element, "name"))
            self._open_bookmarks.add(_value(element, "id"))
        elif element.tag == DRAWN:
            if element.get("id", "") in self._drawings:
                self._say(f"{place} has a second drawing with id {element.get('id')!r}")
            self._drawings.add(element.get("id", ""))
        elif element.tag == f"{_W}bookmarkEnd":
            self._open_bookmarks.discard(_value(element, "id"))
        else:
            anchor = _value(element, "anchor")
            self._anchors |= {anchor} if anchor else set()

    def _fault_if(self, names: set[str], sentence: str) -> None:
        if names:
            self._say(sentence.format(", ".join(sorted(names))))

    def _say(self, fault: str) -> None:
        self._faults.append(f"{self._part}: {fault}")


def _value(element: Element, name: str) -> str:
    return str(element.get(f"{_W}{name}", ""))
