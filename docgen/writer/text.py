"""Text as WordprocessingML: cleaned, escaped, and nothing in it taken for markup."""

import re
from xml.sax.saxutils import escape

_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# what XML 1.0 cannot hold, or editors stumble over; surrogates standing alone cannot be encoded
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# signs that both scripts use: without a hint Word sets them in the Latin font, half as wide
_SHARED_SIGNS = re.compile("[\u2018\u2019\u201c\u201d\u2026\u2014\u00b7\u00d7\u00b1]")
# most text has none of all these and is written as it is
_SPECIAL = re.compile(f"[&<>\n\r\t\u2028\u2029]|{_UNWANTED.pattern}|{_SHARED_SIGNS.pattern}")
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_HINT = '<w:rFonts w:hint="eastAsia"/>'


def clean(text: str) -> str:
    """Return text that any XML file can hold: one sign for line ends, no control characters."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def attribute(text: str) -> str:
    """Return text for use between double quotes."""
    return escape(clean(text), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def element_text(text: str) -> str:
    """Return text for use between tags."""
    return escape(clean(text))


def run(text: str, properties: str = "") -> str:
    """Return one run: line ends become breaks and tabs become tabs.

    ``properties`` is the content of ``w:rPr`` without fonts.
    """
    if not _SPECIAL.search(text):
        return f'{_opening(properties)}<w:t xml:space="preserve">{text}</w:t></w:r>'
    if _SHARED_SIGNS.search(text) and _HAN.search(text):
        # schema order: a character style comes first, fonts follow
        style, rest = _split_style(properties)
        properties = f"{style}{_HINT}{rest}"
    return f"{_opening(properties)}{_content(clean(text))}</w:r>"


def _opening(properties: str) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>" if properties else "<w:r>"


def _split_style(properties: str) -> tuple[str, str]:
    if not properties.startswith("<w:rStyle"):
        return "", properties
    end = properties.index("/>") + 2
    return properties[:end], properties[end:]


def _content(text: str) -> str:
    pieces: list[str] = []
    for piece in re.split(r"([\n\t])", text):
        if piece == "\n":
            pieces.append("<w:br/>")
        elif piece == "\t":
            pieces.append("<w:tab/>")
        elif piece:
            pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(pieces)
