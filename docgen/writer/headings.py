"""Headings: their numbers, their bookmarks, and the table of contents made of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from docx.document import Document as WordDocument

from docgen.model import Section
from docgen.writer.elements import add_field, add_text, begin_field, end_field, link, set_style

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


def add_contents(
    word: WordDocument, listed: Iterable[Heading], pages: Mapping[str, int], styles: Mapping[str, str]
) -> None:
    """Append the table of contents: a field that Word can refresh, filled with links to the headings.

    ``pages`` gives the page of a heading's bookmark. Without it there are no page numbers: they depend on
    the program that breaks the lines, and a wrong number is worse than none. ``styles`` gives the id of a
    style by its name.
    """
    shown = [heading for heading in listed if heading.section.level <= _LISTED_LEVELS]
    for heading in shown:
        line = word.add_paragraph()
        set_style(line, styles[f"toc {heading.section.level}"])
        if heading is shown[0]:
            begin_field(line, 'TOC \\o "1-2" \\h \\z \\u')
        link(add_text(line, heading.line), heading.bookmark)
        if page := pages.get(heading.bookmark):
            add_text(line, "\t")
            add_field(line, f"PAGEREF {heading.bookmark} \\h", str(page))
        if heading is shown[-1]:
            end_field(line)
