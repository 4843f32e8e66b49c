"""Chapter 10: what the figures say, and the suggestions worth keeping (M38)."""

from docgen.content.common.closing import first_numbers
from docgen.content.pen import Pen
from docgen.model import Block
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.vocabulary import Field


def trends(pen: Pen, report: ServiceReport) -> tuple[Block, ...]:
    """Return what the figures say, one item each; nothing for a period without requests."""
    if not report.requests:
        return ()
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
    if late := response.late.refs:
        found.append(pen.item("trend.late", count=len(late), numbers=first_numbers(pen, late)))
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
        numbers = first_numbers(pen, unsettled)
        found.append(pen.item("trend.complaints", count=len(unsettled), numbers=numbers))
    return tuple(found)


def adopted(pen: Pen, report: ServiceReport) -> tuple[Block, ...]:
    """Return the suggestions that were adopted, one item each."""
    return tuple(
        pen.item(
            "analysis.suggestion", number=pen.number(s.ref), title=s.title, customer=pen.named(s.customer)
        )
        for s in report.suggestions
        if s.decision == "adopted"
    )
