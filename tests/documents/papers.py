"""The four documents of the example quarter, by kind: their figures, and how they are built and written."""

from collections.abc import Callable
from functools import cache
from typing import Any

from docgen.content import maintenance_plan, maintenance_report, service_plan, service_report
from docgen.model import Document
from svc_plugin.domain.costs import Track
from svc_plugin.domain.planning import work_plan
from svc_plugin.domain.report import customer_service_report, product_maintenance_report
from svc_plugin.messages import load
from tests.documents.company import AFTER, FRONT, PERIOD, POLICY, REGISTERS
from tests.documents.quarter import issues

KINDS = ("service_plan", "service_report", "maintenance_plan", "maintenance_report")
BUILD: dict[str, Callable[..., Document]] = {
    "service_plan": service_plan.build,
    "service_report": service_report.build,
    "maintenance_plan": maintenance_plan.build,
    "maintenance_report": maintenance_report.build,
}


def figures(kind: str, given: list[Any] | None = None, period: str = PERIOD) -> Any:
    known = issues() if given is None else given
    facts: dict[str, Any] = {"product": "erp", "period": period, "now": AFTER}
    if kind.endswith("_plan"):
        return work_plan(known, REGISTERS, POLICY, track=Track(kind.removesuffix("_plan")), **facts)
    compute = customer_service_report if kind == "service_report" else product_maintenance_report
    return compute(known, REGISTERS, POLICY, **facts)


def build(kind: str, language: str, found: Any) -> Document:
    return BUILD[kind](found, REGISTERS, load(language), FRONT)


@cache
def document(kind: str, language: str) -> Document:
    return build(kind, language, figures(kind))
