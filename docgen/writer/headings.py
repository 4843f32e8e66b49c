"""Headings: their numbers, their bookmarks, and the table of contents made of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docgen.model import Section
from docgen.writer.fields import END, begin, bookmark, link
from docgen.writer.markup import paragraph
from docgen.writer.text import run

_LISTED_LEVELS = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading with the number that Word gives it, and the bookmark that stands at it."""

    section: Section
    number: str
    bookmark: str

    @property
    def line(self) -> str:
        """The heading as a table of contents shows it."""
        return f"{self.number} {self.section.heading}" if self.number else self.section.heading


def headings(sections: Iterable[Section]) -> Iterator[Heading]:
    """Number the headings as the template's list does: ``1.``, ``1.1``, ``1.1.1``; annexes not at all."""
    counts = [0, 0, 0]
    for place, section in enumerate(sections, 1):
        number = ""
        if not section.annex:
            counts[section.level - 1] += 1
            counts[section.level :] = [0] * (len(counts) - section.level)
            number = ".".join(map(str, counts[: section.level])) + ("." if section.level == 1 else "")
        yield Heading(section, number, f"_Toc{place:06}")


def contents(title: str, listed: Iterable[Heading]) -> str:
    """Return the table of contents: a field that Word can refresh, filled with links to the headings.

    It carries no page numbers. They depend on the program that breaks the lines, and a wrong number is
    worse than none; refreshing the field in Word (F9) adds them.
    """
    lines = [heading for heading in listed if heading.section.level <= _LISTED_LEVELS]
    head = paragraph("FrontHeading", run(title))
    entries: list[str] = []
    for place, heading in enumerate(lines):
        opening = begin('TOC \\o "1-2" \\h \\z \\u') if place == 0 else ""
        closing = END if place == len(lines) - 1 else ""
        entry = f"{opening}{link(heading.bookmark, heading.line)}{closing}"
        entries.append(paragraph(f"TOC{heading.section.level}", entry))
    return head + "".join(entries)


def heading_paragraph(heading: Heading, number: int, text: str, *, new_page: bool) -> str:
    """Return the heading itself; ``number`` is that of its bookmark, ``text`` its run."""
    section = heading.section
    style = "AnnexHeading" if section.annex else f"Heading{section.level}"
    page = "<w:pageBreakBefore/>" if new_page else ""
    return paragraph(style, bookmark(number, heading.bookmark, text), page)
