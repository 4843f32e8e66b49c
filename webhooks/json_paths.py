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
