"""Plain text as wiki markup and back: what Jira shows is what we said, and what it gives back compares equal.

Data Center keeps the markup as it was written. Cloud keeps a document and writes markup from it anew, so
that escapes may come or go and addresses become links.
"""

import re
from typing import Final

_ADDRESS: Final = re.compile(r"(https?://[^\s|\[\]\\*{}!^]+)")
_MARKUP: Final = re.compile(r"[\\{}\[\]|!*_^~+]|^[-#](?=\s)", re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\([\\{}\[\]|!*_^~+#-])")
_LINK: Final = re.compile(r"(?<!\\)\[(?:[^\]|]*\|)?(https?://[^\]|\s]+)(?:\|smart-[a-z]+)?\]")


def to_wiki(text: str) -> str:
    """Return markup that shows ``text`` as it is; addresses stay as they are and become links."""
    parts = _ADDRESS.split(text)
    return "".join(part if place % 2 else _MARKUP.sub(r"\\\g<0>", part) for place, part in enumerate(parts))


def from_wiki(markup: str) -> str:
    """Return the text behind markup that ``to_wiki`` made, also when Cloud has written it anew."""
    return _ESCAPED.sub(r"\1", _LINK.sub(r"\1", markup))
