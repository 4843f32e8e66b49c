"""By which marks a file, its content and the data behind it are recognised (M65)."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from docgen.words import mark_of, passages, places_of


def file_sha256(data: bytes) -> str:
    """Return the mark of a file as it was handed out, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def content_sha256(data: bytes) -> str:
    """Return the mark of what is in a Word file, whatever packed it: the same after another zip program.

    It is taken over the sorted names and marks of the parts. Raises ``zipfile.BadZipFile`` when ``data``
    is no such file.
    """
    digest = hashlib.sha256()
    with ZipFile(BytesIO(data)) as package:
        for name in sorted(package.namelist()):
            digest.update(f"{name}\0{file_sha256(package.read(name))}\n".encode())
    return digest.hexdigest()


def text_sha256(data: bytes) -> str:
    """Return the mark over the words of a Word file of ours, outside what people fill in and fields.

    It is the same after an office suite has saved the file (``docgen.words``). Raises
    ``zipfile.BadZipFile`` or ``KeyError`` when ``data`` is no Word file; for files of strangers use
    ``docgen.readback``.
    """
    with ZipFile(BytesIO(data)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    return mark_of(passages(body, places_of(body)))


def stated_text_sha256(data: bytes) -> str:
    """Return the mark over its words that a Word file of ours states.

    Of a file that we have just written it is ``text_sha256``, without the memory to read all of it again.
    Raises ``zipfile.BadZipFile`` or ``KeyError`` when ``data`` is no such file.
    """
    with ZipFile(BytesIO(data)) as package:
        custom = etree.fromstring(package.read("docProps/custom.xml"))
    stated = {one.get("name"): "".join(one.itertext()) for one in custom}
    return stated["TextSha256"]


def data_sha256(data: object) -> str:
    """Return the mark of the data behind a document: dataclasses down to texts, numbers and moments."""
    return hashlib.sha256(canonical_json(data).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(data: object) -> str:
    """Write data in the one way that does not depend on process, field order or time zone.

    Moments are written in UTC and spans in seconds. Raises ``TypeError`` for a type it does not know.
    """
    return json.dumps(data, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value):
        kind: type = type(value)
        return {name: getattr(value, name) for name in _names(kind)}
    raise TypeError(
        f"{type(value).__name__} has no canonical form: give dataclasses, texts, numbers, moments"
    )
