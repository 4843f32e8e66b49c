"""The small parts of the file: headers, footer, properties, and the lists that hold the parts together."""

from docgen.model import Document
from docgen.writer.body import NAMESPACES
from docgen.writer.fields import field
from docgen.writer.markup import paragraph
from docgen.writer.text import attribute, element_text, run

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PROPERTY_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one format id that custom properties have

_CONTENT_TYPES = {
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "word/footer.xml": f"{_WORD}.footer+xml",
    "word/header.xml": f"{_WORD}.header+xml",
    "word/headerAcross.xml": f"{_WORD}.header+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/theme.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
}
_DOCUMENT_RELATIONS = (
    ("rIdStyles", "styles", "styles.xml"),
    ("rIdNumbering", "numbering", "numbering.xml"),
    ("rIdSettings", "settings", "settings.xml"),
    ("rIdFonts", "fontTable", "fontTable.xml"),
    ("rIdTheme", "theme", "theme.xml"),
    ("rIdHeader", "header", "header.xml"),
    ("rIdHeaderAcross", "header", "headerAcross.xml"),
    ("rIdFooter", "footer", "footer.xml"),
)


def content_types() -> str:
    """Return the list of what each part is."""
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in _CONTENT_TYPES.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def package_relations() -> str:
    """Return which parts the file starts from."""
    return _relations(
        (
            ("rIdDocument", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("rIdCore", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rIdApp", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
            ("rIdCustom", f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
        )
    )


def document_relations() -> str:
    """Return which parts belong to the main one."""
    return _relations(
        tuple((key, f"{_OFFICE}/relationships/{kind}", target) for key, kind, target in _DOCUMENT_RELATIONS)
    )


def header(document: Document, style: str) -> str:
    """Return the line on top of every page: document and version on the left, its title on the right."""
    front = document.front
    left = run(f"{front.document_id}  V{front.version}")
    line = paragraph(style, f"{left}<w:r><w:tab/></w:r>{run(document.title)}")
    return f"{_XML}<w:hdr {NAMESPACES}>{line}</w:hdr>"


def footer(document: Document) -> str:
    """Return the line at the bottom of every page: its number and how many there are."""
    before, _, rest = document.wording.page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    words = "".join(
        (_words(before), field("PAGE", "1"), _words(between), field("NUMPAGES", "1"), _words(after))
    )
    return f"{_XML}<w:ftr {NAMESPACES}>{paragraph('Footer', words)}</w:ftr>"


def core_properties(document: Document) -> str:
    """Return title, author and dates. The dates are those of issue: the same document is the same file."""
    front = document.front
    stamp = f"{front.day.isoformat()}T00:00:00Z"
    language = "zh-CN" if document.language == "zh" else "en-US"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{element_text(document.title)}</dc:title>"
        f"<dc:subject>{element_text(f'{document.product} {document.period}')}</dc:subject>"
        f"<dc:creator>{element_text(front.author)}</dc:creator>"
        f"<dc:identifier>{element_text(front.document_id)}</dc:identifier>"
        f"<dc:language>{language}</dc:language>"
        f"<cp:lastModifiedBy>{element_text(front.author)}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified>'
        f"<cp:version>{element_text(front.version)}</cp:version></cp:coreProperties>"
    )


def custom_properties(document: Document) -> str:
    """Return the marks by which an uploaded copy is recognised (M65)."""
    values = {
        "DocId": document.front.document_id,
        "DocVersion": document.front.version,
        "DataSha256": document.data_sha256,
    }
    # ids 0 and 1 are reserved
    properties = "".join(
        f'<property fmtid="{_PROPERTY_FORMAT}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{element_text(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), 2)
    )
    return (
        f'{_XML}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{properties}</Properties>"
    )


def _words(text: str) -> str:
    return run(text) if text else ""


def _relations(entries: tuple[tuple[str, str, str], ...]) -> str:
    lines = "".join(
        f'<Relationship Id="{attribute(key)}" Type="{kind}" Target="{target}"/>'
        for key, kind, target in entries
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
