"""The clock of a document that waits for its approval (M26, M48)."""

from datetime import datetime

from svc_plugin.domain.clocks.measure import measured
from svc_plugin.domain.clocks.model import Clock
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.stays import Stay, stays
from svc_plugin.domain.vocabulary import IssueKind, Role, Stage


def approval(seen: Snapshot, policy: Policy) -> Clock | None:
    """Measure how soon a submitted document is approved or rejected (M26, M48).

    An approval that does not count because an outsider or the author gave it, and that was taken back,
    does not start the clock anew.
    """
    waited = _last_submission(seen)
    if waited is None:
        return None
    return measured(seen, policy, "approval", policy.approval, waited[0].since, waited[-1].until)


def approval_started(seen: Snapshot) -> datetime | None:
    """Return when the document was last submitted; None when it never was."""
    waited = _last_submission(seen)
    return waited[0].since if waited else None


def _last_submission(seen: Snapshot) -> tuple[Stay, ...] | None:
    found = stays(seen.issue) if seen.issue.kind is IssueKind.DOCUMENT else ()
    last = max((n for n, stay in enumerate(found) if stay.stage is Stage.SUBMITTED), default=None)
    if last is None:
        return None
    first = last
    while first > 1 and found[first - 2].stage is Stage.SUBMITTED and _void(seen, found[first - 1]):
        first -= 2
    return found[first : last + 1]


def _void(seen: Snapshot, stay: Stay) -> bool:
    account = stay.moved_by
    approver = seen.registers.acts_as(account, Role.APPROVER, seen.issue.product)
    return stay.stage is Stage.APPROVED and (not approver or account == seen.issue.author)
