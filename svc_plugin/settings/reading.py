"""Reads YAML into models and turns every fault into a sentence: file, line, place, value, remedy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

T = TypeVar("T")


class Reader:
    """Reads the files of one folder and collects the faults of all of them in ``faults``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.faults: list[str] = []

    def read(self, name: str, shape: type[T]) -> T | None:
        """Return ``name`` (path in the folder) as ``shape``; None when it has faults, which are kept."""
        path = self._folder / name
        try:
            data = _parse(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.faults.append(f"{name}: the file is missing; `svc-plugin init` writes an example")
            return None
        except (YAMLError, UnicodeDecodeError) as error:
            self.faults.append(f"{name}: not readable as YAML: {' '.join(str(error).split())}")
            return None
        try:
            return TypeAdapter(shape).validate_python(data)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self.faults.append(self._sentence(name, data, fault["loc"], fault["input"], fault["msg"]))
            return None

    @staticmethod
    def _sentence(name: str, data: Any, place: Sequence[int | str], value: object, message: str) -> str:
        shown = repr(value) if isinstance(value, str | int | float | bool) or value is None else "this entry"
        where = ".".join(str(part) for part in place if part != "[key]") or "the whole file"
        return f"{name}:{_line(data, place)}: {where} = {shown}: {message.removeprefix('Value error, ')}"


def _parse(text: str) -> Any:
    return cast("Any", YAML(typ="rt")).load(text)  # the library's own types are incomplete


def _line(data: Any, place: Sequence[int | str]) -> int:
    """Return the line (from 1) of the deepest part of ``place`` that the file really has."""
    line = 0
    for part in place:
        marks: Any = getattr(data, "lc", None)
        try:
            line = (marks.item(part) if isinstance(part, int) else marks.key(part))[0]
            data = data[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line + 1
