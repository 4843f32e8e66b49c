"""Looking a template over before it is taken in: every mistake with its place and its remedy."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from docgen.company.faults import Fault, Place
from docgen.company.package import package_faults
from docgen.company.paper import CompanyPaper
from docgen.company.rows import MARK, row_faults
from docgen.company.sandbox import fill
from docgen.company.words import NEEDED, facts, order_of, schema_of
from docgen.model import Document
from docgen.words import Element
from docgen.writer.checks import BrokenDocumentError
from docgen.writer.package import pack
from docgen.writer.paper import PARTS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"
# the signs that a Chinese keyboard gives for {{, }}, {% and %}: no engine sees them, they would be printed
_FULL_WIDTH = re.compile("｛[｛％{%]|[｝％}%]｝|{[｛％]|[｝％]}")
_SHOWN = re.compile(r"word/(document|header|footer|footnotes)\d*\.xml")
_TRACKED = [f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")]
_OURS = re.compile(r"_(Toc|Ref)\d{6}")  # Word's own bookmarks have nine digits
_OUR_WORK = ("DTL308",)  # escaping is ours
_UNKNOWN = "DTL304"
_COLUMN = re.compile(r"tables\.(\w+)\[\*\]\.(\w+)")  # as the linter names it
# with these no further look is taken
_FINAL = frozenset({"forbidden", "too_much", "busy_row"})


def examine(template: bytes, document: Document) -> list[Fault]:
    """List what is wrong with a template for documents like ``document``; [] when it may be used.

    The file is read first without opening it as Word, then it is filled in the sandbox, its tags are
    checked one by one, and at last ``document`` is written in it.
    """
    if missing := missing_means():
        return [missing]
    if faults := package_faults(template) or list(_seen(template)):
        return faults
    filled = fill(template, order_of(document))
    if isinstance(filled, Fault) and filled.key in _FINAL:
        return [filled]
    if faults := _tags(template, document):
        return faults
    if isinstance(filled, Fault):
        return [filled]
    return _places(filled) or _written(filled, document)


def missing_means() -> Fault | None:
    """Return what this machine lacks for templates of a company, if it lacks something."""
    if find_spec("resource") is None:
        return Fault("no_limits")
    for package, name in (("docxtpl", "docxtpl"), ("docxtpl_lint", "docxtpl-lint")):
        if find_spec(package) is None:
            return Fault("package_missing", values={"package": name, "extra": "templates"})
    return None


def _seen(template: bytes) -> Iterator[Fault]:
    """Find what can be seen in the text before anything is filled in."""
    for name, root in _texts(template).items():
        for number, paragraph in enumerate(root.iter(f"{_W}p"), 1):
            text = "".join(str(piece.text or "") for piece in paragraph.iter(f"{_W}t"))
            if _FULL_WIDTH.search(text):
                yield Fault("full_width", Place(_part(name), number), {"text": text[:40]})
        if next(root.iter(*_TRACKED), None) is not None:
            yield Fault("tracked", _part_name(name))
        if any(_OURS.fullmatch(str(one.get(f"{_W}name"))) for one in root.iter(f"{_W}bookmarkStart")):
            yield Fault("issued")
        if next(root.iter(f"{_W}commentReference"), None) is not None:
            yield Fault("comments", _part_name(name))


def _tags(template: bytes, document: Document) -> list[Fault]:
    from docxtpl_lint import lint  # noqa: PLC0415  # an optional extra

    try:
        found = lint(template, schema=schema_of(document), autoescape=True, ignore=_OUR_WORK).errors
    except RecursionError:
        return [Fault("too_much")]
    return [_tag(issue, document) for issue in found]


def _tag(issue: Any, document: Document) -> Fault:
    """Tell a finding of the linter in our words where its own speak of schemas."""
    where = issue.location
    innermost = where.cells[-1] if where.cells else None
    cell = (innermost.table, innermost.row, innermost.col) if innermost else None
    place = Place(_part(where.part), where.paragraph, cell)
    if issue.rule == _UNKNOWN:
        return _unknown(str(issue.params["path"]), place, document)
    sentence = issue.message_for(document.language)
    return Fault("tag", place, {"sentence": sentence, "text": str(issue.snippet)[:80]})


def _unknown(word: str, place: Place, document: Document) -> Fault:
    if (column := _COLUMN.fullmatch(word)) and column[1] in document.tables:
        columns = ", ".join(document.tables[column[1]])
        return Fault("unknown_column", place, {"name": column[1], "word": column[2], "columns": columns})
    known = [*(f"doc.{fact}" for fact in facts(document)), *(f"tables.{one}" for one in document.tables)]
    near = get_close_matches(word, [*known, *PARTS], 1, 0.5)
    return Fault("unknown_near" if near else "unknown_word", place, {"word": word, "near": "".join(near)})


def _places(filled: bytes) -> list[Fault]:
    """Look at the marks left by the sandbox: each must stand where something can be put in its place."""
    faults: list[Fault] = []
    names: list[str] = []
    for name, root in _texts(filled).items():
        body = root.find(f"{_W}body")
        for mark in root.iter(etree.ProcessingInstruction):
            names.append(str(mark.text))
            if body is None or mark.getparent() is not body:
                faults.append(Fault("block_inside", _part_name(name), {"block": str(mark.text)}))
        if body is not None:
            faults += row_faults(body)
        elif found := MARK.search(etree.tostring(root, encoding="unicode")):
            faults.append(Fault("row_outside", _part_name(name), {"name": found[1]}))
    faults += [Fault("block_twice", values={"block": name}) for name in PARTS if names.count(name) > 1]
    if NEEDED not in names:
        faults.append(Fault("block_missing", values={"block": NEEDED}))
    return faults


def _written(filled: bytes, document: Document) -> list[Fault]:
    try:
        pack(document, {}, lambda: CompanyPaper(filled, document))
    except BrokenDocumentError as error:
        return [Fault("broken", values={"detail": "; ".join(error.faults)})]
    return []


def _texts(data: bytes) -> Mapping[str, Element]:
    with ZipFile(BytesIO(data)) as package:
        names = sorted(name for name in package.namelist() if _SHOWN.fullmatch(name))
        return {name: etree.fromstring(package.read(name)) for name in names}


def _part_name(name: str) -> str:
    return "" if name == _MAIN else name


def _part(name: str) -> str:
    """Return which part of a document a file in the package, or a part by the linter's name, is."""
    stem = name.removeprefix("word/")
    return next((part for part in ("header", "footer", "footnotes") if stem.startswith(part)), "body")
