"""The words a template may use: what ``{{ … }}`` can stand for, the same for every kind of document."""

from collections.abc import Iterator, Mapping
from typing import Any

from docgen.company.sandbox import Order
from docgen.model import Document, Row, Table
from docgen.writer.paper import PARTS

NEEDED = "sections"  # without it a document would say nothing


def order_of(document: Document) -> Order:
    """Return what a template may use for ``document``.

    ``doc.…`` are the facts of the cover; ``tables.NAME`` gives the rows of a table by the keys of its
    columns; the blocks stand for whole parts.
    """
    return Order(words={"doc": facts(document)}, tables=document.tables, blocks=PARTS)


def rows_of(document: Document, name: str) -> Iterator[Row]:
    """Yield the rows of all tables called ``name``, without totals, made as they are asked for."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.name == name:
                for group in block.groups():
                    yield from group.rows


def schema_of(document: Document) -> dict[str, Any]:
    """Return the words as a JSON Schema, for checking a template before it is used."""
    text = {"type": "string"}
    tables = {
        name: {"type": "array", "items": _object(dict.fromkeys(fields, text))}
        for name, fields in document.tables.items()
    }
    about = _object(dict.fromkeys(facts(document), text))
    return _object({"doc": about, "tables": _object(tables), **dict.fromkeys(PARTS, text)})


def facts(document: Document) -> dict[str, str]:
    """Return the facts of the cover by the names that templates use."""
    front = document.front
    return {
        "id": front.document_id,
        "version": front.version,
        "title": document.title,
        "subtitle": document.subtitle,
        "product": document.product,
        "period": document.period,
        "author": front.author,
        "day": front.day.isoformat(),
        "status": front.status,
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}
