"""The one record of a decision on a document, whichever way it was made: read from the issue (M26, M65)."""

from dataclasses import dataclass
from datetime import datetime

from svc_plugin.domain.identity import document_of
from svc_plugin.domain.model import HistoryEntry, IssueRef, Snapshot
from svc_plugin.domain.rules.approval import (
    PLAN,
    REPORT,
    REPORTS,
    Acceptance,
    accepting_move,
    code_at,
    fault_of,
    void_of,
)
from svc_plugin.domain.vocabulary import Field, Stage


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decided what on a document, and on which words: ``code`` is the check code at the move.

    ``decision`` is a choice of ``approval_decision``, "" for a report that was acknowledged.
    """

    ref: IssueRef
    at: datetime
    document_id: str
    code: str
    account: str
    decision: str
    opinion: str


def ruling_of(seen: Snapshot) -> Ruling | None:
    """Return the decision that stands on a document issue; None when none does.

    An approval that does not count, or is void because the content changed, is none.
    """
    issue, document = seen.issue, document_of(seen.issue)
    report = issue.value(Field.DOCUMENT_KIND) in REPORTS
    terms = REPORT if report else PLAN
    if not document:
        return None
    move = _accepted(seen, terms) if issue.stage is Stage.APPROVED else _refused(seen, terms)
    if move is None:
        return None
    return Ruling(
        ref=issue.ref,
        at=move.at,
        document_id=document,
        code=code_at(issue, move),
        account=move.account,
        decision="" if report else issue.value(Field.APPROVAL_DECISION),
        opinion=issue.value(Field.APPROVAL_OPINION).strip(),
    )


def _accepted(seen: Snapshot, terms: Acceptance) -> HistoryEntry | None:
    move = accepting_move(seen)
    return None if move is None or fault_of(seen, terms) or void_of(seen, terms) else move


def _refused(seen: Snapshot, terms: Acceptance) -> HistoryEntry | None:
    issue = seen.issue
    moves = (entry for entry in reversed(issue.history) if entry.moved_to is Stage.REJECTED)
    move = next(moves, None)
    if issue.stage is not Stage.REJECTED or move is None or move.account == issue.author:
        return None
    disagreed = terms is REPORT or issue.value(Field.APPROVAL_DECISION) == "disagree"
    theirs = seen.registers.acts_as(move.account, terms.role, issue.product)
    return move if disagreed and theirs else None
