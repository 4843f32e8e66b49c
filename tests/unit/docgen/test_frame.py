"""What is around the text: properties, headers and captions, whatever people call a product or a document."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest

import docgen
from docgen.model import Blank, Form, FormRow, Paragraph, Section
from docgen.writer import write
from tests.unit.docgen.test_checks import a_document, a_table

ODD = "甲\x00\x0b\ud800<&>\"'\uffff{page}<?docgen table?>\u2028乙"
KEPT = "甲<&>\"'{page}<?docgen table?>"


def test_names_longer_than_a_property_may_be_are_cut_there_only():
    written = docx.Document(BytesIO(write(replace(a_document(), title="长" * 300))))
    assert written.core_properties.title == "长" * 255
    assert written.paragraphs[1].text == "长" * 300


def test_no_text_of_a_stranger_breaks_the_file():
    form = Form((FormRow(ODD, ODD, ODD), FormRow(ODD, ODD)), ODD)
    document = a_document(Paragraph(ODD), replace(a_table(), caption=ODD), Blank(ODD, ODD, ODD), form)
    front = replace(document.front, document_id=ODD, author=ODD)
    odd = replace(
        document, front=front, title=ODD, product=ODD, sections=(Section(ODD, document.sections[0].blocks),)
    )
    written = docx.Document(BytesIO(write(odd)))
    assert written.core_properties.identifier == f"{KEPT}\n乙"
    assert {f"{KEPT}\n乙", f"表 1  {KEPT}\n乙"} <= {paragraph.text for paragraph in written.paragraphs}


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(1999, 12, 31)])
def test_the_dates_of_the_file_are_those_of_issue(day):
    document = a_document()
    written = write(replace(document, front=replace(document.front, day=day)))
    core = docx.Document(BytesIO(written)).core_properties
    assert core.created == core.modified == datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_captions_are_numbered_by_fields_and_only_where_there_is_one():
    bare = replace(a_table(), caption="")
    written = docx.Document(BytesIO(write(a_document(a_table(), bare, a_table()))))
    captions = [p for p in written.paragraphs if p.style is not None and p.style.name == "Caption"]
    assert [p.text for p in captions] == ["表 1  表题", "表 2  表题"]
    assert all("SEQ 表 \\* ARABIC" in "".join(p._p.itertext()) for p in captions)


def test_the_cover_has_no_header_and_every_other_page_has_its_own_width_of_it():
    document = a_document(a_table())
    wide = replace(document.sections[0], landscape=True)
    written = docx.Document(BytesIO(write(replace(document, sections=(wide, *document.sections, wide)))))
    sections = list(written.sections)
    assert [s.different_first_page_header_footer for s in sections] == [True, False, False, False]
    assert not any(s.first_page_header.paragraphs[0].text for s in sections[:1])
    styles = [s.header.paragraphs[0].style for s in sections]
    assert [style and style.name for style in styles] == ["Header", "Header Across"] * 2
    assert {s.header.paragraphs[0].text for s in sections} == {"X-1  V1\t题"}


def test_no_part_of_the_template_has_a_name_that_packing_python_leaves_out():
    parts = [path.name for path in (Path(docgen.__file__).parent / "templates").rglob("*")]
    assert "root.rels" in parts
    assert [name for name in parts if name.startswith(".")] == []
