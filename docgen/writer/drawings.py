"""Pictures and charts: in line with the text, with the alternative text that says what they show."""

from docx.oxml.parser import parse_xml
from docx.text.paragraph import Paragraph

from docgen.writer.elements import element_of
from docgen.writer.text import attribute

EMU_PER_MM = 36_000
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    f'xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" '
    f'xmlns:pic="{_DRAWING}/picture" xmlns:c="{_DRAWING}/chart"'
)


def add_picture(paragraph: Paragraph, relation: str, number: int, description: str, side: int) -> None:
    """Append a square picture whose side is ``side`` millimetres; ``number`` is unique in the document."""
    size = f'cx="{side * EMU_PER_MM}" cy="{side * EMU_PER_MM}"'
    about = f'id="{number}" name="Picture {number}" descr="{attribute(description)}"'
    _add(
        paragraph, size, about,
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>',
    )  # fmt: skip


def add_chart(
    paragraph: Paragraph, relation: str, number: int, description: str, width: int, height: int
) -> None:
    """Append the chart behind a relation, in English Metric Units wide and high."""
    _add(
        paragraph, f'cx="{width}" cy="{height}"',
        f'id="{number}" name="Chart {number}" descr="{attribute(description)}"',
        f'<a:graphicData uri="{_DRAWING}/chart"><c:chart r:id="{relation}"/></a:graphicData>',
    )  # fmt: skip


def _add(paragraph: Paragraph, size: str, about: str, graphic: str) -> None:
    markup = (
        f'<w:drawing {_NAMES}><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr {about}/><wp:cNvGraphicFramePr/>'
        f"<a:graphic>{graphic}</a:graphic></wp:inline></w:drawing>"
    )
    element_of(paragraph.add_run()).append(parse_xml(markup))
