"""Chapter 3: kinds and numbers, how fast the requests were responded to and recorded (M06, M28, M31, M41)."""

from docgen.content.common import charts, tallies
from docgen.content.common.corrections import corrections
from docgen.content.pen import Form, Pen
from docgen.model import Block, Section
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.figures.tallies import received_by_month
from svc_plugin.domain.figures.window import window_of
from svc_plugin.domain.vocabulary import Field


def statistics(pen: Pen, report: ServiceReport) -> tuple[Section, ...]:
    """Return the chapter with its tables."""
    found, kind = report.statistics, Field.REQUEST_KIND
    return (
        Section(pen.heading("statistics"), (pen.body("statistics.intro"),)),
        Section(
            pen.heading("statistics.kinds"),
            (tallies.kinds(pen, "caption.kinds", "kind", kind, found.kinds),),
            level=2,
        ),
        Section(pen.heading("statistics.responses"), _responses(pen, report), level=2),
        Section(
            pen.heading("statistics.customers"),
            (tallies.names(pen, "caption.customers", "customer", found.customers, str),),
            level=2,
        ),
        Section(pen.heading("statistics.channels"), (_channels(pen, report),), level=2),
        Section(pen.heading("statistics.months"), _months(pen, report), level=2),
        Section(pen.heading("statistics.recording"), (_recording(pen, report),), level=2),
        corrections(pen, report),
    )


def _responses(pen: Pen, report: ServiceReport) -> tuple[Block, ...]:
    kind, found = Field.REQUEST_KIND, report.statistics.responses
    table = tallies.clocks(pen, "caption.responses", "kind", kind, found, "mean_response")
    return charts.kept(pen, "responses", kind, table, found)


def _months(pen: Pen, report: ServiceReport) -> tuple[Block, ...]:
    field, window = Field.REQUEST_KIND, window_of(report.period, pen.registers.calendar.zone)
    found = received_by_month(field, lambda row: row.kind, report.requests, window)
    return (
        tallies.months(pen, "caption.months", report.statistics.months),
        *charts.by_month(pen, "kinds_by_month", "kind", field, window.months(), found),
    )


def _channels(pen: Pen, report: ServiceReport) -> Block:
    def name(channel: str) -> str:
        return pen.texts.choice(Field.CHANNEL, channel)

    return tallies.names(pen, "caption.channels", "channel", report.statistics.channels, name)


def _recording(pen: Pen, report: ServiceReport) -> Block:
    """Return how soon requests were recorded, and how many inquiries needed one day only (M28, M31)."""
    found = report.statistics
    inquiries, at_once = found.inquiries.value or 0, found.first_contact.value or 0
    share = f"{at_once / inquiries:.1%}" if inquiries else pen.say("nothing")
    return tallies.key_figures(
        pen,
        "caption.recording",
        (
            ("recording_delay", found.recording_delay, Form.DECIMAL, {}),
            ("longest_delay", found.longest_delay, Form.DECIMAL, {}),
            ("first_contact", found.first_contact, Form.COUNT, {"all": f"{inquiries:.0f}", "share": share}),
        ),
    )
