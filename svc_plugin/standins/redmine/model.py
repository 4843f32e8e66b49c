"""What the stand-in keeps: frozen records, replaced as a whole when something changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Status:
    """An issue status; closed ones leave the default list."""

    id: int
    name: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Tracker:
    """A kind of issue with the status it starts in and the statuses it knows."""

    id: int
    name: str
    default_status_id: int
    status_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field of issues; `values` are the allowed texts of a list."""

    id: int
    name: str
    format: str
    values: tuple[str, ...]
    regexp: str
    tracker_ids: tuple[int, ...]
    searchable: bool
    is_filter: bool


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, spelled as Redmine spells them."""

    id: int
    name: str
    permissions: tuple[str, ...]
    assignable: bool


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot; an empty key or password opens nothing."""

    id: int
    login: str
    firstname: str
    lastname: str
    mail: str
    password: str
    api_key: str
    admin: bool

    @property
    def name(self) -> str:
        """The name as Redmine's default setting shows it: first name, then last name."""
        return f"{self.firstname} {self.lastname}".strip() or self.login


@dataclass(frozen=True, slots=True)
class Project:
    """A project; every tracker of the blueprint is enabled in it."""

    id: int
    identifier: str
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The roles of one user in one project."""

    id: int
    project_id: int
    user_id: int
    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hook:
    """Where webhooks go; the body shows only what the hook's user may see."""

    url: str
    secret: str
    user_id: int


@dataclass(frozen=True, slots=True)
class Choice:
    """An enumeration's value: a priority or a time entry activity."""

    id: int
    name: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; `values` holds custom values by field id, dates are YYYY-MM-DD."""

    id: int
    project_id: int
    tracker_id: int
    status_id: int
    priority_id: int
    author_id: int
    subject: str
    created_on: datetime
    updated_on: datetime
    assigned_to_id: int | None = None
    fixed_version_id: int | None = None
    parent_id: int | None = None
    description: str | None = None
    start_date: str | None = None
    due_date: str | None = None
    done_ratio: int = 0
    is_private: bool = False
    estimated_hours: float | None = None
    values: Mapping[int, str] = field(default_factory=dict[int, str])
    watcher_ids: tuple[int, ...] = ()
    closed_on: datetime | None = None
    lock_version: int = 0


@dataclass(frozen=True, slots=True)
class Detail:
    """One change in a journal: property is attr, cf, relation or attachment."""

    property: str
    name: str
    old_value: str | None
    new_value: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """A note, a set of changes, or both, by one user at one time."""

    id: int
    issue_id: int
    user_id: int
    notes: str
    created_on: datetime
    private_notes: bool
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A link between two issues, stored in Redmine's canonical direction."""

    id: int
    issue_from_id: int
    issue_to_id: int
    relation_type: str
    delay: int | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file; without an issue it is an upload still waiting for its token to be used."""

    id: int
    filename: str
    filesize: int
    content_type: str
    description: str
    digest: str
    author_id: int
    created_on: datetime
    issue_id: int | None = None

    @property
    def token(self) -> str:
        """What POST /uploads.json hands out: the id and the SHA-256 of the content."""
        return f"{self.id}.{self.digest}"


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Hours a user spent on an issue, or on a project as a whole."""

    id: int
    project_id: int
    issue_id: int | None
    user_id: int
    activity_id: int
    hours: float
    comments: str
    spent_on: str
    created_on: datetime
    updated_on: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A release of a project."""

    id: int
    project_id: int
    name: str
    description: str
    status: str
    due_date: str | None
    sharing: str
    created_on: datetime
    updated_on: datetime
