"""Issues, plans and reports as JSON: pydantic reads and writes the domain's dataclasses as they are."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, get_args

from pydantic import TypeAdapter

from svc_plugin.domain.figures.maintenance_model import MaintenanceReport
from svc_plugin.domain.figures.plan_model import WorkPlan
from svc_plugin.domain.figures.service_model import ServiceReport
from svc_plugin.domain.model import Issue, IssueRef, Outline
from svc_plugin.domain.plan import Attach, Change, Finding, Plan

_ISSUE = TypeAdapter(Issue)
_OUTLINE = TypeAdapter(Outline)
_SERVICE_REPORT = TypeAdapter(ServiceReport)
_MAINTENANCE_REPORT = TypeAdapter(MaintenanceReport)
_WORK_PLAN = TypeAdapter(WorkPlan)
_CHANGES: Mapping[str, TypeAdapter[Change]] = MappingProxyType(
    {kind.__name__: TypeAdapter(kind) for kind in get_args(Change)}
)


def storable(text: str) -> str:
    """Return a text with a sign in place of NUL, for which PostgreSQL's text has no room."""
    return text.replace("\x00", "\ufffd")


def issue_to_json(issue: Issue) -> str:
    """Write a whole issue."""
    return _ISSUE.dump_json(issue).decode()


def issue_from_json(text: str) -> Issue:
    """Read back what ``issue_to_json`` wrote."""
    return _ISSUE.validate_json(text)


def outline_from_json(text: str) -> Outline:
    """Read of what ``issue_to_json`` wrote no more than a list shows: the rest is passed over."""
    return _OUTLINE.validate_json(text)


def service_report_from_json(text: str) -> ServiceReport:
    """Read a service report's figures back from their canonical form."""
    return _SERVICE_REPORT.validate_json(text)


def maintenance_report_from_json(text: str) -> MaintenanceReport:
    """Read a maintenance report's figures back from their canonical form."""
    return _MAINTENANCE_REPORT.validate_json(text)


def work_plan_from_json(text: str) -> WorkPlan:
    """Read what a plan says back from its canonical form."""
    return _WORK_PLAN.validate_json(text)


def plan_to_data(plan: Plan) -> dict[str, Any]:
    """Describe a plan in plain JSON values, for the ledger and for ``--json``."""
    return {
        "ref": str(plan.ref),
        "findings": [{"rule": f.rule, "fact": f.fact} for f in plan.findings],
        "changes": [change_to_data(change) for change in plan.changes],
        "recheck_at": plan.recheck_at.isoformat() if plan.recheck_at else None,
    }


def plan_from_data(data: Mapping[str, Any]) -> Plan:
    """Read back what ``plan_to_data`` wrote, but for the moment to look again and the bytes of files."""
    site, _, key = data["ref"].partition("/")
    return Plan(
        ref=IssueRef(site, key),
        findings=tuple(Finding(f["rule"], f["fact"]) for f in data["findings"]),
        changes=tuple(_change_from_data(change) for change in data["changes"]),
    )


def _change_from_data(data: Mapping[str, Any]) -> Change:
    values = {name: value for name, value in data.items() if name != "change"}
    return _CHANGES[data["change"]].validate_python(values)


def change_to_data(change: Change) -> dict[str, Any]:
    """Describe a change; a file's bytes are left out."""
    data = asdict(change)
    if isinstance(change, Attach):
        data["content"] = f"{len(change.content)} bytes"
    return {"change": type(change).__name__, **data}
