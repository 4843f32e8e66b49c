"""The two elements that everything else is put into: paragraphs and table cells."""

# what must stand between two tables, lest they become one
TABLE_END = '<w:p><w:pPr><w:pStyle w:val="TableEnd"/></w:pPr></w:p>'
KEEP_NEXT = "<w:keepNext/>"


def paragraph(style: str, content: str, properties: str = "") -> str:
    """Return a paragraph; ``content`` is its runs, ``properties`` what follows the style's name."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def cell(width: int, content: str, properties: str = "") -> str:
    """Return a cell ``width`` twips wide; ``content`` is its paragraphs."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'
