"""What an issue asks of a leader or an approver, and what their answer changes on it (M26, M48, M54, M72)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.plan import SetField, SetStage
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.rules.approval import REPORTS
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind, Role, Stage

LONGEST_OPINION = 4000
"""Signs; what is longer belongs into a document of its own."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of whom.

    The answer is one of the choices of ``answer``; without that field the opinion is the answer. ``moves``
    says to which stage an answer moves the issue ("" for any); what is not in it moves nothing, for a rule
    does. ``silent`` are the answers that need no opinion. What is ``bound`` is asked about the very content
    of a document.
    """

    name: str
    role: Role
    opinion: Field
    answer: Field | None = None
    moves: Mapping[str, Stage] = field(default_factory=dict[str, Stage])
    silent: frozenset[str] = frozenset()
    bound: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers to choose from."""
        return FIELD_SPECS[self.answer].choices if self.answer else ()


APPROVE = Question(
    "approve",
    Role.APPROVER,
    Field.APPROVAL_OPINION,
    Field.APPROVAL_DECISION,
    MappingProxyType(
        {"agree": Stage.APPROVED, "agree_with_changes": Stage.APPROVED, "disagree": Stage.REJECTED}
    ),
    frozenset({"agree"}),
    bound=True,
)
ACKNOWLEDGE = Question(
    "acknowledge",
    Role.LEADER,
    Field.APPROVAL_OPINION,
    moves=MappingProxyType({"": Stage.APPROVED}),
    bound=True,
)
DECIDE = Question("decide", Role.LEADER, Field.DECISION_OPINION, Field.DECISION)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered; ``factors`` are those of a perfective decision (M13)."""

    choice: str
    opinion: str
    factors: str = ""


def question_of(issue: Issue) -> Question | None:
    """Return what the issue asks where it stands now; None when it asks nothing."""
    if issue.kind is IssueKind.MAINTENANCE and issue.stage is Stage.AWAITING_DECISION:
        return DECIDE
    if issue.kind is IssueKind.DOCUMENT and issue.stage is Stage.SUBMITTED:
        return ACKNOWLEDGE if issue.value(Field.DOCUMENT_KIND) in REPORTS else APPROVE
    return None


def not_theirs(question: Question, issue: Issue, registers: Registers, account: str) -> str:
    """Say why a person may not answer: ``role`` or ``author``; "" when they may."""
    if not registers.acts_as(account, question.role, issue.product):
        return "role"
    return "author" if question.bound and account == issue.author else ""


def asked_of(issue: Issue, registers: Registers, account: str) -> Question | None:
    """Return what the issue asks this person; None when it asks them nothing."""
    question = question_of(issue)
    return question if question and not not_theirs(question, issue, registers, account) else None


def unsettled(question: Question, seen: Snapshot) -> str:
    """Say why a document cannot be answered now: ``unwritten`` or ``moving``; "" when it can.

    It is moving while its newest version is not the one whose check code stands on the issue.
    """
    code = seen.issue.value(Field.CONTENT_HASH)
    if not question.bound:
        return ""
    if not code or seen.issued is None:
        return "unwritten"
    return "" if seen.issued.mark == code else "moving"


def faults(question: Question, answer: Answer) -> tuple[str, ...]:
    """Name what is wrong with an answer: ``choice``, ``opinion``, ``long``."""
    found: list[str] = []
    if question.choices and answer.choice not in question.choices:
        found.append("choice")
    if not answer.opinion.strip() and answer.choice not in question.silent:
        found.append("opinion")
    if max(len(answer.opinion), len(answer.factors)) > LONGEST_OPINION:
        found.append("long")
    return tuple(found)


def answered(question: Question, answer: Answer, code: str) -> tuple[SetField | SetStage, ...]:
    """Return what the person's own account writes; ``code`` is the check code of what they decided on.

    The code is written with the move: had another content come between, the approval would bear the code of
    what was read, and be void (M26). Raises ``ValueError`` for an answer that has faults.
    """
    if faults(question, answer):
        raise ValueError(f"this is no answer to '{question.name}': {answer}")
    writes: list[SetField | SetStage] = []
    if question.answer:
        writes.append(SetField(question.answer, answer.choice))
    if answer.opinion.strip():
        writes.append(SetField(question.opinion, answer.opinion.strip()))
    if question is DECIDE and answer.factors.strip():
        writes.append(SetField(Field.DECISION_FACTORS, answer.factors.strip()))
    if question.bound:
        writes.append(SetField(Field.CONTENT_HASH, code))
    move = question.moves.get(answer.choice)
    return (*writes, SetStage(move)) if move else tuple(writes)
