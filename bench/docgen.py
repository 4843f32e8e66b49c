"""The topic ``docgen``: writing the customer service report, against its floor and against python-docx."""

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing import get_context
from statistics import median
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

from bench.machine import load, wait_until_quiet
from bench.peers.docx_rows import write_rows
from bench.report import Goal, Row, Table, compared, plain
from bench.samples import TODAY, company, request
from docgen.content.service_report import build
from docgen.model import Document, Front
from docgen.model import Table as DocumentTable
from docgen.writer import write
from docgen.writer.package import pack
from svc_plugin.domain.report import customer_service_report
from svc_plugin.messages import load as load_texts

SIZES = (100, 1_000, 10_000)
PEER_SIZE = 1_000
_MAIN_PART = "word/document.xml"
_NOW = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """One report of ``requests`` requests: seconds for its figures, its content, its file and its floor.

    ``pack`` is the part of ``write`` without the checks of the finished file. ``floor`` is deflating
    (level 6) and zipping the bytes of its ``document.xml``. ``peak`` is the most memory (MB) of the process
    after writing, ``before`` the same before; ``size`` and ``xml`` are in bytes.
    """

    requests: int
    figures: float
    build: float
    write: float
    pack: float
    floor: float
    before: float
    peak: float
    size: int
    xml: int


@dataclass(frozen=True, slots=True)
class PeerWritten:
    """The same rows by python-docx."""

    write: float
    before: float
    peak: float
    rows: int


def run(*, quick: bool) -> Table:
    """Write reports of each size, each in a process of its own, in turns with python-docx."""
    before, rounds = load(), 1 if quick else 3
    others = wait_until_quiet()
    ours: dict[int, list[Written]] = {size: [] for size in SIZES}
    peer: list[PeerWritten] = []
    for _ in range(rounds):
        for size in SIZES:
            ours[size].append(_alone(write_report, size))
        peer.append(_alone(write_with_peer, PEER_SIZE))
    heading = (
        f"customer service report (Chinese) of the example company; {rounds} interleaved rounds, each",
        "measurement in a process of its own; medians, in brackets the range of the ratio over the rounds",
        "written = docgen.writer.write(document) with its checks of the finished file",
        "floor = deflate level 6 + zip of the same document.xml",
        f"python-docx = add_row().cells for the {peer[0].rows} rows of the report's longest table",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    return Table(
        heading, [row for size in SIZES for row in _rows(ours[size])] + _against_peer(ours[PEER_SIZE], peer)
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
    _, packed = _timed(lambda: pack(document))
    with ZipFile(BytesIO(data)) as package:
        xml = package.read(_MAIN_PART)
    _, floor = _timed(lambda: _deflated(xml))
    if len(report.requests) != size:
        raise AssertionError(f"the report tells of {len(report.requests)} requests instead of {size}")
    return Written(size, figures, built, written, packed, floor, before, peak, len(data), len(xml))


def write_with_peer(size: int) -> PeerWritten:
    """Measure python-docx on the rows of the report's longest table."""
    table = _longest_table(_document(size))
    rows = [row for group in table.groups() for row in group.rows]
    before = _peak()
    _, taken = _timed(lambda: write_rows([column.title for column in table.columns], rows))
    return PeerWritten(taken, before, _peak(), len(rows))


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
    size, against = ours[0].requests, "deflate + zip floor"
    floor = [one.floor for one in ours]
    name = f"{size:,} requests"
    ceiling = Goal.at_most(4, "x") if size == max(SIZES) else None
    written, packed = [one.write for one in ours], [one.pack for one in ours]
    return [
        compared(f"{name}: written", "s", written, floor, against=against, goal=ceiling),
        compared(f"{name}: packed, not checked", "s", packed, floor, against=against),
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


def _against_peer(ours: list[Written], peer: list[PeerWritten]) -> list[Row]:
    name, against = f"{PEER_SIZE:,} requests, whole report", "python-docx, one table"
    mine, theirs = [one.write for one in ours], [one.write for one in peer]
    return [
        compared(f"{name}: written", "s", mine, theirs, against=against),
        compared(
            f"{name}: peak memory",
            "MB",
            [one.peak for one in ours],
            [one.peak for one in peer],
            against=against,
        ),
    ]


def _deflated(xml: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr(_MAIN_PART, xml)
    return target.getvalue()


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(work: Callable[[int], T], size: int) -> T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, size).result()
