"""Styles of ours in a company's file: its own by their names, and what it lacks brought along."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.numbering import NumberingPart
from docx.styles import BabelFish

from docgen.words import Element
from docgen.writer.elements import element_of
from docgen.writer.template import open_template

# the frame of the pages is the company's
_NOT_BROUGHT = frozenset({"header", "header across", "footer"})
_HEADINGS, _BULLETS = "1", "2"  # our lists in our own template


def bring_styles(word: WordDocument) -> tuple[Mapping[str, str], str]:
    """Add what the file lacks of our styles and lists.

    Return the id of each style by the name it has in our own template, and the id of the list for headings.
    """
    ours = open_template()
    lists = _bring_lists(word, element_of(ours.part.numbering_part))
    theirs: Element = element_of(word.styles)
    known = {_key(style): _id(style) for style in theirs.findall(qn("w:style"))}
    wanted = list(element_of(ours.styles).findall(qn("w:style")))
    taken = set(known.values())
    ids: dict[str, str] = {}
    brought: list[Element] = []
    for style in wanted:
        key = _key(style)
        if key not in known and style.get(qn("w:default")) is None and key[1] not in _NOT_BROUGHT:
            known[key] = _free_id(_id(style), taken)
            taken.add(known[key])
            brought.append(style)
        ids[_id(style)] = known.get(key) or _default_id(theirs, key[0])
    for style in brought:
        theirs.append(_copied(style, ids, lists))
    names = {_id(style): BabelFish.internal2ui(_name(style)) for style in wanted}
    return {names[one]: theirs_id for one, theirs_id in ids.items()}, lists[_HEADINGS]


def _copied(style: Element, ids: Mapping[str, str], lists: Mapping[str, str]) -> Element:
    copy = deepcopy(style)
    copy.set(qn("w:styleId"), ids[_id(style)])
    for name in ("basedOn", "next", "link"):
        for one in copy.findall(qn(f"w:{name}")):
            one.set(qn("w:val"), ids[str(one.get(qn("w:val")))])
    for one in copy.iter(qn("w:numId")):
        one.set(qn("w:val"), lists[str(one.get(qn("w:val")))])
    return copy


def _bring_lists(word: WordDocument, ours: Element) -> dict[str, str]:
    """Add our lists; return their ids here by those of our own template."""
    theirs = _numbering(word)
    abstract, lists = qn("w:abstractNum"), qn("w:num")
    shift = _highest(theirs, abstract, qn("w:abstractNumId"))
    start = _highest(theirs, lists, qn("w:numId"))
    first_list = theirs.find(lists)
    given: dict[str, str] = {}
    for one in ours.findall(abstract):
        copy = deepcopy(one)
        copy.set(qn("w:abstractNumId"), str(int(str(one.get(qn("w:abstractNumId")))) + shift))
        for linked in list(copy.iter(qn("w:pStyle"))):
            linked.getparent().remove(linked)  # type: ignore[union-attr]  # the style may be theirs
        # definitions stand before lists
        theirs.append(copy) if first_list is None else first_list.addprevious(copy)
    for one in ours.findall(lists):
        copy = deepcopy(one)
        former = str(one.get(qn("w:numId")))
        given[former] = str(int(former) + start)
        copy.set(qn("w:numId"), given[former])
        for linked in copy.findall(qn("w:abstractNumId")):
            linked.set(qn("w:val"), str(int(str(linked.get(qn("w:val")))) + shift))
        last = theirs.findall(lists)
        last[-1].addnext(copy) if last else theirs.append(copy)
    return given


def _numbering(word: WordDocument) -> Element:
    try:
        part = word.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        root: Any = deepcopy(element_of(open_template().part.numbering_part))
        root[:] = []
        package = cast(Package, word.part.package)
        part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, root, package)
        word.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return element_of(part)


def _highest(root: Element, tag: str, attribute: str) -> int:
    return max((int(str(one.get(attribute))) for one in root.findall(tag)), default=0)


def _free_id(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted = f"{wanted}X"
    return wanted


def _default_id(styles: Element, kind: str) -> str:
    found = [_id(one) for one in styles.findall(qn("w:style")) if one.get(qn("w:type")) == kind]
    default = [
        _id(one)
        for one in styles.findall(qn("w:style"))
        if one.get(qn("w:type")) == kind and one.get(qn("w:default")) in {"1", "true", "on"}
    ]
    return (default or found or [""])[0]


def _key(style: Element) -> tuple[str, str]:
    """Names of built-in styles differ in case between programs; ids differ between languages."""
    return str(style.get(qn("w:type"))), _name(style).lower()


def _name(style: Element) -> str:
    found = style.find(qn("w:name"))
    return "" if found is None else str(found.get(qn("w:val")))


def _id(style: Element) -> str:
    return str(style.get(qn("w:styleId")))
