"""Chapters 10 and 11: what the figures say, what the author says, and the way to the leader (M38, M72)."""

from docgen.content.pen import Pen
from docgen.model import Blank, Block, Form, FormRow, Paragraph, Section
from svc_plugin.domain.figures.model import ServiceReport
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field

_NAMED_AT_MOST = 10


def analysis(pen: Pen, report: ServiceReport, author_text: str) -> tuple[Section, ...]:
    """Return the chapter on what was learned: trends from the data, adopted suggestions, the author's words.

    ``author_text`` is what the author wrote before; without it there is room to write.
    """
    return (
        Section(pen.heading("analysis"), ()),
        Section(pen.heading("analysis.data"), tuple(_trends(pen, report)), level=2),
        Section(pen.heading("analysis.suggestions"), _adopted(pen, report), level=2),
        Section(pen.heading("analysis.author"), _author(pen, author_text), level=2),
    )


def submission(pen: Pen, report: ServiceReport) -> Section:
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


def _trends(pen: Pen, report: ServiceReport) -> list[Block]:
    if not report.requests:
        return [pen.empty()]
    total, response = report.statistics.kinds[-1], report.statistics.responses[-1]
    received, previous = len(total.received.refs), len(total.previous.refs)
    found: list[Block] = [
        pen.item("trend.received", received=received, previous=previous, change=f"{received - previous:+d}")
    ]
    kinds = report.statistics.kinds[:-1]
    most = max(kinds, key=lambda tally: len(tally.received.refs))
    if received:
        share = len(most.received.refs) / received
        kind = pen.named(pen.texts.choice(Field.REQUEST_KIND, most.name))
        found.append(pen.item("trend.kind", kind=kind, count=len(most.received.refs), share=f"{share:.1%}"))
    if response.late.refs:
        found.append(
            pen.item("trend.late", count=len(response.late.refs), numbers=_numbers(pen, response.late.refs))
        )
    if total.open.refs:
        oldest = next(row for row in report.requests if row.open)
        facts = {
            "count": len(total.open.refs),
            "number": pen.number(oldest.ref),
            "day": pen.day(oldest.received),
        }
        found.append(pen.item("trend.open", **facts))
    unsettled = tuple(c.ref for c in report.complaints if not c.outcome)
    if unsettled:
        found.append(pen.item("trend.complaints", count=len(unsettled), numbers=_numbers(pen, unsettled)))
    return found


def _adopted(pen: Pen, report: ServiceReport) -> tuple[Block, ...]:
    adopted = [s for s in report.suggestions if s.decision == "adopted"]
    if not adopted:
        return (pen.empty(),)
    return tuple(
        pen.item(
            "analysis.suggestion", number=pen.number(s.ref), title=s.title, customer=pen.named(s.customer)
        )
        for s in adopted
    )


def _author(pen: Pen, text: str) -> tuple[Block, ...]:
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if paragraphs:
        return tuple(Paragraph(line) for line in paragraphs)
    return (Blank("author.analysis", pen.say("heading.analysis.author"), pen.say("analysis.prompt")),)


def _numbers(pen: Pen, refs: tuple[IssueRef, ...]) -> str:
    """List the first issue numbers; the annex has them all."""
    shown = pen.texts.listed([pen.number(ref) for ref in refs[:_NAMED_AT_MOST]])
    return shown if len(refs) <= _NAMED_AT_MOST else pen.say("numbers.more", numbers=shown)
