"""What the pages show, whichever tracker it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

URL: Final = re.compile(r"https?://[^\s<>\"'，。；）]+")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One control of a form: `options` are (value, label) pairs of a drop-down, empty for other kinds."""

    name: str
    label: str
    kind: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value, both for reading."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act for reading: who, when, its changes as sentences, what was said."""

    author: str
    at: datetime
    changes: tuple[str, ...]
    notes: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An issue in a list; ``name`` is what people call it, ``final`` whether its status ends it."""

    url: str
    name: str
    kind: str
    title: str
    project: str
    status: str
    final: bool
    assignee: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class File:
    """An attached file."""

    url: str
    name: str
    size: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An issue on its own page: ``moves`` are the values of buttons with their labels."""

    row: Row
    project_url: str
    created: datetime
    description: str
    facts: Sequence[Fact]
    moves: Choices
    move_name: str
    controls: Sequence[Input]
    entries: Sequence[Entry]
    related: Sequence[tuple[str, Row]]
    children: Sequence[Row]
    files: Sequence[File]
    may_note: bool
    may_hide: bool


def linked(text: str) -> Markup:
    """The text, escaped, with its URLs as links and its lines kept."""
    parts: list[str] = []
    last = 0
    for match in URL.finditer(text):
        url = match.group().rstrip(".,;:!?)")
        parts.append(str(escape(text[last : match.start()])))
        parts.append(f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(url)}</a>')
        last = match.start() + len(url)
    parts.append(str(escape(text[last:])))
    return Markup("".join(parts))  # noqa: S704 - every part was escaped above


def phrase(label: str, old: str, new: str, words: dict[str, str]) -> str:
    """One change as a sentence."""
    if not new:
        return f"{label} {words['removed']}: {old}"
    if not old:
        return f"{label} {words['set_to']} {new}"
    return f"{label} {words['changed']} {old} {words['to']} {new}"
