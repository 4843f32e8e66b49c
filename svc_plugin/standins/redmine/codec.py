"""Records to JSON and back: frozen dataclasses of numbers, texts, moments, tuples and mappings."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

R = TypeVar("R")


def encode(value: object) -> object:
    """The JSON form of a record or of a value in one."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: encode(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in cast("Mapping[object, object]", value).items()}
    return value


def decode(kind: type[R], value: object) -> R:
    """A record of `kind` from what `encode` made; raises TypeError or ValueError for anything else."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{kind.__name__} is {value!r}; expected an object")
    hints = get_type_hints(kind)
    data = cast("Mapping[str, object]", value)
    return kind(**{name: _decode(hints[name], item) for name, item in data.items()})


def _decode(kind: object, value: object) -> object:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return None if value is None else _decode(next(k for k in inner if k is not types.NoneType), value)
    if origin is tuple:
        return tuple(_decode(inner[0], item) for item in cast("list[object]", value))
    if origin is Mapping:
        return {int(key): item for key, item in cast("Mapping[str, object]", value).items()}
    if kind is datetime:
        return datetime.fromisoformat(str(value))
    if isinstance(kind, type) and is_dataclass(kind):
        return decode(kind, value)
    return value
