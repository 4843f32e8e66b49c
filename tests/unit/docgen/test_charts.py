"""Charts: numbers that can be read in the file, by a screen reader, and in the workbook behind them."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from docgen.model import ChartKind, Prose, Reference
from docgen.writer import write
from docgen.writer.charts import alternative_text, chart_part
from docgen.writer.drawings import EMU_PER_MM
from docgen.writer.workbook import column_name, workbook
from tests.documents.plan import a_chart, a_plan
from tests.unit.docgen.test_checks import a_document

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def _words(*blocks):
    document = a_document(*blocks)
    return replace(document, wording=replace(document.wording, figure="图"))


@pytest.mark.parametrize("kind", ChartKind)
def test_the_chart_holds_every_number_and_names_where_it_comes_from(kind):
    root = etree.fromstring(chart_part(a_chart(kind=kind), "rId1"))
    values = [[v.text for v in ser.iter(f"{C}v")] for ser in root.iter(f"{C}val")]
    assert values == [["12", "9.5", "16"], ["3", "2"]]
    assert [f.text for f in root.iter(f"{C}f")][:3] == ["Sheet1!$B$1", "Sheet1!$A$2:$A$4", "Sheet1!$B$2:$B$4"]
    ids = [int(axis.get("val")) for axis in root.iter(f"{C}axId")]
    assert all(0 < one < 2**31 for one in ids)
    assert root.find(f"{C}roundedCorners").get("val") == "0"
    assert all(ea.get("typeface") == "黑体" for ea in root.iter("{*}ea"))


def test_the_workbook_behind_it_holds_the_same_numbers():
    with ZipFile(BytesIO(workbook(a_chart()))) as book:
        cells = etree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter("{*}c")
    held = {cell.get("r"): "".join(cell.itertext()) for cell in cells}
    assert held == {
        "B1": "请求", "C1": "故障", "A2": "10月", "B2": "12", "C2": "3",
        "A3": "11月", "B3": "9.5", "A4": "12月", "B4": "16", "C4": "2",
    }  # fmt: skip
    assert [column_name(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_alternative_text_says_the_numbers():
    told = alternative_text(replace(a_chart(), description="一个季度"))
    assert told == "各月要求. 一个季度\n请求: 10月 12, 11月 9.5, 12月 16\n故障: 10月 3, 12月 2"


def test_no_chart_is_so_high_that_it_leaves_a_hole_on_a_page():
    with ZipFile(BytesIO(write(_words(a_chart())))) as package:
        document = etree.fromstring(package.read("word/document.xml"))
    heights = [int(extent.get("cy")) / EMU_PER_MM for extent in document.iter("{*}extent")]
    assert len(heights) == 2  # the code on the cover, the chart
    assert max(heights) <= 62


@pytest.mark.parametrize("odd", ['<c:v>&amp;"', "甲\x00\x0b\ud800乙", "=1+1", ""])
def test_no_name_of_a_stranger_breaks_a_chart(odd):
    chart = a_chart()
    series = (replace(chart.series[0], name=odd), replace(chart.series[1], values=(-1, 1e15, 0.1)))
    data = write(_words(replace(chart, caption=odd, categories=(odd, odd, odd), series=series)))
    with ZipFile(BytesIO(data)) as package:
        etree.fromstring(package.read("word/charts/chart2.xml"))
        with ZipFile(BytesIO(package.read("word/embeddings/workbook2.xlsx"))) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_what_does_not_fit_together_is_refused_by_name():
    short = replace(a_chart(), categories=("10月",))
    with pytest.raises(ValueError, match="series '请求' of chart '各月要求' has 3 values for 1 categories"):
        write(_words(short))
    with pytest.raises(ValueError, match="needs the word for figures"):
        write(a_document(a_chart()))
    with pytest.raises(ValueError, match="a reference to 'x' leads nowhere; known keys are trend"):
        write(_words(a_chart(key="trend"), Prose(("见", Reference("x")))))
    with pytest.raises(ValueError, match="key 'a' is used twice"):
        write(_words(a_chart(key="a"), a_chart(key="a")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_validator_finds_nothing_in_a_plan_with_everything(language, tmp_path):
    (path := tmp_path / "plan.docx").write_bytes(write(a_plan(language)))
    assert OpenXmlValidator().validate(str(path)).errors == []


def test_references_show_the_numbers_of_captions_and_chapters_and_lead_to_them():
    with ZipFile(BytesIO(write(a_plan()))) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    [paragraph] = [p for p in body.iter("{*}p") if "各月要求见" in "".join(p.itertext("{*}t"))]
    assert "".join(paragraph.itertext("{*}t")) == "各月要求见图 1，预算见表 1，在第 3 章。"
    codes = [code.split()[1] for code in paragraph.itertext("{*}instrText")]
    names = {mark.get(f"{{{body.nsmap['w']}}}name") for mark in body.iter("{*}bookmarkStart")}
    assert len(codes) == 3
    assert set(codes) <= names
