"""The charts of the documents: each draws the numbers of the table it is named with, or is left out."""

from io import BytesIO

import docx
import pytest
from lxml import etree

from docgen.model import Chart, Document, Prose, Reference, Table
from docgen.writer import write
from docgen.writer.charts import chart_part
from svc_plugin.domain.figures.tallies import received_by_month
from svc_plugin.domain.figures.window import window_of
from svc_plugin.domain.vocabulary import Field
from svc_plugin.messages import load
from tests.documents.company import PERIOD, REGISTERS
from tests.documents.papers import KINDS, build, document, figures

CHARTS = {
    "service_plan": ["budget"],
    "service_report": ["responses", "kinds_by_month", "costs"],
    "maintenance_plan": ["budget"],
    "maintenance_report": ["effort_by_class", "resolutions", "classes_by_month", "costs"],
}
# of which key figures a chart is drawn, by the chart and its table's column
DRAWN = {
    "responses": (1, 2),
    "resolutions": (1, 2),
    "kinds_by_month": (1, 2, 3),
    "classes_by_month": (1, 2, 3),
    "effort_by_class": (1,),
    "costs": (1, 2),
    "budget": (2, 3),
}


def charts(made: Document) -> dict[str, Chart]:
    blocks = [block for section in made.sections for block in section.blocks]
    return {block.key: block for block in blocks if isinstance(block, Chart)}


def numbers(made: Document, chart: Chart) -> list[list[float]]:
    """The numbers of the table that stands beside a chart, rounded as the chart rounds them."""
    blocks = [block for section in made.sections for block in section.blocks]
    [table] = [b for b in blocks if isinstance(b, Table) and b.key == f"{chart.key}.numbers"]
    rows = [row for group in table.groups() for row in group.rows]
    told = [[_number(row[column]) for column in DRAWN[chart.key]] for row in rows]
    return sorted(row for row in told if any(row))


def _number(text: str) -> float:
    return 0.0 if text == "—" else round(float(text.replace(",", "")), 1)


@pytest.mark.clause("M41")
@pytest.mark.clause("M62")
@pytest.mark.parametrize("kind", KINDS)
def test_each_document_draws_what_a_leader_looks_for(kind):
    assert list(charts(document(kind, "zh"))) == CHARTS[kind]


@pytest.mark.clause("M30")
@pytest.mark.clause("M44")
@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in KINDS for key in CHARTS[kind]])
def test_a_chart_draws_the_numbers_of_its_table(kind, key):
    made = document(kind, "en")
    chart = charts(made)[key]
    drawn = [[value or 0.0 for value in one.values] for one in chart.series]
    if not key.endswith("_by_month"):  # there each line of the table is a series
        drawn = [list(values) for values in zip(*drawn, strict=True)]
    wanted = numbers(made, chart)
    if key == "costs":  # in whole CNY
        wanted = [[float(round(value)) for value in row] for row in wanted]
    assert sorted(drawn) == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_is_named_in_the_text_together_with_its_table(kind):
    made = document(kind, "zh")
    told = [
        part.key
        for section in made.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for part in block.parts
        if isinstance(part, Reference)
    ]
    assert told == [key for chart in CHARTS[kind] for key in (f"{chart}.numbers", chart)]
    text = "\n".join(p.text for p in docx.Document(BytesIO(write(made))).paragraphs)
    assert "见表" in text
    assert text.count("图 1") >= 2  # in the text and under the chart


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_where_there_is_nothing_to_compare(kind):
    empty = charts(build(kind, "zh", figures(kind, [])))
    assert set(empty) <= {"budget", "costs"}  # a budget there is without work, too


@pytest.mark.clause("M41")
def test_what_was_received_by_kind_and_month_adds_up_to_what_was_received():
    report = figures("service_report")
    window = window_of(PERIOD, REGISTERS.calendar.zone)
    lines = received_by_month(Field.REQUEST_KIND, lambda row: row.kind, report.requests, window)
    *parts, (_, whole) = lines
    assert [len(figure.refs) for figure in whole] == [16, 15, 6]
    tallies = {tally.name: tally.received.value for tally in report.statistics.kinds[:-1]}
    assert {name: sum(f.value or 0 for f in found) for name, found in parts} == {
        name: count for name, count in tallies.items() if count
    }
    assert received_by_month(Field.REQUEST_KIND, lambda row: row.kind, (), window) == ()


def test_a_year_has_room_for_all_its_months():
    made = build("service_report", "zh", figures("service_report", period="2026"))
    assert len(charts(made)["kinds_by_month"].categories) == 12
    write(made)


def test_series_can_be_told_apart_in_black_and_white():
    chart = charts(document("service_report", "zh"))["kinds_by_month"]
    root = etree.fromstring(chart_part(chart, "rId1"))
    fills = [etree.tostring(series.find("{*}spPr")[0]) for series in root.iter("{*}ser")]
    shapes = [
        (fill.count(b"pattFill"), fill.count(b"lumMod"), fill.split(b'prst="')[-1][:8]) for fill in fills
    ]
    assert len(set(shapes)) == len(chart.series) == 6


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_alternative_text_of_a_chart_says_its_numbers(language):
    body = docx.Document(BytesIO(write(document("service_report", language)))).element.body
    told = [one.get("descr") for one in body.iter("{*}docPr") if one.get("name").startswith("Chart")]
    assert load(language).say("doc.figure.kinds_by_month") in told[1]
    assert "2026-10 3, 2026-11 4, 2026-12 1" in told[1]
