"""Plans as documents of a product: which one is approved, and which is in force on a day (M26, M48, M75)."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from svc_plugin.domain.evidence import last_moved
from svc_plugin.domain.model import ApprovedPlan, Issue, ProductContext
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage

PLAN_OF: Mapping[IssueKind, str] = MappingProxyType(
    {IssueKind.SERVICE_REQUEST: "service_plan", IssueKind.MAINTENANCE: "maintenance_plan"}
)
"""Which plan must precede work on which kind of issue."""


def approved_plan(issue: Issue, registers: Registers) -> ApprovedPlan | None:
    """Return what a document issue is as an approved plan; None when it is none.

    The stage alone does not count: an approver other than the author must have moved it there.
    """
    kind = issue.value(Field.DOCUMENT_KIND)
    period = period_bounds(issue.value(Field.PERIOD))
    if issue.kind is not IssueKind.DOCUMENT or issue.stage is not Stage.APPROVED:
        return None
    if kind not in PLAN_OF.values() or period is None:
        return None
    approver = last_moved(issue, Stage.APPROVED).account
    if approver == issue.author or not registers.acts_as(approver, Role.APPROVER, issue.product):
        return None
    return ApprovedPlan(issue.ref, kind, *period)


def covered_until(context: ProductContext, document_kind: str, day: date) -> date | None:
    """Return the day on which the plans in force on ``day`` end; None when there is none in force."""
    ends = [p.ends_before for p in _plans(context, document_kind) if p.starts_on <= day < p.ends_before]
    return max(ends, default=None)


def next_start(context: ProductContext, document_kind: str, day: date) -> date | None:
    """Return the first day after ``day`` on which an approved plan begins."""
    starts = (plan.starts_on for plan in _plans(context, document_kind))
    return min((start for start in starts if start > day), default=None)


def _plans(context: ProductContext, document_kind: str) -> list[ApprovedPlan]:
    return [plan for plan in context.plans if plan.document_kind == document_kind]
