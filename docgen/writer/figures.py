"""What a document shows besides text: its charts, and the code on its cover, each with its own parts."""

from typing import cast

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package
from docx.text.paragraph import Paragraph

from docgen.model import Chart, Front
from docgen.writer.charts import CONTENT_TYPE as CHART
from docgen.writer.charts import alternative_text, chart_part
from docgen.writer.drawings import EMU_PER_MM, add_chart, add_picture
from docgen.writer.workbook import workbook

CODE = "word/media/code.png"
_EMU_PER_TWIP = 635
_CODE_SIDE = 24  # millimetres: a scan of 75 dots an inch still tells the squares apart
_CHART_HEIGHT = 60 * EMU_PER_MM  # a taller one leaves holes: it moves to the next page as a whole


def place_code(word: WordDocument, paragraph: Paragraph, number: int, front: Front) -> None:
    """Append the code of the cover; its picture is drawn when the mark over the words is known."""
    part = Part(PackURI(f"/{CODE}"), CONTENT_TYPE.PNG, b"", _package(word))
    relation = word.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    add_picture(paragraph, relation, number, f"{front.document_id} V{front.version}", _CODE_SIDE)


def place_chart(word: WordDocument, paragraph: Paragraph, number: int, chart: Chart, width: int) -> None:
    """Append a chart ``width`` twips wide, with the workbook behind it; ``number`` is its own.

    Raises ``ValueError`` when a series has more or fewer values than there are categories.
    """
    for series in chart.series:
        if len(series.values) != len(chart.categories):
            raise ValueError(
                f"series {series.name!r} of chart {chart.caption!r} has {len(series.values)} values "
                f"for {len(chart.categories)} categories; give one each, None where there is none"
            )
    numbers = Part(
        PackURI(f"/word/embeddings/workbook{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        workbook(chart),
        _package(word),
    )
    drawn = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART, chart_part(chart, "rId1"), _package(word))
    drawn.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, numbers, "rId1")
    relation = word.part.relate_to(drawn, RELATIONSHIP_TYPE.CHART)
    add_chart(paragraph, relation, number, alternative_text(chart), width * _EMU_PER_TWIP, _CHART_HEIGHT)


def _package(word: WordDocument) -> Package:
    return cast(Package, word.part.package)  # only a part that stands alone has none
