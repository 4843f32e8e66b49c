"""Takes over customers or people from CSV into their YAML file: everything, or nothing and why."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from ruamel.yaml.comments import CommentedSeq

from svc_plugin.settings.reading import Fault, Place, Reader, as_written, parse
from svc_plugin.settings.register_build import day_of, read_calendar, read_registers
from svc_plugin.settings.revising import Entries, HandmadeError, flow_list, flow_mapping
from svc_plugin.settings.sheets import Column, Sheet
from svc_plugin.settings.tables import Row, Table, missing_column, read_table


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an entry gets: ``place`` in it, and what stood there before (None: nothing)."""

    key: str
    place: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do. With ``faults`` nothing may be written; ``text`` is the file afterwards."""

    text: str
    added: tuple[str, ...]
    changed: tuple[Change, ...]
    unchanged: int
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]


def plan_import(folder: Path, sheet: Sheet, name: str, content: bytes, *, now: datetime) -> Import:
    """Work out what the CSV ``content`` changes in the register of ``sheet`` in ``folder``.

    Rows are matched by the sheet's key; an empty cell changes nothing. The outcome is checked like any
    configuration, and a fault that a cell caused names its line and column in ``name``. Raises nothing: what
    is wrong is in ``faults``.
    """
    faults: list[Fault] = []
    table = read_table(name, content, sheet, faults)
    reader = Reader(folder)
    before = reader.read(sheet.file, list[dict[str, Any]])
    if table is None or before is None:
        return _refused((*faults, *reader.faults), table)
    today = day_of(read_calendar(Reader(folder), "CN", now), now)
    try:
        text, found = _taken(folder, sheet, name, table, today)
    except HandmadeError as error:
        reader.fault(sheet.file, () if error.index is None else (error.index,), "sheet_handmade")
        return _refused((*faults, *reader.faults), table)
    unique = {(f.file, f.line, f.shown, f.key, f.facts.get("wanted")): f for f in (*faults, *found)}
    if unique:
        return _refused(tuple(sorted(unique.values(), key=lambda f: (f.file != name, f.line))), table)
    return _outcome(sheet, before, text, table)


def _taken(folder: Path, sheet: Sheet, name: str, table: Table, today: date) -> tuple[str, list[Fault]]:
    """Return the register with all rows in it, and what is wrong.

    It is checked again without the entries at fault, until no fault hides another. Raises ``HandmadeError``.
    """
    key, refused = sheet.key.english, set[str]()
    found: list[Fault] = []
    while True:
        taken = _Taking(sheet, name, table, Entries(Reader(folder).text(sheet.file)))
        taken.all_rows()
        text = taken.entries.text()
        checker = Reader(folder, {sheet.file: text})
        read_registers(checker, None, today)
        faults = [*taken.faults, *(taken.traced(fault) for fault in checker.faults)]
        # what is missing in the register because somebody was left out is our doing
        ours = {repr(left_out) for left_out in refused}
        found += [f for f in faults if not refused or (f.file == name and f.value not in ours)]
        lines = {fault.line for fault in faults if fault.file == name}
        refused |= {row.cells[key] for row in table.rows if row.line in lines and key in row.cells}
        rows = [row for row in table.rows if row.line not in lines and row.cells.get(key) not in refused]
        if len(rows) == len(table.rows):
            return text, found
        table = replace(table, rows=tuple(rows))


def write_atomically(path: Path, text: str) -> None:
    """Put ``text`` into ``path`` so that a reader finds the old or the new file whole, whatever happens."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class _Taking:
    """Puts the rows of a table into entries and remembers which cell each value came from."""

    def __init__(self, sheet: Sheet, name: str, table: Table, entries: Entries) -> None:
        self._sheet, self._name, self._table = sheet, name, table
        self.entries = entries
        self.faults: list[Fault] = []
        key = sheet.key.english
        self._index = {str(entry.get(key, "")): number for number, entry in enumerate(entries.plain)}
        self._source: dict[Place, tuple[Row, Column]] = {}

    def all_rows(self) -> None:
        """Put every row in. Raises ``HandmadeError``."""
        for row in self._table.rows:
            key = row.cells.get(self._sheet.key.english)
            if key is None:
                self._fault(row, self._sheet.key, "missing")
                continue
            index = self._index.get(key)
            if index is None:
                index, entry = self.entries.add()
                self._index[key] = index
            else:
                entry = self.entries.entry(index)
            self._source.setdefault((index,), (row, self._sheet.key))
            self._own(row, index, entry)
            for items in self._sheet.items:
                self._item(row, index, entry, items)

    def _own(self, row: Row, index: int, entry: Any) -> None:
        for column in self._sheet.columns:
            if len(column.path) == 1 and column.english in row.cells:
                self._put(row, column, (index, column.path[0]), entry)

    def _item(self, row: Row, index: int, entry: Any, items: str) -> None:
        columns = [c for c in self._sheet.columns if c.path[0] == items and c.english in row.cells]
        if not columns:
            return
        given = {c.path[1]: c.read(row.cells[c.english]) for c in columns}
        listed = entry.setdefault(items, CommentedSeq())
        names = self._sheet.items[items]
        same = (n for n, item in enumerate(listed) if all(item.get(k) == given.get(k) for k in names))
        number = next(same, None)
        if number is None:
            listed.append(flow_mapping())
            number = len(listed) - 1
        place: Place = (index, items, number)
        self._source.setdefault(place, (row, columns[0]))
        for column in columns:
            self._put(row, column, (*place, column.path[1]), listed[number])

    def _put(self, row: Row, column: Column, place: Place, target: Any) -> None:
        """Set one value unless it is there already; two rows must not want different ones."""
        before = self._source.setdefault(place, (row, column))[0]
        if before.cells[column.english] != row.cells[column.english]:
            other = before.cells[column.english]
            self._fault(row, column, "sheet_conflict", line=before.line, other=other)
            return
        value, name = column.read(row.cells[column.english]), place[-1]
        if isinstance(value, list):
            given = cast("list[object]", value)
            if set(given) != set(target.get(name) or ()):
                target[name] = flow_list(given)
        elif name not in target or target[name] != value:
            target[name] = value

    def traced(self, fault: Fault) -> Fault:
        """Return the fault with the line and column of the cell it came from; as it is when from none."""
        source = self._source_of(fault) if fault.file == self._sheet.file else None
        if source is None:
            return fault
        row, column = source
        if fault.key == "missing":
            column = next((c for c in self._sheet.columns if c.path == _names(fault.place)), column)
            if len(column.path) == 1 and column.english not in self._table.headers:
                return missing_column(self._name, column, self._sheet)
        return self._at(row, column, fault.key, fault.facts)

    def _source_of(self, fault: Fault) -> tuple[Row, Column] | None:
        for length in range(len(fault.place), 0, -1):
            place = fault.place[:length]
            source = self._source.get(place)
            # what stands in the file itself was not brought by the row that names its entry
            if source and (fault.value is None or _names(place) == source[1].path):
                return source
        return None

    def _fault(self, row: Row, column: Column, key: str, **facts: object) -> None:
        self.faults.append(self._at(row, column, key, facts))

    def _at(self, row: Row, column: Column, key: str, facts: Mapping[str, object]) -> Fault:
        header = self._table.headers.get(column.english, column.english)
        value = repr(row.cells.get(column.english, ""))
        return Fault(self._name, row.line, (), header, value, key, facts)


def _names(place: Place) -> tuple[str, ...]:
    return tuple(part for part in place if isinstance(part, str))


def _refused(faults: tuple[Fault, ...], table: Table | None) -> Import:
    return Import("", (), (), 0, table.ignored if table else (), faults)


def _outcome(sheet: Sheet, before: list[dict[str, Any]], text: str, table: Table) -> Import:
    # told from what the new file really says, not from what was meant to be written
    after: list[Any] = parse(text)
    key = sheet.key.path[0]
    changed = tuple(
        Change(str(new[key]), place, *values)
        for old, new in zip(before, after, strict=False)
        for place, values in _differences(dict(_flat(old)), dict(_flat(new)))
    )
    touched = {change.key for change in changed}
    added = tuple(str(entry[key]) for entry in after[len(before) :])
    return Import(text, added, changed, len(before) - len(touched), table.ignored, ())


def _flat(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, part in cast("Mapping[str, object]", value).items():
            yield from _flat(part, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        items = cast("list[object]", value)
        if any(isinstance(item, Mapping) for item in items):
            for number, item in enumerate(items):
                yield from _flat(item, f"{place}.{number}")
        else:
            yield place, ", ".join(map(str, items))
    else:
        yield place, as_written(value)


def _differences(
    old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    for place in [*old, *(place for place in new if place not in old)]:
        if old.get(place) != new.get(place):
            yield place, (old.get(place), new.get(place))
