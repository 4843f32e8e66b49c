"""Text as WordprocessingML: cleaned, escaped, and nothing in it taken for markup."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docgen.words import BETWEEN

_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# what XML 1.0 cannot hold, or editors stumble over; surrogates standing alone cannot be encoded
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# signs that both scripts use: without a hint Word sets them in the Latin font, half as wide
_SHARED_SIGNS = re.compile("[\u2018\u2019\u201c\u201d\u2026\u2014\u00b7\u00d7\u00b1]")
# the first of them in a text, up to where the text ends
_FIRST_SHARED_SIGN = re.compile(f"{_SHARED_SIGNS.pattern}[^{BETWEEN}]*")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_HINT = '<w:rFonts w:hint="eastAsia"/>'

_START, _END = '<w:r><w:t xml:space="preserve">', "</w:t></w:r>"
_BREAK, _TAB = (f'</w:t><w:{sign}/><w:t xml:space="preserve">' for sign in ("br", "tab"))
_SEPARATOR, _EMPTY = BETWEEN.encode(), f"{_START}{_END}".encode()
_NEXT = f"{_END}{BETWEEN}{_START}".encode()
_HINTED = b"<w:r>", f"<w:r><w:rPr>{_HINT}</w:rPr>".encode()
# what must be cleaned; most tables hold none of it
_UNCLEAN = re.compile("[\x00\x02-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


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


def join(texts: Sequence[str]) -> str:
    """Return texts cleaned, in one string with ``BETWEEN`` between them: thousands at once cost like one."""
    joined = BETWEEN.join(texts)
    if _UNCLEAN.search(joined) or joined.count(BETWEEN) != len(texts) - 1:
        return BETWEEN.join(map(clean, texts))
    return joined


def runs(joined: str) -> list[bytes]:
    """Return one run for each text of ``joined``, which ``join`` made; nothing for an empty one."""
    whole = f"{_START}{_broken(joined)}{_END}".encode().replace(_SEPARATOR, _NEXT)
    made = whole.replace(_EMPTY, b"").split(_SEPARATOR)
    place = reached = 0
    for text in _FIRST_SHARED_SIGN.finditer(joined):
        place += joined.count(BETWEEN, reached, text.start())
        reached = text.start()
        if _HAN.search(joined, joined.rfind(BETWEEN, 0, reached) + 1, text.end()):
            made[place] = made[place].replace(*_HINTED, 1)
    return made


def broken(joined: str) -> list[str]:
    """Return the content of one ``w:t`` for each text of ``joined``, which ``join`` made."""
    return _broken(joined).split(BETWEEN)


def _broken(text: str) -> str:
    return escape(text).replace("\n", _BREAK).replace("\t", _TAB)
