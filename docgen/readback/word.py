"""Reads the approval block of a returned Word file, whichever program saved it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from docgen.approval import DAY, DECISION, OPINION, PREFIX, SIGNATORY, SIGNATURE, TITLE
from docgen.identity import file_sha256, text_sha256
from docgen.readback.container import open_word
from docgen.readback.difference import differences
from docgen.readback.model import Answers, Find, Issued, Medium, RefusedError, Remark, Returned, TextState
from docgen.words import Element, W, beside, passages, places_of, squeezed, tag_of, text_of

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_OF_PROGRAMS = frozenset({"TOC", "PAGEREF", "HYPERLINK"})
_PICTURES = tuple(f"{W}{name}" for name in ("drawing", "pict", "object"))


@dataclass(frozen=True, slots=True)
class _Place:
    """One place to fill in, as it was issued."""

    tag: str
    alias: str
    label: str
    prompt: str
    choices: Mapping[str, str]


def read_word(data: bytes, find: Find) -> Returned:
    """Read a returned Word file. Raises ``RefusedError`` when it is hostile or no copy of an issue."""
    body, properties, names = open_word(data)
    document_id, version = properties.get("DocId", ""), properties.get("DocVersion", "")
    if not document_id or not version:
        raise RefusedError("no_properties")
    issued = _issue(find, document_id, version, properties.get("TextSha256", ""))
    original, _, _ = open_word(issued.word)
    where = places_of(original)
    said, says = list(passages(original, where)), list(passages(body, where))
    found = differences(said, says)
    if found:
        text = TextState.ALTERED
    else:
        same = file_sha256(data) == file_sha256(issued.word)
        text = TextState.ISSUED if same else TextState.RESAVED
    answers, remarks = _answers(body, _places(original))
    return Returned(
        Medium.WORD,
        document_id,
        version,
        text,
        answers,
        differences=found,
        remarks=(*remarks, *_oddities(body, original, names)),
        text_sha256=text_sha256(issued.word),
    )


def _issue(find: Find, document_id: str, version: str, mark: str) -> Issued:
    issues = find(document_id, version)
    if not issues:
        raise RefusedError("unknown_document", document=document_id, version=version)
    # one issue a language; a copy whose mark was changed is held against the first
    return next((one for one in issues if text_sha256(one.word) == mark), issues[0])


def _oddities(body: Element, original: Element, names: frozenset[str]) -> list[Remark]:
    """Point out what the words do not show: a person must look at it."""
    odd: list[Remark] = []
    if any(name.startswith("_xmlsignatures/") for name in names):
        odd.append(Remark("word_signature"))
    if next(body.iter(f"{W}ins", f"{W}del"), None) is not None:
        odd.append(Remark("tracked_changes"))
    if added := _pictures(body) - _pictures(original):
        odd.append(Remark("pictures_added", {"count": added.total()}))
    if added := _fields(body) - _fields(original):
        odd.append(Remark("fields_added", {"kinds": ", ".join(sorted(added))}))
    return odd


def _pictures(body: Element) -> Counter[str]:
    """Count pictures, charts and boxes of text outside the approval; two forms of one count once."""
    return Counter(
        "drawn"
        for one in body.iter(*_PICTURES)
        if not _tag(one.getparent()).endswith("}Fallback")
        and not any(tag_of(around).startswith(PREFIX) for around in one.iterancestors(f"{W}sdt"))
    )


def _fields(body: Element) -> Counter[str]:
    """Count fields by their kind; programs add those of contents and links by themselves."""
    simple = (str(one.get(f"{W}instr", "")) for one in body.iter(f"{W}fldSimple"))
    commands = (*simple, *("".join(one.itertext()) for one in body.iter(f"{W}instrText")))
    kinds = (words[0].upper() for command in commands if (words := command.split()))
    return Counter(kind for kind in kinds if kind not in _OF_PROGRAMS)


def _tag(element: Element | None) -> str:
    return "" if element is None else str(element.tag)


def _places(original: Element) -> list[_Place]:
    return [
        _Place(
            tag=tag_of(control),
            alias=_attribute(control.find(f"{W}sdtPr/{W}alias"), "val"),
            label=squeezed(text_of(label)),
            prompt=_said_in(control).strip(),
            choices={
                squeezed(_attribute(item, "displayText")): _attribute(item, "value")
                for item in control.iter(f"{W}listItem")
            },
        )
        for table in original.iter(f"{W}tbl")
        for label, cell in beside(table)
        for control in _controls(cell)
        if tag_of(control).startswith(PREFIX)
    ]


def _answers(body: Element, places: list[_Place]) -> tuple[Answers, list[Remark]]:
    """Return what was filled in, and what could not be understood."""
    if not places:
        return Answers(), [Remark("no_approval")]
    scopes, remarks = _scopes(body, places), list[Remark]()
    texts = {place.tag: _filled(scopes[place.tag], place) for place in places if place.tag in scopes}
    missing = [place.label for place in places if place.tag not in scopes]
    remarks += [Remark("place_missing", {"label": label}) for label in missing]
    choices = next((place.choices for place in places if place.tag == DECISION), dict[str, str]())
    written = squeezed(texts.get(DECISION, ""))
    decision = choices.get(written, written if written in choices.values() else "")
    if written and not decision:
        remarks.append(Remark("decision_not_understood", {"text": texts[DECISION]}))
    day = _day(texts.get(DAY, ""), scopes.get(DAY))
    if texts.get(DAY) and day is None:
        remarks.append(Remark("day_not_understood", {"text": texts[DAY]}))
    if not any(texts.values()):
        remarks.append(Remark("not_filled"))
    sign = scopes.get(SIGNATURE)
    drawn = sign is not None and next(sign.iter(*_PICTURES), None) is not None
    return (
        Answers(
            decision=decision,
            opinion=texts.get(OPINION, ""),
            signatory=texts.get(SIGNATORY, ""),
            title=texts.get(TITLE, ""),
            signed=drawn or bool(texts.get(SIGNATURE)),
            day=day,
        ),
        remarks,
    )


def _scopes(body: Element, places: list[_Place]) -> dict[str, Element]:
    """Find each place by its tag, else by its name, else by the label in the cell to the left."""
    by_tag: dict[str, Element] = {}
    by_alias: dict[str, Element] = {}
    for control in _controls(body):
        if tag := tag_of(control):
            by_tag.setdefault(tag, control)
        else:
            by_alias.setdefault(_attribute(control.find(f"{W}sdtPr/{W}alias"), "val"), control)
    labels = {place.label for place in places}
    by_label: dict[str, Element] = {}
    for table in body.iter(f"{W}tbl"):
        cells = {squeezed(text_of(label)): cell for label, cell in beside(table)}
        if labels <= cells.keys():
            by_label = cells
    found = {
        place.tag: by_tag.get(place.tag, by_alias.get(place.alias, by_label.get(place.label)))
        for place in places
    }
    return {tag: scope for tag, scope in found.items() if scope is not None}


def _controls(scope: Element) -> list[Element]:
    return list(scope.iter(f"{W}sdt"))


def _filled(scope: Element, place: _Place) -> str:
    """Return what was written, without the prompt that an office suite may have left beside it."""
    return _said_in(scope).replace(place.prompt, "", 1).strip() if place.prompt else _said_in(scope).strip()


def _said_in(scope: Element) -> str:
    paragraphs = list(scope.iter(f"{W}p"))
    return "\n".join(map(text_of, paragraphs)) if paragraphs else text_of(scope)


def _day(text: str, scope: Element | None) -> date | None:
    """Return the day that is written, else the one that the control holds."""
    held = "" if scope is None or not text else _attribute(next(scope.iter(f"{W}date"), None), "fullDate")
    for written in (text, held):
        if match := _DAY.search(written):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                return None
    return None


def _attribute(element: Element | None, name: str) -> str:
    return "" if element is None else str(element.get(f"{W}{name}", ""))
