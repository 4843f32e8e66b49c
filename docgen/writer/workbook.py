"""The workbook behind a chart: what Excel opens when a person edits the numbers."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docgen.model import Chart
from docgen.writer.text import attribute, clean

SHEET = "Sheet1"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def workbook(chart: Chart) -> bytes:
    """Return the numbers of a chart as an Excel file: categories down, series across."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">'
        f"<sheetData>{_rows(chart)}</sheetData></worksheet>",
    }
    with ZipFile(target := BytesIO(), "w", ZIP_DEFLATED) as package:
        for name, text in parts.items():
            entry = ZipInfo(name)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            package.writestr(entry, f"{_HEAD}{text}")
    return target.getvalue()


def column_name(place: int) -> str:
    """Return the name of a column: ``A`` for 0, ``AA`` for 26."""
    before, last = divmod(place, 26)
    return (column_name(before - 1) if before else "") + chr(ord("A") + last)


def number_text(value: float) -> str:
    """Write a number as files hold it: no sign for thousands, no ``.0``."""
    return f"{value:.0f}" if value == int(value) else repr(float(value))


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _rows(chart: Chart) -> str:
    table: list[list[str | float | None]] = [["", *(series.name for series in chart.series)]]
    for place, category in enumerate(chart.categories):
        table.append([category, *(series.values[place] for series in chart.series)])
    return "".join(
        f'<row r="{r}">{"".join(_cell(f"{column_name(c)}{r}", value) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(table, 1)
    )


def _cell(name: str, value: str | float | None) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return (
            f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{attribute(clean(value))}</t></is></c>'
        )
    return f'<c r="{name}"><v>{number_text(value)}</v></c>'
