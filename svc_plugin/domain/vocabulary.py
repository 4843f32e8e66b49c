"""The closed sets of the process: kinds of issue, stages, people's roles, logical fields and their choices.

The words are those of the seed document and of ISO/IEC/IEEE 14764; ``config/`` maps them to the names
that a site uses. Sections 1 and 2 of the process design are the source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class IssueKind(StrEnum):
    """What an issue is to the process."""

    SERVICE_REQUEST = "service_request"
    MAINTENANCE = "maintenance"
    SERVICE_TASK = "service_task"
    DOCUMENT = "document"


class Stage(StrEnum):
    """Where an issue stands in the process; a site's own statuses are mapped to these."""

    REGISTERED = "registered"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    CLOSED = "closed"
    CLASSIFIED = "classified"
    AWAITING_DECISION = "awaiting_decision"
    SCHEDULED = "scheduled"
    IN_WORK = "in_work"
    TESTING = "testing"
    DONE = "done"
    REJECTED = "rejected"
    CONVERTED = "converted"
    OPEN = "open"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class Role(StrEnum):
    """What a person does in the process (M70); a person may have several."""

    SERVICE = "service"
    MAINTENANCE = "maintenance"
    TECHNICIAN = "technician"
    LEADER = "leader"
    APPROVER = "approver"


STAGES: Mapping[IssueKind, tuple[Stage, ...]] = MappingProxyType(
    {
        IssueKind.SERVICE_REQUEST: (
            Stage.REGISTERED,
            Stage.IN_PROGRESS,
            Stage.WAITING_CUSTOMER,
            Stage.HANDED_OVER,
            Stage.ANSWERED,
            Stage.CLOSED,
        ),
        IssueKind.MAINTENANCE: (
            Stage.REGISTERED,
            Stage.CLASSIFIED,
            Stage.AWAITING_DECISION,
            Stage.SCHEDULED,
            Stage.IN_WORK,
            Stage.TESTING,
            Stage.DONE,
            Stage.CLOSED,
            Stage.REJECTED,
            Stage.CONVERTED,
        ),
        IssueKind.SERVICE_TASK: (Stage.OPEN, Stage.IN_PROGRESS, Stage.CLOSED),
        IssueKind.DOCUMENT: (
            Stage.DRAFT,
            Stage.SUBMITTED,
            Stage.APPROVED,
            Stage.REJECTED,
            Stage.SUPERSEDED,
        ),
    }
)

FINAL_STAGES = frozenset({Stage.CLOSED, Stage.REJECTED, Stage.CONVERTED, Stage.APPROVED, Stage.SUPERSEDED})


class Field(StrEnum):
    """A logical field of an issue (section 2 of the process design)."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    CHANNEL = "channel"
    RECEIVED_AT = "received_at"
    SOURCE = "source"
    SEVERITY = "severity"
    REQUEST_KIND = "request_kind"
    TECHNICIAN_ASKED = "technician_asked"
    ANSWER = "answer"
    MEASURE = "measure"
    SUGGESTION_DECISION = "suggestion_decision"
    EXPLANATION = "explanation"
    THANKS_SENT_ON = "thanks_sent_on"
    SATISFACTION_EVIDENCE = "satisfaction_evidence"
    SCORE_PRODUCT = "score_product"
    SCORE_SERVICE = "score_service"
    COMPLAINT_OUTCOME = "complaint_outcome"
    MAINTENANCE_CLASS = "maintenance_class"
    MAINTENANCE_TYPE = "maintenance_type"
    CLASS_REASON = "class_reason"
    ROOT_CAUSE = "root_cause"
    ESTIMATE_HOURS = "estimate_hours"
    DECISION = "decision"
    DECISION_OPINION = "decision_opinion"
    DECISION_FACTORS = "decision_factors"
    TEST_RESULT = "test_result"
    TESTER = "tester"
    TEST_EVIDENCE = "test_evidence"
    BASE_VERSION = "base_version"
    FIXED_VERSION = "fixed_version"
    CHANGE_REFS = "change_refs"
    BROAD_VALUE = "broad_value"
    TASK_KIND = "task_kind"
    DUE_ON = "due_on"
    VISIT_NEEDED = "visit_needed"
    VISIT_AT = "visit_at"
    VISIT_AGREED_WITH = "visit_agreed_with"
    TRAVEL_NOTE = "travel_note"
    ARRIVED_AT = "arrived_at"
    LEFT_AT = "left_at"
    VISIT_SIGNED_BY = "visit_signed_by"
    DOCUMENT_KIND = "document_kind"
    PERIOD = "period"
    APPROVER = "approver"
    APPROVAL_DECISION = "approval_decision"
    APPROVAL_OPINION = "approval_opinion"
    CONTENT_HASH = "content_hash"
    ESCALATION_LEVEL = "escalation_level"
    WAIVER = "waiver"
    ORIGIN = "origin"


class FieldType(StrEnum):
    """How a field's text is to be read; the text itself is always normalised by the site's adapter."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    YES_NO = "yes_no"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What a logical field holds and on which kinds of issue it stands."""

    type: FieldType
    kinds: tuple[IssueKind, ...]
    choices: tuple[str, ...] = ()


_REQUEST = (IssueKind.SERVICE_REQUEST,)
_WORK = (IssueKind.MAINTENANCE,)
_BOTH = (IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE)
_TASK = (IssueKind.SERVICE_TASK,)
_PAPER = (IssueKind.DOCUMENT,)
_ALL = (*_BOTH, *_TASK, *_PAPER)


def _line(kinds: tuple[IssueKind, ...]) -> FieldSpec:
    return FieldSpec(FieldType.LINE, kinds)


def _text(kinds: tuple[IssueKind, ...]) -> FieldSpec:
    return FieldSpec(FieldType.TEXT, kinds)


def _choice(kinds: tuple[IssueKind, ...], *choices: str) -> FieldSpec:
    return FieldSpec(FieldType.CHOICE, kinds, choices)


FIELD_SPECS: Mapping[Field, FieldSpec] = MappingProxyType(
    {
        Field.CUSTOMER: _line((*_BOTH, *_TASK)),
        Field.CONTACT: _line((*_BOTH, *_TASK)),
        Field.CHANNEL: _choice(_REQUEST, "system", "phone", "email", "on_site", "survey", "other"),
        Field.RECEIVED_AT: FieldSpec(FieldType.MOMENT, _BOTH),
        Field.SOURCE: _choice(_WORK, "customer", "internal"),
        Field.SEVERITY: _choice(_BOTH, "critical", "major", "normal", "minor"),
        Field.REQUEST_KIND: _choice(
            _REQUEST, "request", "suggestion", "complaint", "inquiry", "fault", "other"
        ),
        Field.TECHNICIAN_ASKED: FieldSpec(FieldType.PERSON, _REQUEST),
        Field.ANSWER: _text(_BOTH),
        Field.MEASURE: _text(_BOTH),
        Field.SUGGESTION_DECISION: _choice(_REQUEST, "adopted", "not_adopted", "open"),
        Field.EXPLANATION: _text((*_BOTH, *_TASK)),
        Field.THANKS_SENT_ON: FieldSpec(FieldType.DATE, _REQUEST),
        Field.SATISFACTION_EVIDENCE: _choice(_BOTH, "written", "rating", "noted_call", "no_reply"),
        Field.SCORE_PRODUCT: FieldSpec(FieldType.NUMBER, (*_REQUEST, *_TASK)),
        Field.SCORE_SERVICE: FieldSpec(FieldType.NUMBER, (*_REQUEST, *_TASK)),
        Field.COMPLAINT_OUTCOME: _text(_REQUEST),
        Field.MAINTENANCE_CLASS: _choice(_WORK, "corrective", "perfective"),
        Field.MAINTENANCE_TYPE: _choice(
            _WORK, "corrective", "preventive", "adaptive", "additive", "perfective"
        ),
        Field.CLASS_REASON: _text(_WORK),
        Field.ROOT_CAUSE: _text(_WORK),
        Field.ESTIMATE_HOURS: FieldSpec(FieldType.NUMBER, _WORK),
        Field.DECISION: _choice(_WORK, "approved", "declined"),
        Field.DECISION_OPINION: _text(_WORK),
        Field.DECISION_FACTORS: _line(_WORK),
        Field.TEST_RESULT: _choice(_WORK, "passed", "failed"),
        Field.TESTER: FieldSpec(FieldType.PERSON, _WORK),
        Field.TEST_EVIDENCE: _text(_WORK),
        Field.BASE_VERSION: _line(_WORK),
        Field.FIXED_VERSION: _line(_WORK),
        Field.CHANGE_REFS: _text(_WORK),
        Field.BROAD_VALUE: FieldSpec(FieldType.YES_NO, _WORK),
        Field.TASK_KIND: _choice(_TASK, "training", "survey", "visit", "patch_update", "plan_task"),
        Field.DUE_ON: FieldSpec(FieldType.DATE, _TASK),
        Field.VISIT_NEEDED: FieldSpec(FieldType.YES_NO, _WORK),
        Field.VISIT_AT: FieldSpec(FieldType.MOMENT, (*_WORK, *_TASK)),
        Field.VISIT_AGREED_WITH: _line((*_WORK, *_TASK)),
        Field.TRAVEL_NOTE: _line((*_WORK, *_TASK)),
        Field.ARRIVED_AT: FieldSpec(FieldType.MOMENT, _TASK),
        Field.LEFT_AT: FieldSpec(FieldType.MOMENT, _TASK),
        Field.VISIT_SIGNED_BY: _line(_TASK),
        Field.DOCUMENT_KIND: _choice(
            _PAPER, "service_plan", "service_report", "maintenance_plan", "maintenance_report"
        ),
        Field.PERIOD: _line(_PAPER),
        Field.APPROVER: FieldSpec(FieldType.PERSON, _PAPER),
        Field.APPROVAL_DECISION: _choice(_PAPER, "agree", "agree_with_changes", "disagree"),
        Field.APPROVAL_OPINION: _text(_PAPER),
        Field.CONTENT_HASH: _line(_PAPER),
        Field.ESCALATION_LEVEL: FieldSpec(FieldType.NUMBER, (*_BOTH, *_TASK)),
        Field.WAIVER: _text(_ALL),
        Field.ORIGIN: _line(_ALL),
    }
)
