"""The last section of every plan: the superior's decision on it (M26, M48)."""

from docgen.approval import approval
from docgen.content.pen import Pen
from docgen.model import Section


def approval_section(pen: Pen) -> Section:
    """Return the section: what approval means, and the places to fill in."""
    heading = pen.heading("approval")
    return Section(heading, (pen.body("approval.intro"), approval(pen.texts)), annex=True)
