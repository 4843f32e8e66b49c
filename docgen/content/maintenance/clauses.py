"""Which clauses of the process the product maintenance report answers, where, and with what (annex A)."""

from docgen.content.common.coverage import Facts, cost_facts, covered
from docgen.content.common.overview import approved_plans
from docgen.content.common.tallies import counted, decimal
from docgen.content.frame import check_code
from docgen.content.maintenance.overview import open_defects
from docgen.content.maintenance.works import changed
from docgen.content.pen import Pen
from svc_plugin.domain.figures.maintenance_model import MaintenanceReport

PLACES = (
    ("M11", "decisions"),
    ("M13", "decisions"),
    ("M14", "overview"),
    ("M17", "plan"),
    ("M33", "on_site"),
    ("M42", "work_statistics"),
    ("M44", "work_statistics"),
    ("M49", "works"),
    ("M50", "works"),
    ("M51", "on_site"),
    ("M53", "decisions"),
    ("M54", "decisions"),
    ("M56", "testing"),
    ("M57", "testing"),
    ("M58", "patches"),
    ("M59", "analysis"),
    ("M60", "works"),
    ("M61", "works"),
    ("M62", "work_statistics"),
    ("M64", "overview"),
    ("M65", "cover"),
    ("M69", "cover"),
    ("M71", "plan"),
    ("M72", "submission"),
    ("M73", "waivers"),
    ("M75", "overview"),
    ("M76", "work_statistics"),
)


def clauses(
    pen: Pen, report: MaintenanceReport, data_sha256: str, chapters: dict[str, str]
) -> list[tuple[str, str, str]]:
    """Return clause, chapter and fact; ``chapters`` gives a chapter's number by its key."""
    found = report.statistics
    facts: Facts = {
        **_work_facts(report),
        **_decision_facts(report),
        **cost_facts(report),
        "M64": {"product": decimal(found.score_product), "service": decimal(found.score_service)},
        "M65": {"code": check_code(data_sha256)},
        "M73": {"count": len(report.waivers)},
        "M75": {"approved": len(approved_plans(report))},
        "M76": {"count": len(report.corrections) + len(report.edits)},
    }
    return covered(pen, PLACES, facts, chapters)


def _work_facts(report: MaintenanceReport) -> Facts:
    works, tested = report.works, changed(report)
    clock = report.statistics.resolutions[-1]
    ended = [row for row in works if not row.open]
    patches = report.patches
    return {
        "M42": {"count": counted(open_defects(report))},
        "M44": {
            "in_time": counted(clock.in_time),
            "judged": len(clock.in_time.refs) + len(clock.late.refs),
        },
        "M49": {
            "customer": sum(1 for row in works if row.source == "customer"),
            "internal": sum(1 for row in works if row.source == "internal"),
        },
        "M50": {"all": len(works), "judged": sum(1 for row in works if row.maintenance_class)},
        "M56": {"all": len(tested), "passed": sum(1 for row in tested if row.test_result == "passed")},
        "M57": {
            "all": len(tested),
            "kept": sum(1 for r in tested if r.base_version and r.fixed_version and r.change_refs),
        },
        "M58": {
            "patches": len(patches),
            "updated": sum(len(patch.updated.refs) for patch in patches),
            "affected": sum(len(patch.affected.refs) for patch in patches),
        },
        "M60": {"all": len(works), "measured": sum(1 for row in works if row.measure)},
        "M61": {"closed": len(ended), "satisfied": sum(1 for row in ended if row.satisfaction)},
        "M62": {
            "received": counted(report.statistics.classes[-1].received),
            "hours": decimal(report.effort_total),
        },
    }


def _decision_facts(report: MaintenanceReport) -> Facts:
    found = report.decisions
    visits = [entry.visit for entry in report.on_site if entry.visit]
    near = [visit for visit in visits if visit.same_city]
    return {
        "M11": {"count": sum(1 for d in found if d.project)},
        "M13": {"all": len(found), "reasoned": sum(1 for d in found if d.factors)},
        "M33": {"all": len(near), "kept": sum(1 for visit in near if visit.kept)},
        "M51": {
            "all": len(report.on_site),
            "decided": sum(1 for entry in report.on_site if entry.needed),
        },
        "M53": {"all": len(found), "fits": sum(1 for d in found if d.fits)},
        "M54": {
            "all": sum(1 for d in found if d.decision or d.waits),
            "decided": sum(1 for d in found if d.decision),
        },
        "M59": {"count": sum(1 for d in found if d.accepted)},
    }
