"""Two versions of a document side by side: where their words differ, and how."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from docgen.readback.container import open_word
from docgen.readback.difference import pairs, place_of
from docgen.readback.model import Remark
from docgen.words import Passage, passages, places_of
from svc_plugin.store.documents import StoredDocument
from svc_plugin.web.pages.parts import PageParts
from svc_plugin.web.pages.shelf import LAST_VERSION, visible_document

_MOST = 300  # places on a page
_MOST_WORDS = 2000  # of a passage that is compared word by word
_WORDS = re.compile(r"[A-Za-z0-9_.-]+|\s+|.", re.DOTALL)  # a Chinese character is a word


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a passage; ``changed`` when the other version does not have it there."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where two versions differ; a side is empty where its version says nothing."""

    where: Remark
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
        """Show the places that differ."""
        former, latter = (visible_document(self.parts, name, one, language) for one in (old, new))
        found = list(islice(compared(former, latter), _MOST + 1))
        return render_template(
            "pages/compare.html", old=former, new=latter, places=found[:_MOST], more=len(found) > _MOST
        )


def compared(old: StoredDocument, new: StoredDocument) -> Iterator[Place]:
    """Yield the places at which the words of two versions differ, places to fill in left out."""
    for before, after in pairs(_said(old), _said(new)):
        there = before or after
        if there:
            texts = (before.text if before else "", after.text if after else "")
            yield Place(place_of(there), *_marked(*texts))


def _said(document: StoredDocument) -> Sequence[Passage]:
    body, _, _ = open_word(document.content)
    return list(passages(body, places_of(body)))


def _marked(old: str, new: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS or not (before and after):
        return [Piece(old, changed=True)] if old else [], [Piece(new, changed=True)] if new else []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return (
        [Piece("".join(before[a:b]), changed=kind != "equal") for kind, a, b, _, _ in steps if a < b],
        [Piece("".join(after[c:d]), changed=kind != "equal") for kind, _, _, c, d in steps if c < d],
    )
