"""Which chapter of which document answers each clause: what annex A of each lists."""

from collections.abc import Mapping
from types import MappingProxyType

from docgen.content.maintenance.clauses import PLACES as MAINTENANCE_REPORT
from docgen.content.plan.clauses import MAINTENANCE as MAINTENANCE_PLAN
from docgen.content.plan.clauses import SERVICE as SERVICE_PLAN
from docgen.content.service.clauses import PLACES as SERVICE_REPORT

CHAPTERS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "service_plan": SERVICE_PLAN,
        "service_report": SERVICE_REPORT,
        "maintenance_plan": MAINTENANCE_PLAN,
        "maintenance_report": MAINTENANCE_REPORT,
    }
)
