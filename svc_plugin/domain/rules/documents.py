"""M14, M39: a report that somebody asks for on the tracker is written and handed out there."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.identity import document_id
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.plan import Finding, IssueDocument
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_WRITTEN_KINDS = frozenset({"service_report"})


def report_is_written(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Have the customer service report of a drafted document issue written; say what is missing for it."""
    issue = seen.issue
    if issue.kind is not IssueKind.DOCUMENT or issue.stage is not Stage.DRAFT:
        return
    kind, period = issue.value(Field.DOCUMENT_KIND), issue.value(Field.PERIOD).strip()
    if kind not in _WRITTEN_KINDS:
        return
    if period_bounds(period) is None:
        yield explained(seen, policy, "M14", seen.texts.say("M14.fact.period", period=period))
    else:
        wanted = IssueDocument(document_id(kind, issue.product, period), kind, issue.product, period)
        yield Finding("M14", seen.texts.say("M14.fact.due", document=wanted.document_id), (wanted,))
