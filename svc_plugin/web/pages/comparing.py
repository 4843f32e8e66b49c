"""Two versions of a document side by side: where their words differ, and how."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, islice, zip_longest

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from docgen.readback.container import open_word
from docgen.words import Passage, passages, places_of, squeezed
from svc_plugin.store.documents import StoredDocument
from svc_plugin.web.pages.parts import PageParts
from svc_plugin.web.pages.shelf import LAST_VERSION, visible_document

_PART = 40  # places on a page
_MOST_LINES = 3000  # that are aligned exactly; of more, those that stand everywhere are left out of account
_MOST_WORDS = 2000  # of a line that is compared word by word
_WORDS = re.compile(r"[A-Za-z0-9_.-]+|\s+|.", re.DOTALL)  # a Chinese character is a word


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a row of a table: ``row`` is 0 for a paragraph, ``number`` counts either."""

    text: str
    number: int
    row: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; ``changed`` when the other version does not have it there."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where two versions differ; a side is empty where its version says nothing."""

    where: Line
    old: Sequence[Piece]
    new: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Comparing:
    """The view."""

    parts: PageParts

    def install(self, pages: Blueprint) -> None:
        """Add the view."""
        number = f"int(max={LAST_VERSION})"
        address = f"/shelf/<name>/<language>/compare/<{number}:old>/<{number}:new>"
        pages.add_url_rule(address, "compare", self.show)

    def show(self, name: str, language: str, old: int, new: int) -> ResponseReturnValue:
        """Show the places that differ, a part at a time."""
        former, latter = (visible_document(self.parts, name, one, language) for one in (old, new))
        start = request.args.get("start", 0, type=int)
        found = list(islice(compared(former, latter), max(start, 0), max(start, 0) + _PART + 1))
        return render_template(
            "pages/compare.html",
            old=former,
            new=latter,
            places=found[:_PART],
            further=start + _PART if len(found) > _PART else None,
        )


def compared(old: StoredDocument, new: StoredDocument) -> Iterator[Place]:
    """Yield the places at which the words of two versions differ, places to fill in left out."""
    before, after = _said(old), _said(new)
    was_said, is_said = ([squeezed(line.text) for line in lines] for lines in (before, after))
    large = max(len(before), len(after)) > _MOST_LINES
    for kind, a, b, c, d in SequenceMatcher(None, was_said, is_said, autojunk=large).get_opcodes():
        for was, now in zip_longest(before[a:b], after[c:d]) if kind != "equal" else ():
            there = now or was
            if there:
                yield Place(there, *_marked(was.text if was else "", now.text if now else ""))


def _said(document: StoredDocument) -> Sequence[Line]:
    body, _, _ = open_word(document.content)
    rows = groupby(passages(body, places_of(body)), lambda one: (one.number, one.row))
    return [_line(list(cells), *place) for place, cells in rows]


def _line(cells: Sequence[Passage], number: int, row: int) -> Line:
    return Line(" | ".join(" ".join(one.text.split()) for one in cells), number, row)


def _marked(old: str, new: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS or not (before and after):
        return [Piece(old, changed=True)] if old else [], [Piece(new, changed=True)] if new else []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return (
        [Piece("".join(before[a:b]), changed=kind != "equal") for kind, a, b, _, _ in steps if a < b],
        [Piece("".join(after[c:d]), changed=kind != "equal") for kind, _, _, c, d in steps if c < d],
    )
