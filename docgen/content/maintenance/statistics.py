"""Chapter 3: kinds and numbers, effort, how defects were resolved and what is open (M42, M44, M62)."""

from docgen.content.common import charts, tallies
from docgen.content.common.corrections import corrections
from docgen.content.common.tasks import efforts
from docgen.content.pen import Form, Pen
from docgen.model import Align, Block, ChartKind, Row, Section
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.model import Effort, Tally
from svc_plugin.domain.figures.tallies import received_by_month
from svc_plugin.domain.figures.window import window_of
from svc_plugin.domain.vocabulary import Field

_RIGHT = Align.RIGHT


def statistics(pen: Pen, report: MaintenanceReport) -> tuple[Section, ...]:
    """Return the chapter with its tables."""
    found = report.statistics
    kind = Field.MAINTENANCE_CLASS
    return (
        Section(pen.heading("work_statistics"), (pen.body("work_statistics.intro"),)),
        Section(
            pen.heading("work_statistics.classes"),
            (tallies.kinds(pen, "caption.classes", "class", kind, found.classes),),
            level=2,
        ),
        Section(pen.heading("work_statistics.effort"), _effort(pen, report), level=2),
        Section(pen.heading("work_statistics.resolutions"), _resolutions(pen, report), level=2),
        Section(pen.heading("work_statistics.defects"), _defects(pen, report), level=2),
        Section(
            pen.heading("work_statistics.sources"),
            (_names(pen, "source", found.sources), _names(pen, "customer", found.customers)),
            level=2,
        ),
        Section(pen.heading("work_statistics.months"), _months(pen, report), level=2),
        corrections(pen, report),
    )


def _names(pen: Pen, column: str, found: tuple[Tally, ...]) -> Block:
    def name(text: str) -> str:
        return pen.texts.choice(Field.SOURCE, text) if column == "source" else text or pen.say("no_customer")

    return tallies.names(pen, f"caption.work_{column}s", column, found, name)


def _effort(pen: Pen, report: MaintenanceReport) -> tuple[Block, ...]:
    """Return the hours by class and by month; those by person stand in chapter 8."""
    if not report.efforts:
        return (pen.empty(),)
    found = report.statistics
    classes = tuple(
        Effort(
            pen.texts.choice(Field.MAINTENANCE_CLASS, e.name) if e.name else pen.say("effort.other"), e.hours
        )
        for e in found.effort_by_class
    )
    whole = report.effort_total
    drawn = charts.chart(
        pen,
        "effort_by_class",
        ChartKind.COLUMN,
        [effort.name for effort in classes],
        [(pen.say("column.hours"), [effort.hours.value for effort in classes])],
    )
    return (
        *charts.beside(pen, efforts(pen, "caption.effort_by_class", "class", classes, whole), drawn),
        efforts(pen, "caption.effort_by_month", "month", found.effort_by_month, whole),
    )


def _months(pen: Pen, report: MaintenanceReport) -> tuple[Block, ...]:
    field, window = Field.MAINTENANCE_CLASS, window_of(report.period, pen.registers.calendar.zone)
    found = received_by_month(field, lambda row: row.maintenance_class, report.works, window)
    return (
        tallies.months(pen, "caption.work_months", report.statistics.months),
        *charts.by_month(pen, "classes_by_month", "class", field, window.months(), found),
    )


def _resolutions(pen: Pen, report: MaintenanceReport) -> tuple[Block, ...]:
    found, severity = report.statistics.resolutions, Field.SEVERITY
    table = tallies.clocks(pen, "caption.resolutions", "severity", severity, found, "mean_resolution")
    return charts.kept(pen, "resolutions", severity, table, found)


def _defects(pen: Pen, report: MaintenanceReport) -> tuple[Block, ...]:
    columns = pen.columns(
        ("severity", 1.5),
        ("open_count", 1.1, _RIGHT),
        ("mean_days", 1.3, _RIGHT),
        ("oldest_days", 1.3, _RIGHT),
    )
    rows: list[Row] = []
    for age in report.statistics.defects:
        if not age.open.refs:
            continue
        name = tallies.chosen(pen, Field.SEVERITY, age.severity)
        rows.append(
            (
                name,
                pen.figure(tallies.label(pen, name, "open_count"), age.open),
                pen.figure(tallies.label(pen, name, "mean_days"), age.mean_days, Form.DECIMAL),
                pen.figure(tallies.label(pen, name, "oldest_days"), age.oldest_days, Form.DECIMAL),
            )
        )
    found = report.statistics.defects
    drawn = charts.chart(
        pen,
        "defects",
        ChartKind.COLUMN,
        [tallies.chosen(pen, Field.SEVERITY, age.severity) for age in found],
        [
            (pen.say("column.mean_days"), [age.mean_days.value for age in found]),
            (pen.say("column.oldest_days"), [age.oldest_days.value for age in found]),
        ],
    )
    return charts.beside(pen, pen.table("caption.defects", columns, rows), drawn)
