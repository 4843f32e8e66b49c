"""Chapters 5, 6 and 10: on-site maintenance, patches, and what the figures say (M33, M34, M51, M58, M59)."""

from docgen.content.common.closing import first_numbers
from docgen.content.common.tallies import label
from docgen.content.common.tasks import due, verdict
from docgen.content.maintenance.overview import open_defects
from docgen.content.pen import Form, Pen, or_nothing
from docgen.model import Align, Block, Row, Section
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport, OnSite
from svc_plugin.domain.vocabulary import Field

_CENTER, _RIGHT = Align.CENTER, Align.RIGHT


def on_site(pen: Pen, report: MaintenanceReport) -> Section:
    """Return the chapter: for each defect whether and when somebody went there, and whether that was kept."""
    heading = pen.heading("on_site")
    columns = pen.columns(
        ("number", 0.85),
        ("customer", 1.9),
        ("requirement", 2.3),
        ("visit", 1.05, _CENTER),
        ("due", 1.35),
        ("visit_number", 0.9),
        ("arrived", 1.35),
        ("city", 0.85, _CENTER),
        ("kept", 0.75, _CENTER),
    )
    rows = [_visit(pen, entry) for entry in report.on_site]
    return Section(heading, (pen.table("caption.on_site", columns, rows, ruled=True),))


def patches(pen: Pen, report: MaintenanceReport) -> Section:
    """Return the chapter: each version of broad value, and how many customers have it (M58)."""
    heading = pen.heading("patches")
    columns = pen.columns(
        ("patch_version", 1),
        ("patch_content", 3.2),
        ("affected", 0.95, _RIGHT),
        ("updated", 0.95, _RIGHT),
        ("coverage", 1.15, _RIGHT),
        ("waiting", 2.2),
    )
    rows: list[Row] = []
    for patch in report.patches:
        name = pen.named(patch.version)
        content = zip(patch.works, patch.titles, strict=True)
        rows.append(
            (
                name,
                "\n".join(f"{pen.number(ref)} {title}" for ref, title in content),
                pen.figure(label(pen, name, "affected"), patch.affected),
                pen.figure(label(pen, name, "updated"), patch.updated),
                pen.figure(label(pen, name, "coverage"), patch.coverage, Form.SHARE),
                or_nothing(pen.texts.listed(patch.waiting)),
            )
        )
    return Section(heading, (pen.table("caption.patches", columns, rows, ruled=True),))


def trends(pen: Pen, report: MaintenanceReport) -> tuple[Block, ...]:
    """Return what the figures say, one item each; nothing for a period without maintenance."""
    if not report.works:
        return ()
    total, clock = report.statistics.classes[-1], report.statistics.resolutions[-1]
    received, previous = len(total.received.refs), len(total.previous.refs)
    change = f"{received - previous:+d}"
    found: list[Block] = [
        pen.item("trend.works_received", received=received, previous=previous, change=change)
    ]
    if clock.late.refs:
        numbers = first_numbers(pen, clock.late.refs)
        found.append(pen.item("trend.unresolved", count=len(clock.late.refs), numbers=numbers))
    if defects := open_defects(report).refs:
        found.append(pen.item("trend.defects", count=len(defects), numbers=first_numbers(pen, defects)))
    if waiting := tuple(d.ref for d in report.decisions if d.waits):
        found.append(pen.item("trend.undecided", count=len(waiting), numbers=first_numbers(pen, waiting)))
    unsatisfied = tuple(row.ref for row in report.works if not row.open and not row.satisfaction)
    if unsatisfied:
        numbers = first_numbers(pen, unsatisfied)
        found.append(pen.item("trend.unsatisfied", count=len(unsatisfied), numbers=numbers))
    return tuple(found)


def approved(pen: Pen, report: MaintenanceReport) -> tuple[Block, ...]:
    """Return the improvements that were approved, one item each: what is worth a leader's eye (M59)."""
    own = pen.texts.choice(Field.SOURCE, "internal")
    return tuple(
        pen.item("analysis.improvement", number=pen.number(d.ref), title=d.title, customer=d.customer or own)
        for d in report.decisions
        if d.accepted
    )


def _visit(pen: Pen, entry: OnSite) -> Row:
    visit = entry.visit
    return (
        pen.number(entry.ref),
        or_nothing(entry.customer),
        entry.title,
        pen.say(f"visit_needed.{entry.needed}") if entry.needed in {"yes", "no"} else pen.say("undecided"),
        due(pen, visit) if visit else pen.moment(entry.at),
        pen.number(visit.task.ref if visit else None),
        pen.moment(visit.arrived if visit else None),
        verdict(pen, "city", visit.same_city if visit else None),
        verdict(pen, "kept", visit.kept if visit else None),
    )
