"""What the engine needs of the world, as protocols; adapters and stores implement them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from svc_plugin.domain.figures.facts import Facts
from svc_plugin.domain.model import Issue, IssueRef, ProductVersion
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    EnsureIssue,
    EnsureVersion,
    Plan,
    PutComment,
    SetField,
    SetStage,
    Watch,
)
from svc_plugin.domain.vocabulary import IssueKind, Stage

Write: TypeAlias = SetStage | SetField | Assign | Watch | PutComment | EnsureIssue | EnsureVersion | Attach


class Clock(Protocol):
    """Gives the present moment, aware."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Changed:
    """An issue that changed on its site, when the site says so, and its project there ("": not told)."""

    ref: IssueRef
    updated_at: datetime
    project: str = ""


class Site(Protocol):
    """One configured Redmine or Jira installation."""

    @property
    def name(self) -> str: ...

    @property
    def language(self) -> str:
        """The language of our comments there: ``zh`` or ``en``."""
        ...

    def fetch(self, ref: IssueRef) -> Issue:
        """Read the issue with its history, links, files and time entries.

        Raises ``IssueNotFoundError`` or ``TransientError``.
        """
        ...

    def read_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Issue]:
        """Read issues in few requests, perhaps without watchers; what is missing is to be fetched alone."""
        ...

    def versions(self, product: str, *, holding: str = "") -> Sequence[ProductVersion]:
        """Return the versions that issues of ``product`` can have.

        What was read shortly before may be returned again, unless it lacks a version named ``holding``.
        Raises ``UnmappedError`` or ``TransientError``.
        """
        ...

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """Walk every issue changed at or after ``since`` (None: all), oldest change first, to the end."""
        ...

    def apply(self, ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        """Write all of ``writes``, in one request where the site can; doing it twice does no more.

        ``seen``, as ``fetch`` has just returned it, may spare a read. Success proves nothing: read back.
        Raises ``ChangeRefusedError``, ``UnmappedError``, ``IssueNotFoundError`` or ``TransientError``.
        """
        ...

    def check(self) -> Sequence[str]:
        """Compare configuration and server; return what does not fit, one sentence each with its remedy."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A delivery of a webhook: its issue, and the ids by which it is known again (the second may be "").

    ``project``, for taking turns, is the issue's on its site; "" when it is not told.
    """

    ref: IssueRef
    delivery: str
    body: bytes
    received_at: datetime
    identifier: str = ""
    project: str = ""


class Inbox(Protocol):
    """Where deliveries are kept: committed before they are acknowledged."""

    def accept(self, notice: Notice) -> bool:
        """Store the delivery and mark its issue as due; False when it was stored before (one id is known).

        Raises ``TransientError`` when the store is down or too busy.
        """
        ...


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A claimed issue: ours until ``lease``, which is also the fence against late finishers.

    ``tries`` counts the claims before it that came to nothing, those of a worker that died included.
    ``troubled``: its site had failed when it was claimed, or that is not known.
    """

    ref: IssueRef
    wanted: int
    tries: int
    lease: float
    troubled: bool = True


@dataclass(frozen=True, slots=True)
class Queued:
    """One row of the work table, for people: when it is due, how often it failed and why it is parked."""

    ref: IssueRef
    due_at: datetime | None
    tries: int
    error: str
    busy: bool


class WorkTable(Protocol):
    """One row an issue; never two workers on one issue; an event during work is not lost."""

    def add(self, refs: Iterable[IssueRef], *, due: datetime, projects: Mapping[IssueRef, str] = ...) -> int:
        """Mark issues as due, an earlier due wins, a parked one comes back; return how many were not due."""
        ...

    def take(self, *, now: datetime, lease: timedelta, ref: IssueRef | None = None) -> WorkItem | None:
        """Claim ``ref``, or an issue of the project whose turn it is: its longest overdue, or its newest.

        None when nothing can be claimed: nothing is due, or the sites of what is due are left alone now.
        """
        ...

    def free_at(self, *, now: datetime) -> datetime | None:
        """Return when something that is due and may not be claimed now may be; None when nothing waits."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Keep what is written inside in one go where that is possible: all of it or nothing."""
        ...

    def done(self, item: WorkItem, *, now: datetime, again: datetime | None) -> datetime | None:
        """Give the claim back; return when the issue is due next (an event came meanwhile, or ``again``)."""
        ...

    def retry(self, item: WorkItem, *, due: datetime, error: str) -> datetime | None:
        """Give the claim back after a failure; return when it is due next, as ``done`` does."""
        ...

    def postpone(self, item: WorkItem, *, due: datetime) -> datetime | None:
        """Give the claim back as if it had not been made: it was not the issue that failed."""
        ...

    def park(self, item: WorkItem, *, error: str, again: datetime | None = None) -> datetime | None:
        """Set the issue aside for a person; return when it is due next: an event, ``again``."""
        ...

    def release_leases(self) -> int:
        """Give back every claim: only for the embedded start, when no other worker can be alive."""
        ...

    def due(self, *, now: datetime, limit: int) -> Sequence[IssueRef]: ...

    def parked(self, *, limit: int) -> Sequence[Queued]: ...

    def pending(self, *, now: datetime) -> "Backlog": ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: ``oldest_due`` is the one figure of health."""

    waiting: int
    retrying: int
    parked: int
    busy: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """Which state of an issue the mirror holds: the site's own time of it, and when we read it."""

    updated_at: datetime
    seen_at: datetime


class Mirror(Protocol):
    """The last snapshot of every issue, rebuildable from the sites; for pages, reports and what-if."""

    def put(
        self,
        issue: Issue,
        *,
        seen_at: datetime,
        concerned: Sequence[IssueRef] = (),
        facts: Facts | None = None,
    ) -> None:
        """Keep the snapshot with its ``facts``, and mark as due whom its change concerns: all or nothing."""
        ...

    def get(self, ref: IssueRef) -> Issue | None: ...

    def drop(self, ref: IssueRef, *, at: datetime, concerned: Sequence[IssueRef] = ()) -> None:
        """Forget an issue that its site no longer has, and mark as due whom that concerns."""
        ...

    def reported(self, product: str, since: datetime, until: datetime | None) -> Iterator[Issue]:
        """Walk a product's issues, by site and key, that a document may tell of.

        The document is on the months from ``since`` up to ``until`` (None: and on what stands now), moments
        of the company's zone.
        """
        ...

    def standing(
        self, product: str, kind: IssueKind, stages: Collection[Stage], *, since: datetime | None = None
    ) -> Iterator[Issue]:
        """Walk a product's issues of a kind that stand in ``stages`` and changed at or after ``since``."""
        ...

    def refs_standing(
        self, product: str, kind: IssueKind, stages: Collection[Stage], *, limit: int
    ) -> Sequence[IssueRef]:
        """Name those issues, without reading them; the latest changed first, at most ``limit``."""
        ...

    def walk(self, since: datetime | None) -> Iterator[Issue]:
        """Walk every issue that changed at or after ``since`` (None: all), a part at a time."""
        ...

    def count(self, since: datetime | None) -> int:
        """Count the issues of such a walk."""
        ...

    def versions(self, site: str, keys: Collection[str] | None = None) -> Mapping[str, Version]:
        """Return what is known of the issues of a site with some keys (None: of every one), by key."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """A plan of which it is not known yet how much was carried out."""

    plan: Plan
    policy: str
    at: datetime


class Ledger(Protocol):
    """The record of what the product did."""

    def begin(self, plan: Plan, *, policy: str, at: datetime) -> None:
        """Write down what is about to be done, so that a crash while doing it leaves a trace."""
        ...

    def begun(self, ref: IssueRef) -> Begun | None:
        """Return what was begun on an issue and not recorded since."""
        ...

    def record(self, plan: Plan, *, policy: str, at: datetime) -> None:
        """Write down what was carried out, nothing for an empty plan, in place of what was begun."""
        ...

    def acts_since(self, ref: IssueRef, since: datetime) -> int:
        """Count the plans carried out on an issue."""
        ...

    def done_on(self, ref: IssueRef, *, limit: int) -> Sequence[Begun]:
        """Return the plans carried out on an issue, the newest first."""
        ...


class Cursors(Protocol):
    """How far each site has been swept, and what the sweeps found that no hook had reported."""

    def read(self, site: str) -> datetime | None: ...

    def advance(self, site: str, to: datetime, *, unreported: int) -> None: ...
