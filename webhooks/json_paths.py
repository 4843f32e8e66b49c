"""Following names into JSON that somebody else wrote."""

from collections.abc import Mapping
from typing import cast


def at(data: object, path: str) -> object:
    """Follow ``path`` (names joined by dots) through objects; None where there is nothing."""
    for name in path.split("."):
        if not isinstance(data, dict):
            return None
        data = cast("Mapping[str, object]", data).get(name)
    return data


def text_at(data: object, path: str) -> str:
    """Follow ``path`` to a text of at most 255 signs; "" where there is none."""
    found = at(data, path)
    return found[:255] if isinstance(found, str) and found.isprintable() else ""
