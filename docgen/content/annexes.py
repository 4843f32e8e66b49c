"""The annexes of every document: which clause is answered where, and what each figure was counted from."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from docgen.content.frame import check_code
from docgen.content.pen import Pen
from docgen.model import Align, Group, Paragraph, Section, Table, Traced
from svc_plugin.domain.model import IssueRef

_NUMBERS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Annex:
    """A file apart that holds the complete list of a long report, and how many rows it has."""

    name: str
    file_sha256: str
    rows: int


def where_the_rest_is(pen: Pen, annex: Annex, shown: int) -> Paragraph:
    """Say which file holds the complete list, by its name and its checksum."""
    facts = {"name": annex.name, "rows": annex.rows, "shown": shown, "digest": annex.file_sha256}
    return pen.note("annex.file", **facts)


def clause_coverage(pen: Pen, clauses: Sequence[tuple[str, str, str]]) -> Section:
    """Return annex A from clauses in order: id, number of the chapter that answers it, what it says there."""
    heading = pen.heading("annex.clauses")
    columns = pen.columns(
        ("clause", 0.85, Align.CENTER),
        ("clause_text", 4.8),
        ("chapter", 0.95, Align.CENTER),
        ("clause_fact", 3),
    )
    rows = [(clause, pen.say(f"clause.{clause}"), chapter, fact) for clause, chapter, fact in clauses]
    blocks = (pen.body("annex.clauses.intro"), pen.table("caption.clauses", columns, rows, ruled=True))
    return Section(heading, blocks, annex=True)


def data_traceability(pen: Pen, data_sha256: str, count_from: str) -> Section:
    """Return annex B: every figure that was written, with the numbers of the issues behind it.

    ``count_from`` says in words which issues the document was made from.
    """
    traced = tuple(pen.traced)
    heading = pen.heading("annex.data")
    columns = pen.columns(("figure", 3), ("value", 0.9, Align.CENTER), ("issue_numbers", 5.2))
    intro = pen.body(
        "annex.data.intro",
        source=count_from,
        code=check_code(data_sha256),
        digest=data_sha256,
        most=_NUMBERS_AT_MOST,
    )
    name = pen.name("caption.data", columns)
    if not traced:
        return Section(heading, (intro, pen.empty()), annex=True)
    caption = pen.say("caption.data")
    description = pen.describe(caption, columns, len(traced))
    places = tuple(_places(pen, traced))
    table = Table(caption, description, columns, lambda: places, ruled=True, name=name)
    return Section(heading, (intro, table), annex=True)


def _places(pen: Pen, traced: Sequence[Traced]) -> Iterator[Group]:
    listed: dict[tuple[IssueRef, ...], str] = {}  # many figures are counted from the same issues
    for place, figures in groupby(traced, lambda figure: figure.place):
        found = tuple(figures)
        for refs in (figure.refs for figure in found if figure.refs not in listed):
            listed[refs] = issue_numbers(pen, refs)
        rows = tuple((figure.label, figure.text, listed[figure.refs]) for figure in found)
        yield Group(rows, place)


def issue_numbers(pen: Pen, refs: Sequence[IssueRef]) -> str:
    """List issue numbers with runs drawn together; a list too long to read ends with its count and mark.

    The mark is the start of the SHA-256 of all numbers, one a line, in the order of the list.
    """
    ordered = sorted(refs, key=lambda ref: _order(ref.site, pen.called(ref)))
    shown = ", ".join(_runs(pen, ordered[:_NUMBERS_AT_MOST]))
    if len(ordered) <= _NUMBERS_AT_MOST:
        return shown
    digest = hashlib.sha256("\n".join(map(pen.number, ordered)).encode()).hexdigest()
    return pen.say("annex.data.more", numbers=shown, count=len(ordered), code=check_code(digest))


def _runs(pen: Pen, ordered: Sequence[IssueRef]) -> list[str]:
    """Name issues; three or more whose names follow each other become ``first-last``."""
    runs: list[str] = []
    for _, entries in groupby(enumerate(ordered), lambda entry: _run_key(pen, entry[0], entry[1])):
        run = [ref for _, ref in entries]
        names = [pen.number(ref) for ref in run]
        runs += [f"{names[0]}-{names[-1]}"] if len(run) > 2 else names
    return runs


def _run_key(pen: Pen, place: int, ref: IssueRef) -> tuple[str, str, int]:
    site, stem, number = _order(ref.site, pen.called(ref))
    return site, stem, number - place


@lru_cache(maxsize=1 << 16)  # one issue stands behind a dozen figures
def _order(site: str, name: str) -> tuple[str, str, int]:
    """Split a name into what stands before its number and the number: ``SUP-12`` follows ``SUP-9``."""
    stem = name.rstrip("0123456789")
    digits = name[len(stem) :]
    return site, stem, int(digits) if digits else 0
