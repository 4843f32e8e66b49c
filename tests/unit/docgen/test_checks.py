"""Each fault that Word would stumble over is found when it is planted in a good file."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from docgen.model import (
    Blank,
    Column,
    Document,
    Form,
    FormRow,
    Front,
    Group,
    Paragraph,
    Section,
    Table,
    Wording,
    table_of,
)
from docgen.writer import write
from docgen.writer.checks import BrokenDocumentError, check
from docgen.writer.text import run


def a_document(*blocks) -> Document:
    columns = (Column("甲", 1), Column("乙", 2))
    return Document(
        language="zh",
        front=Front("X-1", "1", "王芳", date(2026, 1, 1), "草稿"),
        title="题",
        subtitle="",
        product="产品",
        period="2026",
        data_sha256="0" * 64,
        wording=Wording("目录", "修订记录", "表", "第 {page} 页 共 {pages} 页"),
        cover=Form((FormRow("编号", "X-1"),), "封面"),
        revisions=table_of("", "修订", columns, ()),
        sections=(Section("一", blocks),),
    )


def a_table(rows=(("1", "2"), ("3", "4")), total=("合计",)) -> Table:
    columns = (Column("甲", 1), Column("乙", 2))
    return Table("表题", "说明", columns, lambda: (Group(rows, "组", total),))


A_FORM = Form((FormRow("甲", "", "x"), FormRow("乙", "1", lines=3)), "表")
GOOD = write(a_document(Paragraph("文"), a_table(), Blank("a", "空", "填"), A_FORM, A_FORM))


def planted(old: str, new: str, part: str = "word/document.xml") -> bytes:
    target = BytesIO()
    with ZipFile(BytesIO(GOOD)) as source, ZipFile(target, "w") as broken:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            broken.writestr(name, content)
    return target.getvalue()


CELL = f'<w:p><w:pPr><w:pStyle w:val="TableText"/><w:keepNext/></w:pPr>{run("1")}</w:p>'
TABLE_END = '<w:p><w:pPr><w:pStyle w:val="TableEnd"/></w:pPr></w:p>'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<w:id w:val="2"/>', '<w:id w:val="1"/>', "second control with id '1'"),
        ('<w:fldChar w:fldCharType="end"/>', "", "a field that never ends"),
        ('<w:fldChar w:fldCharType="begin"/>', "", "a field mark 'separate' that belongs to no field"),
        ("<w:r><w:t", "stray<w:r><w:t", "text outside a run: 'stray'"),
        ('<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>', "has 2 columns, but row 4 fills 3"),
        ('<w:gridSpan w:val="2"/>', "", "has 2 columns, but row 4 fills 1"),
        ('<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="x"/>', "has 2 columns, but row 4 fills nan"),
        ("<w:gridCol ", '<w:gridCol w:w="1"/><w:gridCol ', "has 3 columns, but row 1 fills 2"),
        (CELL, "", "a cell that does not end with a paragraph"),
        (CELL, f"{CELL}<w:sdt/>", "a cell that does not end with a paragraph"),
        ('w:name="_Toc000001"', 'w:name="other"', "links lead nowhere: _Toc000001"),
        ('<w:bookmarkEnd w:id="1"/>', "", "bookmarks never end: 1"),
        (f"</w:tbl>{TABLE_END}<w:tbl>", "</w:tbl><w:tbl>", "a table is not followed by a paragraph"),
        ("</w:body>", "", "it cannot be read"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_and_named(old, new, said):
    with pytest.raises(BrokenDocumentError, match="was not handed out") as error:
        check(planted(old, new))
    assert any(said in fault for fault in error.value.faults), error.value.faults


def test_faults_are_looked_for_in_the_footer_too():
    with pytest.raises(BrokenDocumentError, match=r"word/footer1\.xml: the text has a field that never ends"):
        check(planted('<w:r><w:fldChar w:fldCharType="end"/></w:r>', "", "word/footer1.xml"))


def test_a_good_file_passes_whatever_its_blocks():
    check(write(a_document(a_table(), a_table(), A_FORM, A_FORM, a_table())))
    check(write(a_document()))


def test_what_is_no_zip_is_refused():
    with pytest.raises(BrokenDocumentError, match="cannot be read"):
        check(b"PK nonsense")
