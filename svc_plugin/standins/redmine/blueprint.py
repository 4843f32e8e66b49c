"""Reading a blueprint entry by entry, with errors that name the entry, the value and the fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast


@dataclass(slots=True)
class Numbers:
    """Ids by section and name; a name keeps its number for as long as the state file lives."""

    known: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])

    def of(self, section: str, name: str, first: int = 1) -> int:
        """The id of `name`, the next free one from `first` on when it is new."""
        ids = self.known.setdefault(section, {})
        return ids.setdefault(name, max([first - 1, *ids.values()]) + 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a section; every reader raises ValueError when the value has the wrong shape."""

    where: str
    id: int
    name: str
    data: Mapping[str, object]

    def fault(self, key: str, value: object, fix: str) -> ValueError:
        """The error for one value: says where it stands, what it is and what to do."""
        return ValueError(f"{self.where}: {key} is {value!r}; {fix}")

    def text(self, key: str) -> str:
        """A text, "" when missing."""
        value = self.data.get(key, "")
        if not isinstance(value, str):
            raise self.fault(key, value, "write a text")
        return value

    def flag(self, key: str) -> bool:
        """A yes or no, no when missing."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, value, "write true or false")
        return value

    def items(self, key: str) -> Sequence[object]:
        """A list, empty when missing."""
        value = self.data.get(key, ())
        if not isinstance(value, list | tuple):
            raise self.fault(key, value, "write a list")
        return cast("Sequence[object]", value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when missing."""
        found = tuple(item for item in self.items(key) if isinstance(item, str))
        if len(found) != len(self.items(key)):
            raise self.fault(key, self.items(key), "write a list of texts")
        return found

    def known(self, key: str, ids: Mapping[str, int]) -> int:
        """The id of the name that stands there."""
        return self._look_up(key, self.text(key), ids)

    def all_known(self, key: str, ids: Mapping[str, int]) -> tuple[int, ...]:
        """The ids of the names that stand there."""
        return tuple(self._look_up(key, name, ids) for name in self.texts(key))

    def pairs(self, key: str, ids: Mapping[str, int]) -> Iterator[tuple[int, int]]:
        """The ids of pairs of names."""
        for item in self.items(key):
            pair = Row(self.where, self.id, self.name, {key: item}).all_known(key, ids)
            if len(pair) != 2:
                raise self.fault(key, item, "write a pair: from, to")
            yield pair[0], pair[1]

    def _look_up(self, key: str, name: str, ids: Mapping[str, int]) -> int:
        if name not in ids:
            raise self.fault(key, name, f"use one of {', '.join(map(repr, ids)) or 'none is defined'}")
        return ids[name]


def rows(
    blueprint: Mapping[str, object], section: str, numbers: Numbers | None, *, key: str = "name"
) -> Iterator[Row]:
    """The entries of a section of the blueprint, in order; with `numbers` each has an id by its `key`.

    Raises ValueError when the section is no list, an entry no object, a key is missing or used twice.
    """
    seen: set[str] = set()
    for index, entry in enumerate(Row("blueprint", 0, "", blueprint).items(section), start=1):
        where = f"blueprint {section} no. {index}"
        if not isinstance(entry, Mapping):
            raise Row(where, 0, "", {}).fault("the entry", entry, "write an object")
        row = Row(where, 0, "", cast("Mapping[str, object]", entry))
        if numbers is None:
            yield row
            continue
        name = row.text(key)
        if not name or name in seen:
            raise row.fault(key, name, "give each entry its own")
        seen.add(name)
        yield Row(f"{where} ({name})", numbers.of(section, name), name, row.data)
