"""Fields: places whose text Word computes, written with the text they have now."""

from docgen.writer.text import attribute, element_text, run


def field(instruction: str, result: str) -> str:
    """Return a complete field. Every mark has a run of its own: WPS shows nothing otherwise."""
    return f"{begin(instruction)}{run(result)}{END}"


def begin(instruction: str) -> str:
    """Return the first half of a field, up to where its present text starts."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {element_text(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def link(anchor: str, text: str) -> str:
    """Return text that leads to a bookmark of the same document."""
    return f'<w:hyperlink w:anchor="{attribute(anchor)}" w:history="1">{run(text)}</w:hyperlink>'


def bookmark(number: int, name: str, content: str) -> str:
    """Return content with a bookmark around it; ``number`` is unique within the document."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{attribute(name)}"/>'
    return f'{start}{content}<w:bookmarkEnd w:id="{number}"/>'
