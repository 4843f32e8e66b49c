"""The square code on the cover: a scan of the printed page tells which version of which document it is."""

from io import BytesIO

import segno

from docgen.writer.text import clean

_DIGITS = 16


def code_text(document_id: str, version: str, mark: str) -> str:
    """Return what the code says: document, version, and the first digits of the mark over the words."""
    return f"{clean(document_id)};{clean(version)};{mark[:_DIGITS]}"


def code_picture(text: str) -> bytes:
    """Return the code as a PNG picture; not deflated, so that its bytes do not depend on the machine."""
    code = segno.make(text, error="m", micro=False)
    code.save(target := BytesIO(), kind="png", scale=4, border=2, compresslevel=0)
    return target.getvalue()
