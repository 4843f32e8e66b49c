"""Chapter 1: what the report is about, and its figures at a glance."""

from docgen.content.common.overview import as_of, facts, product_name
from docgen.content.common.tallies import counted, decimal, key_figures
from docgen.content.pen import Form, Pen
from docgen.model import Block, Front, Section
from svc_plugin.domain.costs import Track
from svc_plugin.domain.figures.model import Figure
from svc_plugin.domain.figures.service_model import ServiceReport


def overview(pen: Pen, report: ServiceReport, front: Front) -> Section:
    """Return the chapter: scope, people, plan in force, key figures."""
    heading = pen.heading("overview")
    name = product_name(pen, report.product)
    blocks: tuple[Block, ...] = (
        pen.body("overview.purpose", product=name, first=report.first, last=report.last),
        as_of(pen, report, front),
        facts(pen, report, Track.SERVICE),
        key_figures(pen, "caption.key_figures", _key_figures(report)),
    )
    return Section(heading, blocks)


def _key_figures(report: ServiceReport) -> tuple[tuple[str, Figure, Form, dict[str, object]], ...]:
    statistics = report.statistics
    total, response = statistics.kinds[-1], statistics.responses[-1]
    complaints = Figure.count(tuple(c.ref for c in report.complaints))
    adopted = Figure.count(tuple(s.ref for s in report.suggestions if s.decision == "adopted"))
    unsettled = sum(1 for c in report.complaints if not c.outcome)
    return (
        (
            "received",
            total.received,
            Form.COUNT,
            {"previous": counted(total.previous), "late": counted(total.late)},
        ),
        ("done", total.done, Form.COUNT, {"hours": decimal(total.hours)}),
        ("open", total.open, Form.COUNT, {}),
        (
            "rate",
            response.rate,
            Form.SHARE,
            {
                "in_time": counted(response.in_time),
                "late": counted(response.late),
                "pending": counted(response.pending),
            },
        ),
        ("complaints", complaints, Form.COUNT, {"unsettled": unsettled}),
        ("adopted", adopted, Form.COUNT, {"all": len(report.suggestions)}),
        ("effort", report.effort_total, Form.DECIMAL, {"people": len(report.efforts)}),
        ("score_product", statistics.score_product, Form.DECIMAL, {"n": len(statistics.score_product.refs)}),
        ("score_service", statistics.score_service, Form.DECIMAL, {"n": len(statistics.score_service.refs)}),
    )
