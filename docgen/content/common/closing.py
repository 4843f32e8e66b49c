"""The last chapters of every report: room for the author's words, and the way to the leader (M38, M72)."""

from docgen.content.pen import Pen
from docgen.model import Blank, Block, Form, FormRow, Paragraph, Section
from svc_plugin.domain.figures.model import Report
from svc_plugin.domain.model import IssueRef

_NAMED_AT_MOST = 10


def analysis(
    pen: Pen, trends: tuple[Block, ...], suggestions: tuple[Block, ...], author_text: str
) -> tuple[Section, ...]:
    """Return the chapter on what was learned: trends from the data, suggestions, the author's words.

    ``author_text`` is what the author wrote before; without it there is room to write.
    """
    return (
        Section(pen.heading("analysis"), ()),
        Section(pen.heading("analysis.data"), trends or (pen.empty(),), level=2),
        Section(pen.heading("analysis.suggestions"), suggestions or (pen.empty(),), level=2),
        Section(pen.heading("analysis.author"), _author(pen, author_text), level=2),
    )


def submission(pen: Pen, report: Report) -> Section:
    """Return the chapter in which the leader receives the report and remarks on it (M72)."""
    heading = pen.heading("submission")
    product = pen.registers.products.get(report.product)
    leader = pen.registers.name_of(product.leader) if product else ""
    rows = (
        FormRow(pen.say("submission.recipient"), leader, "" if leader else "submission.recipient"),
        FormRow(pen.say("submission.sent_on"), "", "submission.sent_on"),
        FormRow(pen.say("submission.remark"), "", "submission.remark", lines=7),
        FormRow(pen.say("submission.signature"), "", "submission.signature", lines=2),
        FormRow(pen.say("submission.signed_on"), "", "submission.signed_on"),
    )
    return Section(heading, (pen.body("submission.intro"), Form(rows, pen.say("submission.description"))))


def first_numbers(pen: Pen, refs: tuple[IssueRef, ...]) -> str:
    """List the first issue numbers; the annex has them all."""
    shown = pen.texts.listed([pen.number(ref) for ref in refs[:_NAMED_AT_MOST]])
    return shown if len(refs) <= _NAMED_AT_MOST else pen.say("numbers.more", numbers=shown)


def _author(pen: Pen, text: str) -> tuple[Block, ...]:
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if paragraphs:
        return tuple(Paragraph(line) for line in paragraphs)
    return (Blank("author.analysis", pen.say("heading.analysis.author"), pen.say("analysis.prompt")),)
