"""产品维护报告 / Product Maintenance Report: figures and registers in, a document out (section 6.4)."""

from docgen.content.annexes import Annex, clause_coverage, data_traceability
from docgen.content.common.closing import analysis, submission
from docgen.content.common.overview import product_name
from docgen.content.common.tasks import plan_and_actual, waivers
from docgen.content.frame import frame
from docgen.content.maintenance.clauses import clauses
from docgen.content.maintenance.customers import approved, on_site, patches, trends
from docgen.content.maintenance.overview import overview
from docgen.content.maintenance.statistics import statistics
from docgen.content.maintenance.works import decisions, testing, works
from docgen.content.pen import Pen
from docgen.identity import data_sha256
from docgen.model import Document, Front
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts

_CHAPTERS = (
    "overview",
    "works",
    "work_statistics",
    "decisions",
    "on_site",
    "patches",
    "testing",
    "plan",
    "waivers",
    "analysis",
    "submission",
)


def build(
    report: MaintenanceReport,
    registers: Registers,
    texts: Texts,
    front: Front,
    *,
    author_text: str = "",
    annex: Annex | None = None,
) -> Document:
    """Return the product maintenance report as a document in the language of ``texts``.

    The arguments are those of ``service_report.build``.
    """
    mark = data_sha256(report)
    pen = Pen(texts, registers, _sites(report), dict(report.labels))
    chapters = (
        overview(pen, report, front),
        works(pen, report, annex),
        *statistics(pen, report),
        decisions(pen, report),
        on_site(pen, report),
        patches(pen, report),
        testing(pen, report, annex),
        *plan_and_actual(pen, report),
        waivers(pen, report),
        *analysis(pen, trends(pen, report), approved(pen, report), author_text),
        submission(pen, report),
    )
    numbers = {key: str(place) for place, key in enumerate(_CHAPTERS, 1)} | {"cover": pen.say("cover.name")}
    source = pen.say("annex.data.source.maintenance", works=len(report.works), tasks=len(report.tasks))
    annexes = (
        clause_coverage(pen, clauses(pen, report, mark, numbers)),
        data_traceability(pen, mark, source),
    )
    return frame(
        pen,
        front,
        kind="maintenance_report",
        product=product_name(pen, report.product),
        period=pen.say("period", period=report.period, first=report.first, last=report.last),
        data_sha256=mark,
        sections=(*chapters, *annexes),
    )


def full_list(report: MaintenanceReport, registers: Registers, texts: Texts, front: Front) -> Document:
    """Return the annex to a long report: every requirement with its test and version, complete."""
    pen = Pen(texts, registers, _sites(report), dict(report.labels))
    return frame(
        pen,
        front,
        kind="maintenance_report_annex",
        product=product_name(pen, report.product),
        period=pen.say("period", period=report.period, first=report.first, last=report.last),
        data_sha256=data_sha256(report),
        sections=(works(pen, report), testing(pen, report, None)),
    )


def _sites(report: MaintenanceReport) -> frozenset[str]:
    refs = (*(row.ref for row in report.works), *(task.ref for task in report.tasks))
    return frozenset(ref.site for ref in (*refs, *(plan.ref for plan in report.plans)))
