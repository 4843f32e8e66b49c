"""How our own comments are known again: their last line is ``〔svc:MARKER〕``, and where to read more."""

import re
from typing import Final

from svc_plugin.sites.plain import lines

_MARKED: Final = re.compile(
    r"(?P<body>.*?)\n?^〔svc:(?P<marker>[^〕\n]+)〕(?: https?://\S+)?\s*\Z", re.DOTALL | re.MULTILINE
)


def note_text(marker: str, text: str, link: str = "") -> str:
    """Return the note for a comment: the text, and the marker on a line of its own.

    ``link`` follows the marker: the address of the page that proves what the comment says. It is no part of
    what the comment says.
    """
    marked = f"{text}\n\n〔svc:{marker}〕"
    return f"{marked} {link}" if link else marked


def read_note(note: str) -> tuple[str, str] | None:
    """Split a note into marker and text; None when it bears no marker."""
    found = _MARKED.fullmatch(lines(note))
    return (found["marker"], found["body"].rstrip("\n")) if found else None
