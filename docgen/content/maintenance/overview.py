"""Chapter 1: what the report is about, and its figures at a glance."""

from docgen.content.common.overview import as_of, facts, product_name
from docgen.content.common.tallies import counted, decimal, key_figures
from docgen.content.pen import NOTHING, Form, Pen
from docgen.model import Block, Front, Section
from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.model import Figure


def overview(pen: Pen, report: MaintenanceReport, front: Front) -> Section:
    """Return the chapter: scope, people, plan in force, key figures."""
    heading = pen.heading("overview")
    name = product_name(pen, report.product)
    blocks: tuple[Block, ...] = (
        pen.body("maintenance.purpose", product=name, first=report.first, last=report.last),
        as_of(pen, report, front),
        facts(pen, report, Track.MAINTENANCE),
        key_figures(pen, "caption.key_figures", _key_figures(report)),
    )
    return Section(heading, blocks)


def open_defects(report: MaintenanceReport) -> Figure:
    """Count the defects that were open at the end of the period (M42)."""
    return Figure.count(tuple(ref for age in report.statistics.defects for ref in age.open.refs))


def _key_figures(report: MaintenanceReport) -> tuple[tuple[str, Figure, Form, dict[str, object]], ...]:
    found = report.statistics
    total, clock = found.classes[-1], found.resolutions[-1]
    oldest = max((age.oldest_days.value or 0.0 for age in found.defects), default=0.0)
    capacity = NOTHING if found.capacity is None else f"{found.capacity:.0f}"
    waiting = tuple(d.ref for d in report.decisions if d.waits)
    decided = Figure.count(tuple(d.ref for d in report.decisions if d.decision))
    return (
        (
            "works_received",
            total.received,
            Form.COUNT,
            {"previous": counted(total.previous), "late": counted(total.late)},
        ),
        ("works_done", total.done, Form.COUNT, {"hours": decimal(total.hours)}),
        ("works_open", total.open, Form.COUNT, {}),
        ("defects", open_defects(report), Form.COUNT, {"days": f"{oldest:.0f}"}),
        (
            "resolution",
            clock.rate,
            Form.SHARE,
            {
                "in_time": counted(clock.in_time),
                "late": counted(clock.late),
                "pending": counted(clock.pending),
            },
        ),
        ("decided", decided, Form.COUNT, {"waiting": len(waiting)}),
        ("work_effort", report.effort_total, Form.DECIMAL, {"capacity": capacity}),
        ("score_product", found.score_product, Form.DECIMAL, {"n": len(found.score_product.refs)}),
        ("score_service", found.score_service, Form.DECIMAL, {"n": len(found.score_service.refs)}),
    )
