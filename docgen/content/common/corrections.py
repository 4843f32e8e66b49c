"""What the record tells otherwise now than the last report did (M76)."""

from docgen.content.pen import NOTHING, Pen
from docgen.model import Align, Block, Row, Section
from svc_plugin.domain.figures.model import TOTAL, Correction, Edit, Report
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field

_NAMED_AT_MOST = 10


def corrections(pen: Pen, report: Report) -> Section:
    """Return the section: figures of the period before that changed, and the edits behind some of them."""
    heading = pen.heading("corrections")
    if not report.corrections and not report.edits:
        told = (pen.note("corrections.unchanged", period=report.corrected),) if report.corrected else ()
        return Section(heading, (pen.empty(), *told), level=2)
    blocks: tuple[Block, ...] = ()
    if report.corrections:
        columns = pen.columns(
            ("figure", 3.4),
            ("before", 1, Align.RIGHT),
            ("after", 1, Align.RIGHT),
            ("issue_numbers", 3.4),
        )
        rows = [_line(pen, correction) for correction in report.corrections]
        blocks = (
            pen.body("corrections.intro", period=report.corrected),
            pen.table("caption.corrections", columns, rows, ruled=True),
        )
    return Section(heading, (*blocks, *_edits(pen, report)), level=2)


def _line(pen: Pen, correction: Correction) -> Row:
    kind, _, number = correction.key.partition(".")
    name = pen.say("total") if correction.name == TOTAL else correction.name
    if number and correction.name != TOTAL:
        name = pen.named(pen.texts.choice(Field(kind), correction.name))
    elif kind == "cost":
        name = pen.say(f"cost_line.{correction.name}")
    digits = 0 if number else 2
    refs = [pen.number(ref) for ref in correction.refs[:_NAMED_AT_MOST]]
    numbers = pen.texts.listed(refs)
    return (
        pen.say("trace.label", row=name, column=pen.say(f"correction.{number or kind}")),
        _number(correction.before, digits),
        _number(correction.after, digits),
        (numbers if len(correction.refs) <= _NAMED_AT_MOST else pen.say("numbers.more", numbers=numbers))
        or NOTHING,
    )


def _edits(pen: Pen, report: Report) -> tuple[Block, ...]:
    if not report.edits:
        return ()
    columns = pen.columns(
        ("number", 0.9),
        ("title", 2.6),
        ("field", 1.2),
        ("before", 1.5),
        ("after", 1.5),
        ("edited_by", 1),
        ("granted_at", 1.3, Align.CENTER),
    )
    rows = [_edit(pen, edit) for edit in report.edits]
    return (pen.body("corrections.edits"), pen.table("caption.edits", columns, rows, ruled=True))


def _edit(pen: Pen, edit: Edit) -> Row:
    def value(text: str) -> str:
        return pen.texts.choice(edit.field, text) if FIELD_SPECS[edit.field].choices else text

    return (
        pen.number(edit.ref),
        edit.title,
        pen.texts.field(edit.field),
        value(edit.old),
        value(edit.new) or NOTHING,
        edit.by,
        pen.moment(edit.at),
    )


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"
