"""Reads YAML into models and turns every fault into a sentence: file, line, place, value, remedy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import YAMLError

from svc_plugin.domain.texts import Texts

T = TypeVar("T")
Place = tuple[int | str, ...]
_NAMES = ("key", "account")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file.

    ``file`` is the path in the folder and ``line`` counts from 1, 0 when there is none. ``place`` is where
    in the data it is, ``shown`` the same for people. ``value`` is what stands there, None for a whole entry.
    ``key`` and ``facts`` make the sentence that says what to do (``fault.<key>`` in the catalogues).
    """

    file: str
    line: int
    place: Place
    shown: str
    value: str | None
    key: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])

    def message(self, texts: Texts) -> str:
        """Say what to do; what no catalogue knows is told in the words of the library that found it."""
        entry = f"fault.{self.key}"
        return texts.say(entry if entry in texts.entries else "fault.other", **self.facts)

    def sentence(self, texts: Texts) -> str:
        """Say everything in one line."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        if not self.shown:
            return f"{where}: {self.message(texts)}"
        value = texts.say("fault.entry") if self.value is None else self.value
        return f"{where}: {self.shown} = {value}: {self.message(texts)}"


class Reader:
    """Reads the files of one folder and collects the faults of all of them in ``faults``.

    ``instead`` gives the text of files by name that is read in place of what the folder holds.
    """

    def __init__(self, folder: Path, instead: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._instead = instead or {}
        self._data: dict[str, Any] = {}
        self.faults: list[Fault] = []

    def read(self, name: str, shape: type[T]) -> T | None:
        """Return ``name`` (path in the folder) as ``shape``; None when it has faults, which are kept."""
        try:
            data = parse(self.text(name))
        except FileNotFoundError:
            self.faults.append(Fault(name, 0, (), "", None, "file_missing"))
            return None
        except (YAMLError, UnicodeDecodeError) as error:
            self.faults.append(_unreadable(name, error))
            return None
        self._data[name] = data
        try:
            return TypeAdapter(shape).validate_python(data)
        except ValidationError as error:
            for found in error.errors(include_url=False):
                facts = {**found.get("ctx", {}), "message": found["msg"]}
                place = tuple(part for part in found["loc"] if part != "[key]")
                self.fault(name, place, found["type"], **facts)
            return None

    def has(self, name: str) -> bool:
        """Tell whether there is such a file: a register that a company may do without."""
        return name in self._instead or (self._folder / name).is_file()

    def found(self, name: str, place: Place) -> Any:
        """Return what stands at ``place`` of a file, the empty mapping when nothing does."""
        return _at(self._data.get(name), place)

    def text(self, name: str) -> str:
        """Return a file as text. Raises ``FileNotFoundError`` and ``UnicodeDecodeError``."""
        given = self._instead.get(name)
        return (self._folder / name).read_text(encoding="utf-8") if given is None else given

    def fault(self, name: str, place: Place, key: str, /, **facts: object) -> None:
        """Keep a fault at ``place`` of a file that was read; its line and its value are looked up here."""
        data = self._data.get(name)
        value = _value(data, place)
        self.faults.append(Fault(name, _line(data, place), place, _shown(data, place), value, key, facts))


def parse(text: str) -> Any:
    """Parse YAML, keeping comments and line numbers. Raises ``YAMLError``."""
    yaml: Any = YAML(typ="rt")  # the library's own types are incomplete
    yaml.Constructor = _Constructor
    return yaml.load(text)


class _Constructor(RoundTripConstructor):
    """Leaves a day that no calendar has (2026-02-30) as text, to be told in its place like any fault."""

    def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:
        try:
            return cast("Any", super()).construct_yaml_timestamp(node, values)
        except ValueError:
            return node.value


_DAY = "tag:yaml.org,2002:timestamp"
cast("Any", _Constructor).add_constructor(_DAY, _Constructor.construct_yaml_timestamp)


def as_written(value: object) -> str:
    """Write a scalar as people read it: text in quotes, a date as 2026-11-22, nothing as empty text."""
    if value is None:
        return "''"
    return value.isoformat() if isinstance(value, date) else repr(value)


def _unreadable(name: str, error: YAMLError | UnicodeDecodeError) -> Fault:
    mark: Any = getattr(error, "problem_mark", None)
    if mark is not None:
        detail = " ".join(str(getattr(error, "problem", error)).split())
        return Fault(name, mark.line + 1, (), "", None, "not_yaml", {"detail": detail})
    return Fault(name, 0, (), "", None, "not_yaml", {"detail": " ".join(str(error).split())})


def _at(data: Any, place: Place) -> Any:
    """Return what stands at ``place``, and the empty mapping when nothing does."""
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return data


def _value(data: Any, place: Place) -> str | None:
    data = _at(data, place)
    return as_written(data) if isinstance(data, str | int | float | bool | date) or data is None else None


def _shown(data: Any, place: Place) -> str:
    # an entry of a register is found by its key, which people know, rather than by its number
    parts = [str(part) for part in place]
    if place and isinstance(place[0], int):
        entry = data[place[0]]
        if isinstance(entry, Mapping):
            named = cast("Mapping[str, object]", entry)
            parts[0] = next((str(named[name]) for name in _NAMES if named.get(name)), parts[0])
    return ".".join(parts)


def _line(data: Any, place: Place) -> int:
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
