"""How our own comments are known again: their last line is ``〔svc:MARKER〕``."""

import re
from typing import Final

from svc_plugin.sites.plain import lines

_MARKED: Final = re.compile(r"(?P<body>.*?)\n?^〔svc:(?P<marker>[^〕\n]+)〕\s*\Z", re.DOTALL | re.MULTILINE)


def note_text(marker: str, text: str) -> str:
    """Return the note for a comment: the text, and the marker on a line of its own."""
    return f"{text}\n\n〔svc:{marker}〕"


def read_note(note: str) -> tuple[str, str] | None:
    """Split a note into marker and text; None when it bears no marker."""
    found = _MARKED.fullmatch(lines(note))
    return (found["marker"], found["body"].rstrip("\n")) if found else None
