"""M14: a document that somebody asks for on the tracker is written and handed out there."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.identity import document_id
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import period_bounds
from svc_plugin.domain.plan import Change, Finding, IssueDocument, SetField, attached_versions
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind, Stage

_KINDS = FIELD_SPECS[Field.DOCUMENT_KIND].choices
_WRITTEN_IN = frozenset({Stage.DRAFT, Stage.SUBMITTED})
_KEPT_IN = _WRITTEN_IN | {Stage.APPROVED}


def document_is_written(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Have the plan or report of a document issue written, and its newest version and check code there.

    An approved issue gets what was issued since: its approval then no longer fits the content (M26).
    """
    issue = seen.issue
    if issue.kind is not IssueKind.DOCUMENT or issue.stage not in _KEPT_IN:
        return
    kind, period = issue.value(Field.DOCUMENT_KIND), issue.value(Field.PERIOD).strip()
    if kind not in _KINDS:
        return
    if period_bounds(period) is None:
        if issue.stage is Stage.DRAFT:
            yield explained(seen, policy, "M14", seen.texts.say("M14.fact.period", period=period))
        return
    wanted = document_id(kind, issue.product, period)
    changes = _wanted(seen, IssueDocument(wanted, kind, issue.product, period))
    if changes:
        yield Finding("M14", seen.texts.say("M14.fact.due", document=wanted), changes)


def _wanted(seen: Snapshot, document: IssueDocument) -> tuple[Change, ...]:
    issue, issued = seen.issue, seen.issued
    attached = attached_versions(issue, document.document_id)
    if not attached:
        return (document,) if issue.stage in _WRITTEN_IN else ()
    if issued is None:
        return ()
    code = SetField(Field.CONTENT_HASH, issued.mark)
    if issued.version not in attached:
        newest = IssueDocument(
            document.document_id, document.document_kind, document.product, document.period, issued.version
        )
        return newest, code
    # what was approved before there were check codes stays approved
    known = issue.stage in _WRITTEN_IN or bool(issue.value(Field.CONTENT_HASH))
    return (code,) if known else ()
