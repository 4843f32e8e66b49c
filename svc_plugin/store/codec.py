"""Issues and plans as JSON: pydantic reads and writes the domain's dataclasses as they are."""

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from svc_plugin.domain.model import Issue
from svc_plugin.domain.plan import Attach, Change, Plan

_ISSUE = TypeAdapter(Issue)


def issue_to_json(issue: Issue) -> str:
    """Write a whole issue."""
    return _ISSUE.dump_json(issue).decode()


def issue_from_json(text: str) -> Issue:
    """Read back what ``issue_to_json`` wrote."""
    return _ISSUE.validate_json(text)


def plan_to_data(plan: Plan) -> dict[str, Any]:
    """Describe a plan in plain JSON values, for the ledger and for ``--json``."""
    return {
        "ref": str(plan.ref),
        "findings": [{"rule": f.rule, "fact": f.fact} for f in plan.findings],
        "changes": [change_to_data(change) for change in plan.changes],
        "recheck_at": plan.recheck_at.isoformat() if plan.recheck_at else None,
    }


def change_to_data(change: Change) -> dict[str, Any]:
    """Describe a change; a file's bytes are left out."""
    data = asdict(change)
    if isinstance(change, Attach):
        data["content"] = f"{len(change.content)} bytes"
    return {"change": type(change).__name__, **data}
