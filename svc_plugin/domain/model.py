"""One issue as its site tells it now, in the words of the process, with the history it can prove."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


@dataclass(frozen=True, slots=True, order=True)
class IssueRef:
    """Which issue on which site: all that a queue entry carries.

    ``site`` is the configured name, ``key`` the id that the issue keeps for life (Redmine ``"4711"``, Jira
    ``"10012"``, whatever people call it).
    """

    site: str
    key: str

    def __str__(self) -> str:
        return f"{self.site}/{self.key}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a person changed; empty text means "no value"."""

    field: Field
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One dated act of one account: a move, changed fields, a note. Sites call it journal or changelog.

    ``note`` is public text; the words of a private note never leave the site, only ``private`` says
    that there was one.
    """

    at: datetime
    account: str
    moved_from: Stage | None = None
    moved_to: Stage | None = None
    changes: tuple[FieldChange, ...] = ()
    note: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Work booked on the site: who, on which day, how many hours."""

    id: str
    account: str
    spent_on: date
    hours: float
    activity: str = ""


class _Told:
    """What sentences ask of an issue, whole or in outline."""

    __slots__ = ()

    ref: IssueRef
    fields: Mapping[Field, str]
    label: str

    def value(self, name: Field) -> str:
        """Return the field's text, "" when it has none."""
        return self.fields.get(name, "")

    @property
    def shown(self) -> str:
        """What people call the issue: ``ERP-12``, or ``#4711`` where its key is its name."""
        return self.label or f"#{self.ref.key}"


@dataclass(frozen=True, slots=True)
class Outline(_Told):
    """What a list shows of an issue; each of these is told as in ``Issue``."""

    ref: IssueRef
    stage: Stage | None
    title: str
    updated_at: datetime
    author: str = ""
    assignee: str = ""
    product: str = ""
    fields: Mapping[Field, str] = field(default_factory=dict[Field, str])
    label: str = ""


@dataclass(frozen=True, slots=True)
class Issue(_Told):
    """One issue as its site tells it now, in our words.

    ``kind`` and ``stage`` are None when the site's type or status is not mapped: a finding that people
    see, never a crash. ``product`` is the product key of the register ("" when the project serves none).
    ``comments`` holds only our own, by marker; ``history`` is ordered oldest first and starts after
    creation. ``label`` is what people call the issue where that is not its key (Jira ``"ERP-12"``). All
    moments are aware.
    """

    ref: IssueRef
    kind: IssueKind | None
    stage: Stage | None
    status: str
    title: str
    created_at: datetime
    updated_at: datetime
    author: str = ""
    assignee: str = ""
    product: str = ""
    description: str = ""
    fields: Mapping[Field, str] = field(default_factory=dict[Field, str])
    comments: Mapping[str, str] = field(default_factory=dict[str, str])
    history: tuple[HistoryEntry, ...] = ()
    links: frozenset[IssueRef] = frozenset()
    watchers: frozenset[str] = frozenset()
    attachments: tuple[str, ...] = ()
    time_entries: tuple[TimeEntry, ...] = ()
    url: str = ""
    label: str = ""

    @property
    def owner(self) -> IssueRef | None:
        """The issue that this one serves, read from its origin marker (``M32@main/12``)."""
        return parse_origin(self.value(Field.ORIGIN))[1]


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """A service or maintenance plan that an approver approved (M26, M48), and the days that it covers.

    It is in force from ``starts_on`` up to the day before ``ends_before``.
    """

    ref: IssueRef
    document_kind: str
    starts_on: date
    ends_before: date


@dataclass(frozen=True, slots=True)
class Commitment:
    """Hours of maintenance that an issue takes out of the month in which it was scheduled (M53)."""

    ref: IssueRef
    scheduled_at: datetime
    hours: float


@dataclass(frozen=True, slots=True)
class ProductContext:
    """What the other issues of a product mean to the decision on one.

    ``plans`` are its approved plans; ``commitments`` the hours that other issues had taken of the month of
    the issue at hand before it was scheduled.
    """

    plans: tuple[ApprovedPlan, ...] = ()
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductVersion:
    """A version of a product as its site keeps it (Redmine: version; Jira: release).

    ``origin`` is the marker of the issue for which we made it, "" for a version that people made.
    """

    name: str
    url: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class IssuedVersion:
    """The newest issued version of a document; ``mark`` is the short form of the mark over its words."""

    document_id: str
    version: int
    mark: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything one decision may look at; ``now`` is data, never read from a clock.

    ``linked`` are the issues related to one that is decided with others in view. ``versions`` are those
    of the product on the site, None when the decision does not depend on them and they were not read.
    ``issued`` is what was issued of the document that the issue asks for, None while nothing was.
    """

    issue: Issue
    registers: Registers
    texts: Texts
    now: datetime
    linked: Sequence[Issue] = ()
    context: ProductContext = ProductContext()
    versions: Sequence[ProductVersion] | None = None
    issued: IssuedVersion | None = None

    def made(self, rule: str) -> Issue | None:
        """Return the issue that ``rule`` made for this one, None while there is none in view.

        Should two exist after a broken write, the elder is the one everybody agrees on.
        """
        marker = origin_marker(rule, self.issue.ref)
        found = [other for other in self.linked if other.value(Field.ORIGIN) == marker]
        return min(found, key=lambda other: (other.created_at, other.ref), default=None)


def origin_marker(rule: str, ref: IssueRef) -> str:
    """Name the one issue that ``rule`` creates for ``ref``: found again instead of made twice."""
    return f"{rule}@{ref}"


def parse_origin(text: str) -> tuple[str, IssueRef | None]:
    """Split an origin marker into rule and owner; ``("", None)`` when it is not one of ours."""
    rule, at, owner = text.partition("@")
    site, slash, key = owner.partition("/")
    if not (rule and at and site and slash and key):
        return "", None
    return rule, IssueRef(site, key)
