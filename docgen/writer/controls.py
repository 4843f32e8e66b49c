"""Content controls: places for people to fill in, found again by their tag.

Rich text, never plain: LibreOffice writes plain-text controls several times over when it saves.
"""

from docgen.writer.text import attribute, run

_ROOM = "\u3000" * 6  # an empty control is a few points wide and nobody finds it


def inline(number: int, tag: str, label: str, prompt: str) -> str:
    """Return a control within a paragraph; ``number`` is unique within the document."""
    return _control(number, tag, label, _placeholder(prompt))


def block(number: int, tag: str, label: str, prompt: str) -> str:
    """Return a control that holds whole paragraphs."""
    content = f'<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr>{_placeholder(prompt)}</w:p>'
    return _control(number, tag, label, content)


def _placeholder(prompt: str) -> str:
    return run(prompt or _ROOM, '<w:rStyle w:val="PlaceholderText"/>')


def _control(number: int, tag: str, label: str, content: str) -> str:
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{attribute(label)}"/><w:tag w:val="{attribute(tag)}"/>'
        f'<w:id w:val="{number}"/><w:lock w:val="sdtLocked"/><w:showingPlcHdr/></w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )
