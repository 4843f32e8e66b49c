"""Documents in a company's own dress: its pages, styles and words, our content, nothing lost."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from openxml_audit import OpenXmlValidator

from docgen.company.intake import examine
from docgen.company.start import starting_template
from docgen.company.template import Template, write_in
from docgen.identity import text_sha256
from docgen.model import Column, Document, Group, Section, Table
from docgen.readback import read_back
from docgen.readback.model import Issued, TextState
from docgen.writer import write
from docgen.writer.code import code_picture
from svc_plugin.messages import load
from tests.documents.copies import MAIN, changed, needs_office, resaved
from tests.documents.papers import KINDS, document
from tests.documents.plan import a_plan
from tests.documents.stationery import letterhead, saved, with_rows

CUSTOM, RELATION_TO_CUSTOM = CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES
COLUMNS = ("number", "text", "day")
NASTY = "<&>{{ doc.id }}%s 100%\n第二行\t“引号”\x07"


def written(template: WordDocument | bytes, content: Document) -> bytes:
    data = template if isinstance(template, bytes) else saved(template)
    found = write_in(Template("plan.zh.docx", data), content)
    assert isinstance(found, bytes), found
    return found


def with_list(rows: Sequence[tuple[str, ...]]) -> Document:
    columns = tuple(Column(key, 1, key=key) for key in COLUMNS)
    half = len(rows) // 2
    table = Table("清单", "清单", columns, lambda: (Group(rows[:half]), Group(rows[half:])), name="list")
    plan = a_plan()
    return replace(plan, sections=(*plan.sections, Section("清单", (table,))), tables={"list": COLUMNS})


def own_rows(data: bytes) -> list[list[str]]:
    """The cells of the last table, read by python-docx, without its header row."""
    return [[cell.text for cell in row.cells] for row in docx.Document(BytesIO(data)).tables[-1].rows[1:]]


def part(data: bytes, name: str = MAIN) -> str:
    with ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


def errors(data: bytes, folder: Path) -> list[str]:
    (file := folder / "written.docx").write_bytes(data)
    return [str(error) for error in OpenXmlValidator().validate(file).errors]


def headings(data: bytes) -> list[str]:
    found = docx.Document(BytesIO(data)).paragraphs
    return [one.text for one in found if one.style.name.startswith(("Heading", "Annex"))]


@pytest.mark.parametrize(("kind", "language"), list(zip(KINDS, ("zh", "en", "en", "zh"), strict=True)))
def test_the_starting_template_holds_all_four_documents_with_every_word_it_offers(kind, language, tmp_path):
    content = document(kind, language)
    template = starting_template(content, load(language))
    assert examine(template, content) == []
    data = written(template, content)
    assert errors(data, tmp_path) == []
    assert headings(data) == headings(write(content))


@needs_office
def test_a_template_that_another_program_saved_is_as_good(tmp_path):
    content = with_list([("1", "a", "b")])
    template = resaved(starting_template(content, load("zh")), tmp_path)
    assert examine(template, content) == []
    data = written(template, content)
    assert headings(data) == headings(write(content))


def test_pages_header_footer_and_words_are_the_companys():
    word = docx.Document(BytesIO(written(letterhead(), a_plan())))
    assert {round(section.page_width.mm) for section in word.sections} == {176}
    assert word.sections[0].header.paragraphs[0].text == "Hengtong · CSP-erp-2026"
    assert word.paragraphs[0].text == "Issued by 王芳 on 2026-01-05"
    assert all(section.header.is_linked_to_previous is False for section in word.sections)


def test_a_wide_table_turns_the_companys_page_and_the_rest_stays_upright():
    content = document("service_report", "zh")
    template = letterhead()
    template.sections[0].different_first_page_header_footer = True
    template.add_paragraph("The end")
    sections = docx.Document(BytesIO(written(template, content))).sections
    sizes = [(round(one.page_width.mm), round(one.page_height.mm)) for one in sections]
    assert set(sizes) == {(176, 250), (250, 176)}
    assert sizes[-1] == (176, 250)
    assert [one.different_first_page_header_footer for one in sections].count(True) == 1
    texts = {one.header.paragraphs[0].text for one in sections}
    assert texts == {"Hengtong · CSR-erp-2026-Q4"}


def test_a_document_that_ends_across_leaves_no_empty_page():
    plan = a_plan()
    last = replace(plan.sections[0], blocks=(), heading="Wide", landscape=True)
    sections = docx.Document(
        BytesIO(written(letterhead(), replace(plan, sections=(*plan.sections, last))))
    ).sections
    assert [round(one.page_width.mm) for one in sections] == [176, 250]


def test_styles_are_found_by_name_whatever_their_ids_are(tmp_path):
    template = saved(letterhead())
    for old, new in (("Heading1", "1"), ("BodyText", "a3"), ("Normal", "a")):
        texts = {
            name: part(template, name).replace(f'"{old}"', f'"{new}"') for name in (MAIN, "word/styles.xml")
        }
        for name, text in texts.items():
            template = changed(template, {part(template, name): text}, name)
    data = written(template, a_plan())
    styles = docx.Document(BytesIO(data)).styles
    assert (styles["Heading 1"].style_id, styles["Body Text"].style_id) == ("1", "a3")
    assert headings(data) == headings(write(a_plan()))
    assert errors(data, tmp_path) == []


def test_headings_have_the_numbers_that_contents_and_references_say():
    """The company's own headings are not numbered by its style, nor counted by ours."""
    template = letterhead(("contents",))
    template.add_heading("Preface of the company", 1)
    template.add_paragraph("{{p sections }}")
    word = docx.Document(BytesIO(written(template, a_plan())))
    lists = {
        one.text: one._p.xpath("w:pPr/w:numPr/w:numId/@w:val")
        for one in word.paragraphs
        if one.style.name == "Heading 1"
    }
    assert lists.pop("Preface of the company") == []
    assert len({tuple(found) for found in lists.values()}) == 1
    assert all(lists.values())


def test_rows_say_exactly_what_the_model_says_for_a_thousand_of_them():
    rows = [(str(n), f"{NASTY} {n}", "2026-01-05") for n in range(1_000)]
    data = written(with_rows(letterhead(), "list", COLUMNS), with_list(rows))
    said = NASTY.replace("\x07", "")
    assert own_rows(data) == [[str(n), f"{said} {n}", "2026-01-05"] for n in range(1_000)]
    assert text_sha256(data) in part(data, "docProps/custom.xml")


def test_a_sample_row_may_use_columns_in_any_order_with_words_between_and_a_tag_cut_in_runs():
    template = with_rows(letterhead(), "list", ("day", "number", "number"))
    middle = template.tables[0].rows[2].cells[1].paragraphs[0]
    middle.text = "No. {{ r."
    middle.add_run("number").bold = True
    middle.add_run(" }} of 100% {{ r.text }}")
    data = written(template, with_list([("1", "a&b", "d1"), ("2", "", "d2")]))
    assert own_rows(data) == [["d1", "No. 1 of 100% a&b", "1"], ["d2", "No. 2 of 100% ", "2"]]
    assert text_sha256(data) in part(data, "docProps/custom.xml")


def test_a_table_without_rows_shows_that_there_are_none():
    data = written(with_rows(letterhead(), "list", COLUMNS), with_list([]))
    assert own_rows(data) == [["—", "—", "—"]]


def test_the_same_document_in_the_same_template_is_the_same_file_and_names_its_template():
    template = saved(with_rows(letterhead(), "list", COLUMNS))
    content = with_list([("1", "a", "b")])
    first, again = written(template, content), written(template, content)
    assert first == again
    assert Template("", template).sha256 in part(first, "docProps/custom.xml")


def test_a_floating_logo_stays_and_properties_of_the_company_give_way_to_ours():
    template = letterhead()
    for paragraph in (template.sections[0].header.paragraphs[0], template.paragraphs[0]):
        paragraph.add_run().add_picture(BytesIO(code_picture("logo")), Mm(10))
    drawn = template.paragraphs[0]._p.xpath(".//wp:inline")[0]
    # Word tells where a floating picture stands in texts of its own
    place = '<wp:positionH xmlns:wp="{}" relativeFrom="page"><wp:posOffset>720</wp:posOffset></wp:positionH>'
    drawn.insert(1, parse_xml(place.format(drawn.nsmap["wp"])))
    theirs = template.part.package.relate_to
    theirs(Part(PackURI("/docProps/custom.xml"), CUSTOM, b"<Properties/>"), RELATION_TO_CUSTOM)
    data = written(template, a_plan())
    with ZipFile(BytesIO(data)) as package:
        names = package.namelist()
        assert len(set(names)) == len(names)
        pictures = [name for name in names if name.startswith("word/media/")]
        assert len(pictures) == 2  # the logo, and our code
    assert text_sha256(data) in part(data, "docProps/custom.xml")


def test_a_signed_copy_is_read_back_like_one_of_our_own():
    data = written(letterhead(), a_plan())
    returned = read_back(data, lambda *_: [Issued(data)])
    assert returned.differences == ()
    assert returned.text is TextState.ISSUED


def test_an_issued_document_is_no_template():
    """Its bookmarks would be there twice."""
    issued = docx.Document(BytesIO(written(letterhead(), a_plan())))
    issued.add_paragraph("{{p sections }}")
    assert [fault.key for fault in examine(saved(issued), a_plan())] == ["issued"]


def test_tables_of_a_kind_are_the_same_with_and_without_rows():
    for kind in KINDS:
        tables = document(kind, "zh").tables
        assert all(len(set(columns)) == len(columns) for columns in tables.values()), kind
        assert not set(tables) & set(dir(dict))
        assert all(name.isidentifier() for columns in tables.values() for name in (*columns, *tables))
