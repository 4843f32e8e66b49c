"""Reads what comes back: a filled Word file, a scan of the printed page, a digitally signed PDF (M26, M48).

Reading fills a form in advance; a person confirms it. Uploads are hostile until they are proven harmless.
"""

from collections.abc import Sequence

from docgen.readback.container import LARGEST_FILE
from docgen.readback.model import Find, RefusedError, Returned
from docgen.readback.paper import read_paper
from docgen.readback.word import read_word

_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def read_back(data: bytes, find: Find, *, roots: Sequence[bytes] = ()) -> Returned:
    """Read a returned copy; ``find`` gives the issues of a document and version, one a language.

    ``roots`` are the certificates (DER or PEM) whose signatures are trusted. Raises ``RefusedError`` when
    the copy cannot be read, is none of ours, or needs a package that is not installed.
    """
    if len(data) > LARGEST_FILE:
        raise RefusedError("too_large", most=LARGEST_FILE // 1_000_000)
    if data.startswith(_ZIP):
        return read_word(data, find)
    if data.startswith((_PDF, *_PICTURES)):
        return read_paper(data, find, roots, pdf=data.startswith(_PDF))
    raise RefusedError("unknown_type")
