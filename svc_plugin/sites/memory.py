"""A whole site in memory: deterministic, safe for threads, for simulations and tests."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from svc_plugin.domain.errors import IssueNotFoundError, TransientError, UnmappedError
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, ProductVersion, TimeEntry
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    EnsureIssue,
    EnsureVersion,
    PutComment,
    SetField,
    SetStage,
    Watch,
    same_text,
)
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, IssueKind, Stage
from svc_plugin.engine.ports import Changed, Write


@dataclass(slots=True)
class _Act:
    """What one account does to an issue in one go: it becomes one entry of the history, or none."""

    issue: Issue
    moved_to: Stage | None = None
    changes: list[FieldChange] = field(default_factory=list[FieldChange])

    def set(self, name: Field, value: str) -> None:
        """Give a field a value, unless it has it."""
        old = self.issue.value(name)
        if old != value:
            self.changes.append(FieldChange(name, old, value))
            others = {key: text for key, text in self.issue.fields.items() if key is not name}
            self.issue = replace(self.issue, fields=others | ({name: value} if value else {}))

    def move(self, stage: Stage) -> None:
        """Move the issue, unless it is there."""
        if self.issue.stage is not stage:
            self.moved_to = stage

    def say(self, marker: str, text: str) -> None:
        """Put our comment, unless it stands."""
        if not same_text(self.issue.comments.get(marker, ""), text):
            self.issue = replace(self.issue, comments={**self.issue.comments, marker: text})

    def done(self, at: datetime, account: str, note: str = "", *, private: bool = False) -> Issue:
        """Return the issue with the act in its history."""
        issue = self.issue
        if not (self.moved_to or self.changes or note):
            return issue
        entry = HistoryEntry(
            at,
            account,
            issue.stage if self.moved_to else None,
            self.moved_to,
            tuple(self.changes),
            "" if private else note,
            private,
        )
        stage = self.moved_to or issue.stage
        return replace(
            issue,
            stage=stage,
            status=str(stage or issue.status),
            history=(*issue.history, entry),
            updated_at=max(at, issue.updated_at),
        )


class MemorySite:
    """``engine.ports.Site`` without a server. Keys count up from "1"; ``clock`` dates every act.

    ``account`` is who we are there. Moves to a stage in ``deaf`` are accepted and ignored, as a Redmine
    does with moves that its workflow forbids.
    """

    def __init__(
        self, name: str, clock: Callable[[], datetime], *, language: str = "zh", account: str = "svc-bot"
    ) -> None:
        self._name = name
        self._language = language
        self._clock = clock
        self._account = account
        self._lock = threading.RLock()
        self._issues: dict[str, Issue] = {}
        self._files: dict[tuple[str, str], bytes] = {}
        self._versions: dict[str, tuple[ProductVersion, ...]] = {}
        self._failures = 0
        self.deaf: frozenset[Stage] = frozenset()

    @property
    def name(self) -> str:
        """The name of the site."""
        return self._name

    @property
    def language(self) -> str:
        """The language of our comments there."""
        return self._language

    def fetch(self, ref: IssueRef) -> Issue:
        """See ``engine.ports.Site.fetch``."""
        with self._lock:
            self._maybe_fail()
            return self._issue(ref)

    def read_many(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Issue]:
        """See ``engine.ports.Site.read_many``: there is no such request."""
        return {}

    def versions(self, product: str, *, holding: str = "") -> Sequence[ProductVersion]:
        """See ``engine.ports.Site.versions``."""
        with self._lock:
            self._maybe_fail()
            return self._versions.get(product, ())

    def changed_since(self, since: datetime | None) -> Iterator[Changed]:
        """See ``engine.ports.Site.changed_since``."""
        with self._lock:
            self._maybe_fail()
            changed = [Changed(issue.ref, issue.updated_at, issue.product) for issue in self._issues.values()]
        found = [one for one in changed if since is None or one.updated_at >= since]
        return iter(sorted(found, key=lambda one: (one.updated_at, int(one.ref.key))))

    def apply(self, ref: IssueRef, writes: Sequence[Write], *, seen: Issue | None = None) -> None:
        """See ``engine.ports.Site.apply``; the issue is read again, whatever was ``seen``."""
        with self._lock:
            self._maybe_fail()
            before = self._issue(ref)
            act = _Act(before)
            for write in writes:
                self._write(act, write)
            after = act.done(self._clock(), self._account)
            if after != before:
                self._keep(replace(after, updated_at=max(self._clock(), before.updated_at)))

    def check(self) -> Sequence[str]:
        """See ``engine.ports.Site.check``: nothing here can fail to fit."""
        return ()

    def fail_next(self, times: int) -> None:
        """Let the next ``times`` requests fail with ``TransientError``, having done nothing."""
        with self._lock:
            self._failures = times

    def create(
        self,
        kind: IssueKind,
        product: str,
        title: str,
        *,
        author: str,
        fields: Mapping[Field, str] | None = None,
        assignee: str = "",
        description: str = "",
    ) -> IssueRef:
        """Create an issue in the first stage of its kind; return where it is."""
        with self._lock:
            ref = IssueRef(self._name, str(len(self._issues) + 1))
            now = self._clock()
            stage = STAGES[kind][0]
            values = {name: value for name, value in (fields or {}).items() if value}
            self._keep(
                Issue(
                    ref=ref,
                    kind=kind,
                    stage=stage,
                    status=str(stage),
                    title=title,
                    created_at=now,
                    updated_at=now,
                    author=author,
                    assignee=assignee,
                    product=product,
                    description=description,
                    fields=values,
                    url=f"memory:{ref}",
                )
            )
            return ref

    def file(self, wanted: EnsureIssue, *, author: str) -> IssueRef:
        """Return the issue with this origin; ``author`` makes it when there is none."""
        with self._lock:
            found = (one.ref for one in self._issues.values() if one.value(Field.ORIGIN) == wanted.origin)
            return next(found, None) or self.create(
                wanted.kind,
                wanted.product,
                wanted.title,
                author=author,
                fields={**dict(wanted.fields), Field.ORIGIN: wanted.origin},
                assignee=wanted.assignee,
                description=wanted.description,
            )

    def person_does(
        self,
        ref: IssueRef,
        account: str,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None:
        """Let a person move the issue, fill in fields and write a note, all in one act."""
        with self._lock:
            act = _Act(self._issue(ref))
            for name, value in (fields or {}).items():
                act.set(name, value)
            if stage:
                act.move(stage)
            self._keep(act.done(self._clock(), account, note, private=private))

    def book(self, ref: IssueRef, account: str, hours: float, on: date, activity: str = "") -> None:
        """Let a person book hours of work on the issue."""
        with self._lock:
            issue = self._issue(ref)
            entry = TimeEntry(str(len(issue.time_entries) + 1), account, on, hours, activity)
            entries = (*issue.time_entries, entry)
            self._keep(replace(issue, time_entries=entries, updated_at=max(self._clock(), issue.updated_at)))

    def release(self, product: str, name: str) -> None:
        """Let a person make a version of a product."""
        with self._lock:
            self._add_version(product, ProductVersion(name, f"memory:{product}/{name}"))

    def content(self, ref: IssueRef, name: str) -> bytes:
        """Return the content of a file on an issue."""
        with self._lock:
            return self._files[ref.key, name]

    def _maybe_fail(self) -> None:
        if self._failures:
            self._failures -= 1
            raise TransientError(f"site {self._name}: made to fail")

    def _issue(self, ref: IssueRef) -> Issue:
        known = self._issues.get(ref.key)
        if known is None or ref.site != self._name:
            raise IssueNotFoundError(f"{ref}: there is no such issue")
        return known

    def _keep(self, issue: Issue) -> None:
        self._issues[issue.ref.key] = issue

    def _write(self, act: _Act, write: Write) -> None:
        match write:
            case SetStage(stage):
                self._move(act, stage)
            case SetField(name, value):
                if act.issue.kind not in FIELD_SPECS[name].kinds:
                    raise UnmappedError(f"{act.issue.ref}: issues of its kind have no field '{name}'")
                act.set(name, value)
            case Assign(account):
                act.issue = replace(act.issue, assignee=account)
            case Watch(account):
                act.issue = replace(act.issue, watchers=act.issue.watchers | {account})
            case PutComment(marker, text):
                act.say(marker, text)
            case Attach():
                self._attach(act, write)
            case EnsureIssue():
                self._ensure(act, write)
            case EnsureVersion():
                self._ensure_version(write)
            case _:
                assert_never(write)

    def _move(self, act: _Act, stage: Stage) -> None:
        if act.issue.kind is None or stage not in STAGES[act.issue.kind]:
            raise UnmappedError(f"{act.issue.ref}: issues of its kind have no stage '{stage}'")
        if stage not in self.deaf:
            act.move(stage)

    def _attach(self, act: _Act, write: Attach) -> None:
        if write.name not in act.issue.attachments:
            act.issue = replace(act.issue, attachments=(*act.issue.attachments, write.name))
            self._files[act.issue.ref.key, write.name] = write.content

    def _ensure_version(self, wanted: EnsureVersion) -> None:
        known = self._versions.get(wanted.product, ())
        if not any(wanted.origin == one.origin or wanted.name == one.name for one in known):
            url = f"memory:{wanted.product}/{wanted.name}"
            self._add_version(wanted.product, ProductVersion(wanted.name, url, wanted.origin))

    def _add_version(self, product: str, version: ProductVersion) -> None:
        self._versions[product] = (*self._versions.get(product, ()), version)

    def _ensure(self, act: _Act, wanted: EnsureIssue) -> None:
        other = self.file(wanted, author=self._account)
        act.issue = replace(act.issue, links=act.issue.links | {other})
        related = self._issue(other)
        self._keep(replace(related, links=related.links | {act.issue.ref}))
