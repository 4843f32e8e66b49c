"""What python-docx has no calls for, on the elements it makes: fields, links, bookmarks, controls."""

from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from docgen.words import Element
from docgen.writer.text import clean, wants_hint


def element_of(wrapper: Any) -> Element:
    """Return the element that an object of python-docx stands for; few show it by a public name."""
    found: Element = wrapper._element  # noqa: SLF001
    return found


def element(tag: str, **attributes: str) -> Element:
    """Return a new element; its attributes are in the namespace ``w``."""
    return OxmlElement(tag, {qn(f"w:{name}"): clean(value) for name, value in attributes.items()})


def set_style(paragraph: Paragraph, identity: str) -> None:
    """Give a paragraph the style with this id: python-docx would look through all styles for its name."""
    written: Any = element_of(paragraph)
    written.style = identity


def add_text(paragraph: Paragraph, text: str, style: str | None = None) -> Run:
    """Append text as one run: cleaned, with line ends as breaks and tabs as tabs."""
    cleaned = clean(text)
    run = paragraph.add_run(cleaned, style)
    if wants_hint(cleaned):
        run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    return run


def add_field(paragraph: Paragraph, instruction: str, result: str) -> None:
    """Append a place whose text Word computes, with the text it has now."""
    begin_field(paragraph, instruction)
    add_text(paragraph, result)
    end_field(paragraph)


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """Append the first half of a field. Every mark has a run of its own: WPS shows nothing otherwise."""
    _mark(paragraph, element("w:fldChar", fldCharType="begin"))
    command = element("w:instrText")
    command.text = f" {clean(instruction)} "
    command.set(qn("xml:space"), "preserve")
    _mark(paragraph, command)
    _mark(paragraph, element("w:fldChar", fldCharType="separate"))


def end_field(paragraph: Paragraph) -> None:
    """Append the end of a field, which may have begun in an earlier paragraph."""
    _mark(paragraph, element("w:fldChar", fldCharType="end"))


def link(run: Run, anchor: str) -> None:
    """Let a run lead to a bookmark of the same document."""
    hyperlink = element("w:hyperlink", anchor=anchor, history="1")
    element_of(run).addprevious(hyperlink)
    hyperlink.append(element_of(run))


def number(paragraph: Paragraph, level: int, list_id: str) -> None:
    """Number a paragraph by a list of its own, whatever its style says; ``level`` counts from 0."""
    place: Any = element_of(paragraph)
    properties = place.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = int(list_id)


def bookmark(run: Run, number: int, name: str) -> None:
    """Put a bookmark around a run; ``number`` is unique within the document."""
    element_of(run).addprevious(element("w:bookmarkStart", id=str(number), name=name))
    element_of(run).addnext(element("w:bookmarkEnd", id=str(number)))


def control(inside: Run, number: int, tag: str, label: str, kind: Element | None = None) -> None:
    """Put a place for people to fill in around a run or paragraph; it is found again by its tag.

    ``number`` is unique within the document; ``kind`` is the element of a list or a date, without one any
    text may be written. Rich text within a paragraph, never plain text or a paragraph as a whole:
    LibreOffice writes those several times over when it saves.
    """
    outer, properties, content = element("w:sdt"), element("w:sdtPr"), element("w:sdtContent")
    marks = {"alias": label, "tag": tag, "id": str(number), "lock": "sdtLocked"}
    properties.extend(element(f"w:{name}", val=value) for name, value in marks.items())
    properties.append(element("w:showingPlcHdr"))
    if kind is not None:
        properties.append(kind)
    outer.extend((properties, content))
    element_of(inside).addprevious(outer)
    content.append(element_of(inside))


def bookmark_all(paragraph: Paragraph, number: int, name: str) -> None:
    """Put a bookmark around everything that a paragraph holds until now."""
    runs = paragraph.runs
    element_of(runs[0]).addprevious(element("w:bookmarkStart", id=str(number), name=name))
    element_of(runs[-1]).addnext(element("w:bookmarkEnd", id=str(number)))


def _mark(paragraph: Paragraph, mark: Element) -> None:
    element_of(paragraph.add_run()).append(mark)
