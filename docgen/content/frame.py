"""What all four documents share: cover, revision history and the words of the frame (section 6, M65)."""

from docgen.content.pen import Pen
from docgen.model import Align, Document, Form, FormRow, Front, Section, Table, Wording, table_of

_MARK_DIGITS = 16


def frame(
    pen: Pen,
    front: Front,
    *,
    kind: str,
    product: str,
    period: str,
    data_sha256: str,
    sections: tuple[Section, ...],
) -> Document:
    """Put the cover and the front pages around a document's sections.

    ``kind`` is one of the document kinds of the process (``service_report``), ``product`` the product's
    name and ``period`` the words for the time covered.
    """
    return Document(
        language=pen.texts.language,
        front=front,
        title=pen.say(f"title.{kind}"),
        subtitle=pen.say(f"subtitle.{kind}"),
        product=product,
        period=period,
        data_sha256=data_sha256,
        wording=_wording(pen),
        cover=_cover(pen, front, product, period, data_sha256),
        revisions=_revisions(pen, front),
        sections=sections,
        figures=tuple(pen.traced),
        tables=pen.tables,
    )


def check_code(data_sha256: str) -> str:
    """Return the short form of a mark for people to compare: four groups of four digits."""
    short = data_sha256[:_MARK_DIGITS].upper()
    return "-".join(short[start : start + 4] for start in range(0, len(short), 4))


def _wording(pen: Pen) -> Wording:
    return Wording(
        contents=pen.say("frame.contents"),
        revisions=pen.say("frame.revisions"),
        table=pen.say("frame.table"),
        page=pen.texts.entries["doc.frame.page"],
        figure=pen.say("frame.figure"),
    )


def _cover(pen: Pen, front: Front, product: str, period: str, data_sha256: str) -> Form:
    values = {
        "document": front.document_id,
        "product": product,
        "version": f"V{front.version}",
        "period": period,
        "author": front.author,
        "day": front.day.isoformat(),
        "status": front.status,
        "check_code": check_code(data_sha256),
    }
    rows = tuple(FormRow(pen.say(f"cover.{key}"), value) for key, value in values.items())
    return Form(rows, pen.say("cover.description"))


def _revisions(pen: Pen, front: Front) -> Table:
    columns = pen.columns(
        ("version", 1, Align.CENTER),
        ("day", 1.6, Align.CENTER),
        ("author", 1.6, Align.CENTER),
        ("change", 4.8),
    )
    rows = tuple((f"V{r.version}", r.day.isoformat(), r.author, r.note) for r in front.revisions)
    return table_of("", pen.say("frame.revisions"), columns, rows)
