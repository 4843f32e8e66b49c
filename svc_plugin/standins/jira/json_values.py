"""Reading JSON of unknown shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

Json: TypeAlias = dict[str, object]


def mapping(value: object) -> Mapping[str, object]:
    """The object, empty for anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def listing(value: object) -> Sequence[object]:
    """The list, empty for anything else."""
    return cast("Sequence[object]", value) if isinstance(value, list) else []


def text(value: object) -> str:
    """The text, "" for anything else."""
    return value if isinstance(value, str) else ""


def whole(value: object, default: int) -> int:
    """The whole number, also one written as text; ``default`` for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else default


def texts(value: object) -> tuple[str, ...]:
    """The texts in a list or in a stored tuple, empty for anything else."""
    parts = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
    return tuple(str(one) for one in parts)
