"""Names by which documents are known (M65)."""

_PREFIXES = {
    "service_plan": "CSP",
    "service_report": "CSR",
    "maintenance_plan": "PMP",
    "maintenance_report": "PMR",
}


def document_id(kind: str, product: str, period: str) -> str:
    """Return the document number, the same for every version, e.g. ``CSR-erp-2026-Q4``."""
    return f"{_PREFIXES[kind]}-{product}-{period}"
