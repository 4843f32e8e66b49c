"""The changing half: issues and what hangs on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from svc_plugin.standins.jira.json_values import mapping
from svc_plugin.standins.jira.plan import Person


@dataclass(frozen=True, slots=True)
class Item:
    """One changed field: ids and texts before and after, None where Jira gives none."""

    field_id: str
    field: str
    custom: bool
    old: tuple[str | None, str | None]
    new: tuple[str | None, str | None]
    accounts: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """One entry of the changelog."""

    id: int
    author: Person
    created: datetime
    items: tuple[Item, ...]


@dataclass(slots=True)
class Comment:
    """A comment; ``visibility`` restricts it to a role or group, ``properties`` are its entity properties."""

    id: int
    author: Person
    body: str
    created: datetime
    updated: datetime
    update_author: Person
    visibility: Mapping[str, object] | None = None
    properties: dict[str, object] = field(default_factory=dict[str, object])

    @property
    def public(self) -> bool:
        """Whether a customer of the service desk may read it."""
        return not mapping(self.properties.get("sd.public.comment")).get("internal")


@dataclass(slots=True)
class Worklog:
    """Time spent."""

    id: int
    author: Person
    started: datetime
    seconds: int
    comment: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file."""

    id: int
    author: Person
    name: str
    mime: str
    content: bytes
    created: datetime


@dataclass(slots=True)
class RemoteLink:
    """A link to a page elsewhere, known by its global id."""

    id: int
    global_id: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two issues, read from ``source`` outward."""

    id: int
    type_id: str
    source: int
    target: int


@dataclass(slots=True)
class Version:
    """A version of a project."""

    id: str
    project: str
    name: str
    description: str = ""
    released: bool = False


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the search index holds of an issue since a moment."""

    since: datetime
    updated: datetime
    values: Mapping[str, object]


@dataclass(slots=True)
class Issue:
    """An issue; ``values`` holds the stored form of each field by its id."""

    id: int
    key: str
    project: str
    type_id: str
    creator: Person
    created: datetime
    updated: datetime
    values: dict[str, object]
    former_keys: list[str] = field(default_factory=list[str])
    histories: list[History] = field(default_factory=list[History])
    comments: list[Comment] = field(default_factory=list[Comment])
    worklogs: list[Worklog] = field(default_factory=list[Worklog])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    remote_links: list[RemoteLink] = field(default_factory=list[RemoteLink])
    properties: dict[str, object] = field(default_factory=dict[str, object])
    watchers: list[Person] = field(default_factory=list[Person])
    approvals: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    slas: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    indexed: list[Indexed] = field(default_factory=list[Indexed])
    writes: list[float] = field(default_factory=list[float])

    @property
    def status_id(self) -> str:
        """The status now."""
        return str(self.values["status"])


@dataclass(slots=True)
class State:
    """All records under one lock; ids only ever grow."""

    issues: dict[int, Issue] = field(default_factory=dict[int, Issue])
    links: dict[int, Link] = field(default_factory=dict[int, Link])
    versions: dict[str, Version] = field(default_factory=dict[str, Version])
    project_properties: dict[tuple[str, str], object] = field(default_factory=dict[tuple[str, str], object])
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    lock: RLock = field(default_factory=RLock)

    def next_id(self, section: str, first: int = 10000) -> int:
        """A fresh id."""
        self.numbers[section] = self.numbers.get(section, first - 1) + 1
        return self.numbers[section]

    def links_of(self, issue: Issue) -> list[Link]:
        """The links an issue takes part in."""
        return [link for link in self.links.values() if issue.id in {link.source, link.target}]
