"""Which clauses of the process the customer service report answers, where, and with what (annex A)."""

from docgen.content.common.coverage import Facts, cost_facts, covered
from docgen.content.common.overview import approved_plans
from docgen.content.common.tallies import counted, decimal
from docgen.content.frame import check_code
from docgen.content.pen import Pen
from svc_plugin.domain.figures.service_model import ServiceReport

PLACES = (
    ("M06", "statistics"),
    ("M14", "overview"),
    ("M17", "plan"),
    ("M23", "statistics"),
    ("M27", "requests"),
    ("M28", "statistics"),
    ("M29", "surveys"),
    ("M30", "statistics"),
    ("M31", "statistics"),
    ("M32", "handovers"),
    ("M33", "handovers"),
    ("M34", "handovers"),
    ("M36", "suggestions"),
    ("M37", "suggestions"),
    ("M38", "analysis"),
    ("M39", "requests"),
    ("M40", "requests"),
    ("M41", "statistics"),
    ("M64", "surveys"),
    ("M65", "cover"),
    ("M67", "cover"),
    ("M71", "plan"),
    ("M72", "submission"),
    ("M73", "waivers"),
    ("M75", "overview"),
    ("M76", "statistics"),
)


def clauses(
    pen: Pen, report: ServiceReport, data_sha256: str, chapters: dict[str, str]
) -> list[tuple[str, str, str]]:
    """Return clause, chapter and fact; ``chapters`` gives a chapter's number by its key."""
    facts: Facts = {
        **_request_facts(report),
        **_service_facts(report),
        **cost_facts(report),
        "M65": {"code": check_code(data_sha256)},
        "M75": {"approved": len(approved_plans(report))},
        "M76": {"count": len(report.corrections) + len(report.edits)},
    }
    return covered(pen, PLACES, facts, chapters)


def _request_facts(report: ServiceReport) -> Facts:
    statistics, requests = report.statistics, report.requests
    total, response = statistics.kinds[-1], statistics.responses[-1]
    closed = [row for row in requests if not row.open]
    adopted = [s for s in report.suggestions if s.decision == "adopted"]
    declined = [s for s in report.suggestions if s.decision == "not_adopted"]
    answered: dict[str, object] = {
        "in_time": counted(response.in_time),
        "judged": len(response.in_time.refs) + len(response.late.refs),
    }
    return {
        "M06": answered,
        "M30": answered,
        "M23": {"channels": sum(1 for tally in statistics.channels if tally.received.refs and tally.name)},
        "M27": {"kinds": sum(1 for t in statistics.kinds[:-1] if t.received.refs and t.name)},
        "M28": {"late": counted(total.late), "hours": decimal(statistics.recording_delay)},
        "M31": {"all": counted(statistics.inquiries), "done": counted(statistics.first_contact)},
        "M36": {"adopted": len(adopted), "thanked": sum(1 for s in adopted if s.thanks_on)},
        "M37": {
            "declined": len(declined),
            "explained": sum(1 for s in declined if s.explanation and s.thanks_on),
        },
        "M38": {"adopted": len(adopted)},
        "M39": {"all": len(requests), "measured": sum(1 for row in requests if row.measure)},
        "M40": {"closed": len(closed), "satisfied": sum(1 for row in closed if row.satisfaction)},
        "M41": {"received": counted(total.received), "previous": counted(total.previous)},
    }


def _service_facts(report: ServiceReport) -> Facts:
    near = [visit for visit in report.visits if visit.same_city]
    agreed = [visit for visit in report.visits if visit.agreed]
    statistics = report.statistics
    return {
        "M29": {"all": len(report.surveys), "done": sum(1 for s in report.surveys if not s.task.open)},
        "M32": {"all": len(report.handovers), "handed": sum(1 for h in report.handovers if h.work)},
        "M33": {"all": len(near), "kept": sum(1 for visit in near if visit.kept)},
        "M34": {"all": len(agreed), "kept": sum(1 for visit in agreed if visit.kept)},
        "M64": {"product": decimal(statistics.score_product), "service": decimal(statistics.score_service)},
        "M73": {"count": len(report.waivers)},
    }
