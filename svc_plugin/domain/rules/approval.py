"""M26, M48, M72: an approver approves a plan, the leader acknowledges a report; never their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import HistoryEntry, Issue, Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Role, Stage

REPORTS = frozenset({"service_report", "maintenance_report"})
_AGREED = frozenset({"agree", "agree_with_changes"})


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepts a document under which rule, and which field must tell so with an accepted value."""

    rule: str
    role: Role
    field: Field
    is_accepted: Callable[[str], bool]


PLAN = Acceptance("M26", Role.APPROVER, Field.APPROVAL_DECISION, _AGREED.__contains__)
REPORT = Acceptance("M72", Role.LEADER, Field.APPROVAL_OPINION, lambda remark: bool(remark.strip()))


def plan_is_approved_by_an_approver(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Send back a plan approved by its author, by somebody without the role, or without a decision."""
    if seen.issue.value(Field.DOCUMENT_KIND) not in REPORTS:
        yield from accepted(seen, policy, PLAN)


def accepted(seen: Snapshot, policy: Policy, terms: Acceptance) -> Iterator[Finding]:
    """Send a document back to "submitted" when its acceptance does not count under ``terms``."""
    issue = seen.issue
    if issue.kind is not IssueKind.DOCUMENT or issue.stage is None:
        return
    fault, void = fault_of(seen, terms), void_of(seen, terms)
    if issue.stage is Stage.APPROVED and (fault or void):
        # who approved without the right to approved nothing: the content is still to be decided on
        back = Stage.SUBMITTED if fault else Stage.DRAFT
        yield explained(seen, policy, terms.rule, fault or void, SetStage(back))
    elif issue.stage is not Stage.APPROVED and terms.rule in issue.comments:
        waiting = seen.texts.say(f"{terms.rule}.fact.waiting")
        yield explained(seen, policy, terms.rule, void or waiting)


def approved_at(seen: Snapshot) -> datetime | None:
    """Return when the document was approved; None when it is not, or by an approval that does not count."""
    move = accepting_move(seen)
    if seen.issue.stage is not Stage.APPROVED or move is None or fault_of(seen, PLAN) or void_of(seen, PLAN):
        return None
    return move.at


def fault_of(seen: Snapshot, terms: Acceptance) -> str:
    """Say why the last acceptance does not count, "" when it does or there is none to judge."""
    texts, move = seen.texts, accepting_move(seen)
    account = move.account if move else seen.issue.author
    person = seen.registers.name_of(account)
    if not seen.registers.acts_as(account, terms.role, seen.issue.product):
        return texts.say(f"{terms.rule}.fact.role", person=person)
    if account == seen.issue.author:
        return texts.say(f"{terms.rule}.fact.author", person=person)
    if not terms.is_accepted(seen.issue.value(terms.field)):
        return texts.say(f"{terms.rule}.fact.field", field=texts.field(terms.field))
    return ""


def void_of(seen: Snapshot, terms: Acceptance) -> str:
    """Say that the content is not the one that was accepted last, "" while it is.

    Accepted was the check code that the issue bore at the move. What is issued now counts, whatever
    somebody wrote into the field since.
    """
    issue, texts = seen.issue, seen.texts
    move = accepting_move(seen)
    if move is None:
        return ""
    accepted_code = code_at(issue, move)
    code = seen.issued.mark if seen.issued and accepted_code else issue.value(Field.CONTENT_HASH)
    if code == accepted_code:
        return ""
    return texts.say(
        f"{terms.rule}.fact.void",
        person=seen.registers.name_of(move.account),
        at=texts.moment(move.at, seen.registers.calendar.zone),
        was=accepted_code or texts.say("document.no_code"),
        code=code or texts.say("document.no_code"),
    )


def code_at(issue: Issue, move: HistoryEntry) -> str:
    """Return the check code after an act; the order of acts counts, many may share a second."""
    code = issue.value(Field.CONTENT_HASH)
    for entry in reversed(issue.history):
        if entry is move:
            break
        code = next((c.old for c in entry.changes if c.field is Field.CONTENT_HASH), code)
    return code


def accepting_move(seen: Snapshot) -> HistoryEntry | None:
    """Return the act that last moved the document to "approved"."""
    moves = (entry for entry in reversed(seen.issue.history) if entry.moved_to is Stage.APPROVED)
    return next(moves, None)
