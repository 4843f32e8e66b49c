"""The topic ``docgen``: writing the customer service report, against its floor and against python-docx."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import cycle, islice
from multiprocessing import get_context
from statistics import median
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

import docx

from bench.machine import load, wait_until_quiet
from bench.peers.docx_rows import fill_rows, write_rows
from bench.report import Goal, Row, Table, compared, plain
from bench.samples import TODAY, company, request
from docgen.company.paper import CompanyPaper
from docgen.company.sandbox import fill
from docgen.company.words import order_of
from docgen.content.service_report import build
from docgen.model import Document, Front, Group, Section
from docgen.model import Row as DocumentRow
from docgen.model import Table as DocumentTable
from docgen.writer import write
from docgen.writer.package import pack
from svc_plugin.domain.report import customer_service_report
from svc_plugin.messages import load as load_texts

SIZES = (100, 1_000, 10_000)
_EXAMPLE = 500  # requests whose rows the tables repeat
TABLES = (10_000, 100_000)  # rows of a single table, from a generator
_MAIN_PART = "word/document.xml"
_NOW = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """One report of ``requests`` requests: seconds for its figures, its content, its file and its floor.

    ``floor`` is deflating (level 6) and zipping the bytes of its ``document.xml``. ``peak`` is the most memory
    (MB) of the process after writing, ``before`` the same before; ``size`` and ``xml`` are in bytes.
    """

    requests: int
    figures: float
    build: float
    write: float
    floor: float
    before: float
    peak: float
    size: int
    xml: int


@dataclass(frozen=True, slots=True)
class OneTable:
    """A document of one table: seconds to write it, the most memory (MB) before and after, and the floor."""

    write: float
    before: float
    peak: float
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class InTemplate:
    """A company's template whose own table has ``rows`` rows: seconds to fill, to write, and the floor."""

    rows: int
    fill: float
    write: float
    floor: float


def run(*, quick: bool) -> Table:
    """Write reports of each size, each in a process of its own, in turns with python-docx."""
    before, rounds = load(), 1 if quick else 3
    others = wait_until_quiet()
    ours: dict[int, list[Written]] = {size: [] for size in SIZES}
    tables: dict[int, list[OneTable]] = {size: [] for size in TABLES}
    add_row: list[OneTable] = []
    row_loop: list[OneTable] = []
    in_template: list[InTemplate] = []
    for _ in range(rounds):
        for size in SIZES:
            ours[size].append(_alone(write_report, size))
        for size in TABLES:
            tables[size].append(_alone(write_table, size))
        add_row.append(_alone(write_with_add_row, min(TABLES)))
        row_loop.append(_alone(write_with_row_loop, min(TABLES)))
        in_template.append(_alone(write_in_template, max(SIZES)))
    heading = (
        f"customer service report (Chinese) of the example company; {rounds} interleaved rounds, each",
        "measurement in a process of its own; medians, in brackets the range of the ratio over the rounds",
        "written = docgen.writer.write(document) with its checks on the way into the file",
        "floor = deflate level 6 + zip of the same document.xml",
        f"one table = the report's longest table with {min(TABLES):,} rows of the example, from a generator",
        "python-docx = add_row().cells for the same rows, docxtpl = {%tr for %} over them",
        "a company's table = the rows of the report's longest table, 8 columns of them, ready in memory; its tags",
        "are filled in a process of its own before that, once a document and whatever the number of rows",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    return Table(
        heading,
        [row for size in SIZES for row in _rows(ours[size])]
        + _in_template(in_template)
        + [_against_floor(f"one table of {min(TABLES):,} rows", tables[min(TABLES)], 3.5)]
        + _against_peer(tables[min(TABLES)], add_row, "python-docx", 0.01)
        + _against_peer(tables[min(TABLES)], row_loop, "docxtpl", 0.04)
        + [_memory(tables)],
    )


def write_report(size: int) -> Written:
    """Measure one report in this process."""
    settings, texts = company(), load_texts("zh")
    issues = [request(number, 4) for number in range(1, size + 1)]
    report, figures = _timed(
        lambda: customer_service_report(
            issues, settings.registers, settings.policy, product="erp", period="2026-Q4", now=_NOW
        )
    )
    front = Front("SVC-ERP-2026-Q4", "1", "王芳", TODAY, "草稿")
    document, built = _timed(lambda: build(report, settings.registers, texts, front))
    before = _peak()
    data, written = _timed(lambda: write(document))
    peak = _peak()
    if len(report.requests) != size:
        raise AssertionError(f"the report tells of {len(report.requests)} requests instead of {size}")
    return Written(size, figures, built, written, _floor(data), before, peak, len(data), len(_xml(data)))


def write_table(size: int) -> OneTable:
    """Measure a document with nothing but one table of ``size`` rows, made while they are written."""
    document = _document(_EXAMPLE)
    longest = _longest_table(document)
    rows = list(_example_rows(longest))
    table = replace(longest, groups=lambda: (Group(islice(cycle(rows), size)),))
    small = replace(document, sections=(Section("1", (table,), landscape=True),))
    before = _peak()
    data, taken = _timed(lambda: write(small))
    peak = _peak()
    return OneTable(taken, before, peak, _floor(data))


def write_in_template(size: int) -> InTemplate:
    """Measure one table in a company's template in this process."""
    content = _document(size)
    table = _longest_table(content)
    rows = [row for group in table.groups() for row in group.rows]
    table = replace(table, groups=lambda: (Group(rows),))
    content = replace(content, sections=(Section("", (table,)),))
    filled, taken = _timed(
        lambda: fill(_template(table.name, content.tables[table.name][:8]), order_of(content))
    )
    assert isinstance(filled, bytes), filled
    data, written = _timed(lambda: pack(content, {}, lambda: CompanyPaper(filled, content)))
    xml = _xml(data)
    if xml.count(b"<w:tr>") + xml.count(b"<w:tr ") != size + 1:
        raise AssertionError("rows are missing")
    return InTemplate(size, taken, written, _floor(data))


def _template(name: str, columns: Sequence[str]) -> bytes:
    word = docx.Document()
    table = word.add_table(4, len(columns), "Table Grid")
    table.rows[1].cells[0].text = f"{{%tr for r in tables.{name} %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for place, column in enumerate(columns):
        table.rows[0].cells[place].text = column
        table.rows[2].cells[place].text = f"{{{{ r.{column} }}}}"
    word.save(target := BytesIO())
    return target.getvalue()


def write_with_add_row(size: int) -> OneTable:
    """Measure python-docx on the same rows."""
    return _with_peer(write_rows, size)


def write_with_row_loop(size: int) -> OneTable:
    """Measure docxtpl on the same rows."""
    return _with_peer(fill_rows, size)


def _with_peer(peer: Callable[[Sequence[str], Iterator[DocumentRow]], object], size: int) -> OneTable:
    table = _longest_table(_document(_EXAMPLE))
    rows = islice(cycle(list(_example_rows(table))), size)
    before = _peak()
    _, taken = _timed(lambda: peer([column.title for column in table.columns], rows))
    return OneTable(taken, before, _peak())


def _example_rows(table: DocumentTable) -> Iterator[DocumentRow]:
    return (row for group in table.groups() for row in group.rows)


def _document(size: int) -> Document:
    settings, texts = company(), load_texts("zh")
    issues = [request(number, 4) for number in range(1, size + 1)]
    report = customer_service_report(
        issues, settings.registers, settings.policy, product="erp", period="2026-Q4", now=_NOW
    )
    return build(report, settings.registers, texts, Front("SVC-ERP-2026-Q4", "1", "王芳", TODAY, "草稿"))


def _longest_table(document: Document) -> DocumentTable:
    tables = [
        block for section in document.sections for block in section.blocks if isinstance(block, DocumentTable)
    ]
    return max(tables, key=lambda table: sum(len(list(group.rows)) for group in table.groups()))


def _rows(ours: list[Written]) -> list[Row]:
    size = ours[0].requests
    name = f"{size:,} requests"
    return [
        _against_floor(name, ours, 4 if size == max(SIZES) else None),
        plain(
            f"{name}: figures and content before that", median(one.figures + one.build for one in ours), "s"
        ),
        compared(
            f"{name}: peak memory",
            "MB",
            [one.peak for one in ours],
            [one.before for one in ours],
            against="before writing",
        ),
        compared(
            f"{name}: size of the file",
            "KB",
            [one.size / 1e3 for one in ours],
            [one.xml / 1e3 for one in ours],
            against="document.xml",
        ),
    ]


def _in_template(measured: list[InTemplate]) -> list[Row]:
    name = f"{measured[0].rows:,} rows of a company's table"
    return [
        _against_floor(name, measured, 5),
        plain(f"{name}: tags filled before that", median(one.fill for one in measured), "s"),
    ]


def _against_floor(name: str, ours: Sequence[Written | OneTable | InTemplate], goal: float | None) -> Row:
    written, floor = [one.write for one in ours], [one.floor for one in ours]
    ceiling = None if goal is None else Goal.at_most(goal, "x")
    return compared(f"{name}: written", "s", written, floor, against="deflate + zip floor", goal=ceiling)


def _against_peer(ours: list[OneTable], peer: list[OneTable], against: str, goal: float) -> list[Row]:
    name = f"one table of {min(TABLES):,} rows"
    mine, theirs = [one.write for one in ours], [one.write for one in peer]
    peaks = [one.peak for one in ours], [one.peak for one in peer]
    return [
        compared(f"{name}: written", "s", mine, theirs, against=against, goal=Goal.at_most(goal, "x")),
        compared(f"{name}: peak memory", "MB", *peaks, against=against),
    ]


def _memory(tables: dict[int, list[OneTable]]) -> Row:
    few, many = min(TABLES), max(TABLES)
    peaks = [[one.peak for one in tables[size]] for size in (many, few)]
    name = f"one table of {many:,} rows: peak memory"
    return compared(name, "MB", *peaks, against=f"{few:,} rows", goal=Goal.at_most(1.1, "x"))


def _xml(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as package:
        return package.read(_MAIN_PART)


def _floor(data: bytes) -> float:
    """Return the seconds that nobody can save: deflating and zipping the text of the file."""
    xml = _xml(data)
    with ZipFile(BytesIO(), "w", ZIP_DEFLATED, compresslevel=6) as package:
        return _timed(lambda: package.writestr(_MAIN_PART, xml))[1]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(work: Callable[[int], T], size: int) -> T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, size).result()
