"""Reads and writes the CSV of a sheet, in the encodings and with the separators that spreadsheets use."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svc_plugin.settings.reading import Fault
from svc_plugin.settings.sheets import Column, Sheet, cell_text, disarm, plain_header, rearm

if TYPE_CHECKING:
    import _csv

_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (from 1) and its filled cells by column name."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read: its rows, its own header of each column, the headers that are no column."""

    rows: tuple[Row, ...]
    headers: Mapping[str, str]
    ignored: tuple[str, ...]


def write_table(entries: Sequence[Mapping[str, Any]], sheet: Sheet, language: str) -> tuple[str, int]:
    """Return the entries as CSV and the number of rows.

    Every cell is in quotes and what looks like a formula begins with ``'``, so that opening the file in a
    spreadsheet runs nothing.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([column.chinese if language == "zh" else column.english for column in sheet.columns])
    count = 0
    for entry in entries:
        for number in range(max([1, *(len(entry.get(name) or ()) for name in sheet.items)])):
            cells = (_value(entry, column, number) for column in sheet.columns)
            writer.writerow([disarm(cell_text(cell, language)) for cell in cells])
            count += 1
    return out.getvalue(), count


def _value(entry: Mapping[str, Any], column: Column, number: int) -> object:
    if len(column.path) == 1:
        return entry.get(column.path[0])
    items = entry.get(column.path[0]) or ()
    return items[number].get(column.path[1]) if number < len(items) else None


def read_table(name: str, content: bytes, sheet: Sheet, faults: list[Fault]) -> Table | None:
    """Read the CSV ``content`` of the file ``name``; ``faults`` takes what is wrong.

    Returns None when the header cannot be used.
    """
    text = _decoded(content)
    if text is None:
        faults.append(Fault(name, 0, (), "", None, "sheet_encoding"))
        return None
    columns = {header: column for column in sheet.columns for header in column.headers}
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=lambda sign: len(columns.keys() & _headers(first, sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, ())]
        found = [columns.get(plain_header(cell)) for cell in header]
        if not _usable(name, header, found, sheet, faults):
            return None
        rows = tuple(_rows(name, reader, found, faults))
    except csv.Error as error:
        facts = {"detail": str(error)}
        faults.append(Fault(name, reader.line_num, (), "", None, "sheet_unreadable", facts))
        return None
    headers = {column.english: cell for column, cell in zip(found, header, strict=True) if column}
    ignored = tuple(cell for column, cell in zip(found, header, strict=True) if cell and not column)
    return Table(rows, headers, ignored)


def _decoded(content: bytes) -> str | None:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _headers(line: str, separator: str) -> set[str]:
    return {plain_header(cell) for cells in csv.reader([line], delimiter=separator) for cell in cells}


def _usable(
    name: str, header: Sequence[str], found: Sequence[Column | None], sheet: Sheet, faults: list[Fault]
) -> bool:
    if sheet.key not in found:
        faults.append(missing_column(name, sheet.key, sheet))
        return False
    doubled = [cell for cell, column in zip(header, found, strict=True) if column and found.count(column) > 1]
    faults.extend(Fault(name, 1, (), cell, repr(cell), "sheet_header_doubled") for cell in doubled)
    return not doubled


def missing_column(name: str, column: Column, sheet: Sheet) -> Fault:
    """Say that the header of the file ``name`` lacks a column that is needed."""
    known = ", ".join(f"{known.chinese} ({known.english})" for known in sheet.columns)
    facts = {"wanted": f"{column.chinese} ({column.english})", "known": known}
    return Fault(name, 1, (), "", None, "sheet_header", facts)


def _rows(
    name: str, reader: "_csv.Reader", found: Sequence[Column | None], faults: list[Fault]
) -> Iterator[Row]:
    line = reader.line_num + 1
    for raw in reader:
        cells = [rearm(cell).strip() for cell in raw]
        if any(cells[len(found) :]):
            facts = {"found": len(cells), "wanted": len(found)}
            faults.append(Fault(name, line, (), "", None, "sheet_cells", facts))
        elif any(cells):
            filled = zip(found, cells, strict=False)
            yield Row(line, {column.english: cell for column, cell in filled if column and cell})
        line = reader.line_num + 1
