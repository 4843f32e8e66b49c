"""客户服务报告 / Customer Service Report: figures and registers in, a document as data out (section 6.2)."""

from docgen.content.annexes import Annex, clause_coverage, data_traceability
from docgen.content.common.closing import analysis, submission
from docgen.content.common.overview import product_name
from docgen.content.common.tasks import plan_and_actual, waivers
from docgen.content.frame import frame
from docgen.content.pen import Pen
from docgen.content.service.clauses import clauses
from docgen.content.service.closing import adopted, trends
from docgen.content.service.overview import overview
from docgen.content.service.requests import complaints, requests, suggestions
from docgen.content.service.statistics import statistics
from docgen.content.service.tasks import hand_overs, surveys
from docgen.identity import data_sha256
from docgen.model import Document, Front, Section
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts

_CHAPTERS = (
    "overview",
    "requests",
    "statistics",
    "complaints",
    "suggestions",
    "surveys",
    "handovers",
    "plan",
    "waivers",
    "analysis",
    "submission",
)


def build(
    report: ServiceReport,
    registers: Registers,
    texts: Texts,
    front: Front,
    *,
    author_text: str = "",
    annex: Annex | None = None,
) -> Document:
    """Return the customer service report as a document in the language of ``texts``.

    ``registers`` give names and the company's time zone; ``front`` is what the register of documents knows
    of this version. ``author_text`` is the author's own analysis, one paragraph a line; without it chapter
    10 leaves room for it. With an ``annex`` the complete list of requests stands in that file.
    """
    mark = data_sha256(report)
    pen = Pen(texts, registers, _sites(report), dict(report.labels))
    chapters = (
        overview(pen, report, front),
        requests(pen, report, annex),
        *statistics(pen, report),
        complaints(pen, report),
        suggestions(pen, report),
        surveys(pen, report),
        *hand_overs(pen, report),
        *plan_and_actual(pen, report),
        waivers(pen, report),
        *analysis(pen, trends(pen, report), adopted(pen, report), author_text),
        submission(pen, report),
    )
    return frame(
        pen,
        front,
        kind="service_report",
        product=product_name(pen, report.product),
        period=pen.say("period", period=report.period, first=report.first, last=report.last),
        data_sha256=mark,
        sections=(*chapters, *_annexes(pen, report, mark)),
    )


def full_list(report: ServiceReport, registers: Registers, texts: Texts, front: Front) -> Document:
    """Return the annex to a long report: every request, complete."""
    pen = Pen(texts, registers, _sites(report), dict(report.labels))
    return frame(
        pen,
        front,
        kind="service_report_annex",
        product=product_name(pen, report.product),
        period=pen.say("period", period=report.period, first=report.first, last=report.last),
        data_sha256=data_sha256(report),
        sections=(requests(pen, report),),
    )


def _annexes(pen: Pen, report: ServiceReport, mark: str) -> tuple[Section, ...]:
    numbers = {key: str(place) for place, key in enumerate(_CHAPTERS, 1)} | {"cover": pen.say("cover.name")}
    source = pen.say("annex.data.source", requests=len(report.requests), tasks=len(report.tasks))
    return (
        clause_coverage(pen, clauses(pen, report, mark, numbers)),
        data_traceability(pen, mark, source),
    )


def _sites(report: ServiceReport) -> frozenset[str]:
    known = (*(row.ref for row in report.requests), *(task.ref for task in report.tasks))
    others = (*(plan.ref for plan in report.plans), *(over.work for over in report.handovers if over.work))
    return frozenset(ref.site for ref in (*known, *others))
