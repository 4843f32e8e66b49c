"""M26, M48: a plan is approved by an approver who did not write it."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import HistoryEntry, Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage

_AGREED = frozenset({"agree", "agree_with_changes"})


def plan_is_approved_by_an_approver(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Send back a document approved by its author, by somebody without the role, or without a decision."""
    issue = seen.issue
    if issue.kind is not IssueKind.DOCUMENT or issue.stage is None:
        return
    fault = _fault(seen)
    if issue.stage is Stage.APPROVED and fault:
        yield explained(seen, policy, "M26", fault, SetStage(Stage.SUBMITTED))
    elif issue.stage is not Stage.APPROVED and "M26" in issue.comments:
        yield explained(seen, policy, "M26", seen.texts.say("M26.fact.waiting"))


def _fault(seen: Snapshot) -> str:
    texts, move = seen.texts, _approving_move(seen)
    account = move.account if move else seen.issue.author
    person = seen.registers.name_of(account)
    if not seen.registers.acts_as(account, Role.APPROVER, seen.issue.product):
        return texts.say("M26.fact.role", person=person)
    if account == seen.issue.author:
        return texts.say("M26.fact.author", person=person)
    if seen.issue.value(Field.APPROVAL_DECISION) not in _AGREED:
        return texts.say("M26.fact.decision", field=texts.field(Field.APPROVAL_DECISION))
    return ""


def _approving_move(seen: Snapshot) -> HistoryEntry | None:
    moves = (entry for entry in reversed(seen.issue.history) if entry.moved_to is Stage.APPROVED)
    return next(moves, None)
