"""Charts that Word draws itself: sharp, editable, and every number in the file."""

from collections.abc import Sequence

from docgen.model import Chart, ChartKind, Series
from docgen.writer.text import attribute
from docgen.writer.workbook import SHEET, column_name, number_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CATEGORIES, _VALUES = 111_111_101, 111_111_102  # ids of the axes
_LINE_WIDTH, _HAIRLINE = 28_575, 6_350  # EMU
_WHITE_COLOR = '<a:srgbClr val="FFFFFF"/>'
_WHITE = f"<a:solidFill>{_WHITE_COLOR}</a:solidFill>"
_GRAY = '<a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill>'
_ACCENTS = 6
_PALE = "pale"  # one color in a lighter tone
# series differ without colour too: documents are signed on paper, mostly printed in black
_PATTERNS = ("", "wdUpDiag", _PALE, "dkHorz", "smGrid", "wdDnDiag")
_SYMBOLS = ("circle", "square", "triangle", "diamond", "x", "plus")
_DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash")


def alternative_text(chart: Chart) -> str:
    """Return what the chart shows, in words and numbers."""
    series = (
        f"{one.name}: " + ", ".join(
            f"{category} {number_text(value)}"
            for category, value in zip(chart.categories, one.values, strict=True)
            if value is not None
        )
        for one in chart.series
    )  # fmt: skip
    about = f"{chart.caption}. {chart.description}" if chart.description else chart.caption
    return "\n".join((about, *series))


def chart_part(chart: Chart, workbook: str) -> bytes:
    """Return the chart's own part; ``workbook`` is the id of the relation to its numbers."""
    kind = "line" if chart.kind is ChartKind.LINE else "bar"
    series = "".join(_series(chart, place, one) for place, one in enumerate(chart.series))
    plot = f'{_opening(chart)}{series}{_closing(chart)}<c:axId val="{_CATEGORIES}"/><c:axId val="{_VALUES}"/>'
    legend = (
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_letters()}</c:legend>'
        if len(chart.series) > 1
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main" xmlns:r="{_OFFICE}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea><c:layout/><c:{kind}Chart>{plot}</c:{kind}Chart>{_axes()}</c:plotArea>{legend}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_letters()}"
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def _opening(chart: Chart) -> str:
    if chart.kind is ChartKind.LINE:
        return '<c:grouping val="standard"/><c:varyColors val="0"/>'
    grouping = "stacked" if chart.kind is ChartKind.STACKED else "clustered"
    return f'<c:barDir val="col"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>'


def _closing(chart: Chart) -> str:
    if chart.kind is ChartKind.LINE:
        return '<c:marker val="1"/>'
    overlap = '<c:overlap val="100"/>' if chart.kind is ChartKind.STACKED else ""
    return f'<c:gapWidth val="80"/>{overlap}'


def _series(chart: Chart, place: int, series: Series) -> str:
    last, letter = len(chart.categories) + 1, column_name(place + 1)
    look = _line_look(place) if chart.kind is ChartKind.LINE else _bar_look(place)
    name = _reference("str", f"{SHEET}!${letter}$1", [series.name])
    categories = _reference("str", f"{SHEET}!$A$2:$A${last}", chart.categories)
    numbers = [None if value is None else number_text(value) for value in series.values]
    values = _reference("num", f"{SHEET}!${letter}$2:${letter}${last}", numbers)
    smooth = '<c:smooth val="0"/>' if chart.kind is ChartKind.LINE else ""
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx>{name}</c:tx>{look}{_labels(chart)}'
        f"<c:cat>{categories}</c:cat><c:val>{values}</c:val>{smooth}</c:ser>"
    )


def _line_look(place: int) -> str:
    color, turn = _color(place), place % _ACCENTS
    line = f'{color}<a:prstDash val="{_DASHES[turn]}"/>'
    return (
        f'<c:spPr><a:ln w="{_LINE_WIDTH}">{line}</a:ln></c:spPr><c:marker>'
        f'<c:symbol val="{_SYMBOLS[turn]}"/><c:size val="6"/><c:spPr>{color}</c:spPr></c:marker>'
    )


def _bar_look(place: int) -> str:
    pattern, color = _PATTERNS[place % _ACCENTS], _color(place)
    if pattern == _PALE:
        fill = _color(place, '<a:lumMod val="40000"/><a:lumOff val="60000"/>')
    elif pattern:
        colors = f"<a:fgClr>{_accent(place)}</a:fgClr><a:bgClr>{_WHITE_COLOR}</a:bgClr>"
        fill = f'<a:pattFill prst="{pattern}">{colors}</a:pattFill>'
    else:
        fill = color
    return f'<c:spPr>{fill}<a:ln w="{_HAIRLINE}">{color}</a:ln></c:spPr><c:invertIfNegative val="0"/>'


def _color(place: int, tone: str = "") -> str:
    return f"<a:solidFill>{_accent(place, tone)}</a:solidFill>"


def _accent(place: int, tone: str = "") -> str:
    return f'<a:schemeClr val="accent{place % _ACCENTS + 1}">{tone}</a:schemeClr>'


def _labels(chart: Chart) -> str:
    """Show each value; above lines and columns, within stacked ones on a field of white."""
    place = {ChartKind.LINE: "t", ChartKind.STACKED: "ctr", ChartKind.COLUMN: "outEnd"}[chart.kind]
    ground = _WHITE if chart.kind is ChartKind.STACKED else "<a:noFill/>"
    whole = all(value is None or value == int(value) for one in chart.series for value in one.values)
    shown = "".join(
        f'<c:show{name} val="{int(name == "Val")}"/>'
        for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    return (
        f'<c:dLbls><c:numFmt formatCode="#,##0{"" if whole else ".0"}" sourceLinked="0"/>'
        f'<c:spPr>{ground}</c:spPr>{_letters()}<c:dLblPos val="{place}"/>{shown}</c:dLbls>'
    )


def _reference(kind: str, formula: str, texts: Sequence[str | None]) -> str:
    """Return texts or numbers as kept in the chart, with the place in the workbook where they come from."""
    form = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{attribute(text)}</c:v></c:pt>'
        for place, text in enumerate(texts)
        if text is not None
    )
    return (
        f"<c:{kind}Ref><c:f>{formula}</c:f><c:{kind}Cache>{form}"
        f'<c:ptCount val="{len(texts)}"/>{points}</c:{kind}Cache></c:{kind}Ref>'
    )


def _axes() -> str:
    common = '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
    line = f'<c:spPr><a:ln w="{_HAIRLINE}">{_GRAY}</a:ln></c:spPr>{_letters()}'
    return (
        f'<c:catAx><c:axId val="{_CATEGORIES}"/>{common}<c:axPos val="b"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{line}<c:crossAx val="{_VALUES}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        f'<c:noMultiLvlLbl val="0"/></c:catAx><c:valAx><c:axId val="{_VALUES}"/>{common}'
        f'<c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="{_HAIRLINE}">'
        '<a:solidFill><a:srgbClr val="E5E5E5"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        '<c:numFmt formatCode="#,##0" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{line}'
        f'<c:crossAx val="{_CATEGORIES}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        "</c:valAx>"
    )


def _letters() -> str:
    """Return the letters of a chart: both faces are named, or Chinese would be set in any font."""
    return (
        '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900"><a:solidFill>'
        '<a:srgbClr val="000000"/></a:solidFill><a:latin typeface="Arial"/>'
        '<a:ea typeface="黑体"/><a:cs typeface="Arial"/></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )
