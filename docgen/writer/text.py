"""Text as WordprocessingML: cleaned, escaped, and nothing in it taken for markup."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# what XML 1.0 cannot hold, or editors stumble over; surrogates standing alone cannot be encoded
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# signs that both scripts use: without a hint Word sets them in the Latin font, half as wide
_SHARED_SIGNS = re.compile("[\u2018\u2019\u201c\u201d\u2026\u2014\u00b7\u00d7\u00b1]")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_HINT = '<w:rFonts w:hint="eastAsia"/>'

_START, _END = '<w:r><w:t xml:space="preserve">', "</w:t></w:r>"
_BREAK, _TAB = (f'</w:t><w:{sign}/><w:t xml:space="preserve">' for sign in ("br", "tab"))
_BETWEEN = "\x1f"  # one of the signs that no text keeps
# what needs a closer look; most rows of a table hold none of it
_UNUSUAL = re.compile(
    f"[\x00-\x08\x0b-\x1e\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]|{_SHARED_SIGNS.pattern}"
)


def clean(text: str) -> str:
    """Return text that any XML file can hold: one sign for line ends, no control characters."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def wants_hint(text: str) -> bool:
    """Tell whether text holds signs that need a hint to be set as Chinese."""
    return bool(_SHARED_SIGNS.search(text) and _HAN.search(text))


def attribute(text: str) -> str:
    """Return text for use between double quotes."""
    return escape(clean(text), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def run(text: str, properties: str = "") -> str:
    """Return one run: line ends become breaks and tabs become tabs.

    ``properties`` is the content of ``w:rPr`` that follows the fonts.
    """
    cleaned = clean(text)
    if wants_hint(cleaned):
        properties = f"{_HINT}{properties}"
    start = f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">' if properties else _START
    return f"{start}{_broken(cleaned)}{_END}"


def runs(texts: Sequence[str]) -> list[str]:
    """Return one run for each text, "" for an empty one; all at once where nothing in them is unusual."""
    joined = _BETWEEN.join(texts)
    if not _UNUSUAL.search(joined):
        pieces = _broken(joined).split(_BETWEEN)
        if len(pieces) == len(texts):  # else a text held the sign that stands between them
            return [f"{_START}{piece}{_END}" if piece else "" for piece in pieces]
    return [run(text) if text else "" for text in texts]


def _broken(text: str) -> str:
    return escape(text).replace("\n", _BREAK).replace("\t", _TAB)
