"""Names by which documents are known (M65)."""

from svc_plugin.domain.model import Issue
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.vocabulary import Field, IssueKind

_PREFIXES = {
    "service_plan": "CSP",
    "service_report": "CSR",
    "maintenance_plan": "PMP",
    "maintenance_report": "PMR",
}


def document_id(kind: str, product: str, period: str) -> str:
    """Return the document number, the same for every version, e.g. ``CSR-erp-2026-Q4``."""
    return f"{_PREFIXES[kind]}-{product}-{period}"


def document_of(issue: Issue) -> str:
    """Return the number of the document that an issue asks for, "" when it asks for none."""
    kind, period = issue.value(Field.DOCUMENT_KIND), issue.value(Field.PERIOD).strip()
    if issue.kind is not IssueKind.DOCUMENT or kind not in _PREFIXES or period_bounds(period) is None:
        return ""
    return document_id(kind, issue.product, period)
