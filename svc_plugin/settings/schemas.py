"""JSON Schemas of the configuration files, made from their shapes: editors complete and check with them."""

import json
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from svc_plugin.settings.files import MainFile, MappingFile, PolicyFile
from svc_plugin.settings.register_files import (
    CalendarFile,
    CostFile,
    CustomerFile,
    PersonFile,
    ProductFile,
    RatesFile,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHAPES = MappingProxyType(
    {
        "svc-plugin": MainFile,
        "policy": PolicyFile,
        "mapping": MappingFile,
        "calendar": CalendarFile,
        "people": list[PersonFile],
        "products": list[ProductFile],
        "customers": list[CustomerFile],
        "rates": RatesFile,
        "costs": list[CostFile],
    }
)


def schemas() -> dict[str, str]:
    """Return every schema as JSON text by file name, such as ``people.schema.json``."""
    return {f"{name}.schema.json": _schema(shape) for name, shape in _SHAPES.items()}


def _schema(shape: Any) -> str:
    body = TypeAdapter(shape).json_schema()
    return json.dumps({"$schema": _DIALECT, **body}, ensure_ascii=False, indent=2) + "\n"
