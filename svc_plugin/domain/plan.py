"""What must change on an issue: changes as values, a plan as their sum, and how to see that it is done."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never

from svc_plugin.domain.model import Issue, IssueRef, Snapshot
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


@dataclass(frozen=True, slots=True)
class SetStage:
    """Move the issue to a stage."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class SetField:
    """Give a logical field a value; "" empties it."""

    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the issue to an account. Of several wishes the one of the highest ``rank`` counts."""

    account: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Let an account follow the issue, so that the site tells it of changes."""

    account: str


@dataclass(frozen=True, slots=True)
class PutComment:
    """Say something once: one comment per marker, its text replaced in place."""

    marker: str
    text: str


@dataclass(frozen=True, slots=True)
class EnsureIssue:
    """Have exactly one linked issue with this origin marker; it is found again, never made twice."""

    origin: str
    kind: IssueKind
    product: str
    title: str
    description: str
    fields: tuple[tuple[Field, str], ...]
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class EnsureVersion:
    """Have exactly one version of the product with this origin marker; a version of that name will do."""

    origin: str
    product: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class IssueDocument:
    """Have a document handed out on the issue under its document id (M14, M65).

    ``version`` is one that was issued; 0 has it written as things stand, unless some version is there.
    """

    document_id: str
    document_kind: str
    product: str
    period: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Attach:
    """Put a file on the issue under a name that tells it from every other file of the product."""

    name: str
    content: bytes
    media_type: str


Change: TypeAlias = (
    SetStage | SetField | Assign | Watch | PutComment | EnsureIssue | EnsureVersion | IssueDocument | Attach
)


@dataclass(frozen=True, slots=True)
class Notification:
    """Something to tell people beside the issue, once for each ``marker`` and issue.

    ``at`` is when it became true. It is no change of the issue: that it cannot be sent stops nothing.
    """

    marker: str
    accounts: tuple[str, ...]
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one issue: the fact in words, and what must change because of it.

    ``recheck_at`` is when to look again although nothing happens; it comes from history, never from now.
    """

    rule: str
    fact: str
    changes: tuple[Change, ...] = ()
    recheck_at: datetime | None = None
    notifications: tuple[Notification, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision on one issue; falsy when nothing must change."""

    ref: IssueRef
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    recheck_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.changes)

    @property
    def id(self) -> str:
        """Name the decision in logs and records: by its issue and what was found, however much was done."""
        found = repr((str(self.ref), [(one.rule, one.fact) for one in self.findings]))
        return hashlib.sha256(found.encode("utf-8", "backslashreplace")).hexdigest()[:12]

    @property
    def acting(self) -> tuple[Finding, ...]:
        """The findings because of which something must change."""
        return tuple(finding for finding in self.findings if finding.changes)

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """What people are to be told once the plan leaves nothing to do."""
        return tuple(one for finding in self.findings for one in finding.notifications)


def is_satisfied(seen: Snapshot, change: Change) -> bool:  # noqa: PLR0911 - one return a kind of change
    """Tell whether the world already is as ``change`` wants it: to drop no-ops and to verify writes."""
    issue = seen.issue
    match change:
        case SetStage(stage):
            return issue.stage == stage
        case SetField(name, value):
            return issue.value(name) == value
        case Assign(account):
            return issue.assignee == account
        case Watch(account):
            return account in issue.watchers
        case PutComment(marker, text):
            return same_text(issue.comments.get(marker, ""), text)
        case EnsureIssue(origin=origin):
            return any(other.value(Field.ORIGIN) == origin for other in seen.linked)
        case EnsureVersion(origin=origin, name=name):
            return any(origin == one.origin or name == one.name for one in seen.versions or ())
        case IssueDocument(document_id=document_id, version=version):
            attached = attached_versions(issue, document_id)
            return version in attached if version else bool(attached)
        case Attach(name=name):
            return name in issue.attachments
        case _:
            assert_never(change)


def same_text(one: str, other: str) -> bool:
    """Compare texts as sites keep them: line ends and outer white space do not count."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def attached_versions(issue: Issue, document_id: str) -> tuple[int, ...]:
    """Return which versions of the document hang on the issue, the oldest first."""
    version = re.compile(re.escape(document_id) + r"-v(\d+)\.docx")
    found = (version.fullmatch(name) for name in issue.attachments)
    return tuple(sorted(int(one[1]) for one in found if one))
