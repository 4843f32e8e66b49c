"""What a Jira holds before anybody works with it: people, projects, workflows, fields and webhooks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Mode = Literal["cloud", "dc"]
Category = Literal["new", "indeterminate", "done"]
FieldKind = Literal["line", "text", "select", "date", "datetime", "number", "user"]

WORKING: Final = frozenset(
    {
        "BROWSE_PROJECTS",
        "CREATE_ISSUES",
        "EDIT_ISSUES",
        "TRANSITION_ISSUES",
        "ASSIGN_ISSUES",
        "ASSIGNABLE_USER",
        "MODIFY_REPORTER",
        "ADD_COMMENTS",
        "EDIT_OWN_COMMENTS",
        "DELETE_OWN_COMMENTS",
        "LINK_ISSUES",
        "CREATE_ATTACHMENTS",
        "WORK_ON_ISSUES",
        "RESOLVE_ISSUES",
        "SCHEDULE_ISSUES",
        "VIEW_VOTERS_AND_WATCHERS",
        "MANAGE_WATCHERS",
    }
)
LEADING: Final = WORKING | {
    "EDIT_ALL_COMMENTS",
    "DELETE_ALL_COMMENTS",
    "DELETE_ISSUES",
    "ADMINISTER_PROJECTS",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One account. ``token`` is the API token (Cloud) or personal access token (Data Center)."""

    name: str
    display_name: str
    email: str
    token: str
    password: str = ""
    admin: bool = False
    scoped: bool = False
    active: bool = True
    time_zone: str = "Asia/Shanghai"

    @property
    def account_id(self) -> str:
        """The id by which Cloud knows the account; it says nothing of the name."""
        digits = hashlib.sha256(self.name.encode()).hexdigest()
        return f"712020:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"


@dataclass(frozen=True, slots=True)
class Member:
    """A person's role in a project."""

    project: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class StatusPlan:
    """A status and the category that says whether work is done there."""

    name: str
    category: Category = "indeterminate"


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A custom field; without ``issue_types`` it stands on all, without ``id`` it gets the next one.

    ``projects`` are the keys of those that its one context is for, none means all.
    """

    name: str
    kind: FieldKind
    options: tuple[str, ...] = ()
    issue_types: tuple[str, ...] = ()
    id: str = ""
    projects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransitionPlan:
    """One arrow of a workflow.

    Without ``sources`` it is global. ``screen`` names the fields that may be sent along (``comment`` is one);
    None is a transition without a screen. Without ``roles`` whoever may transition issues may use it.
    ``resolution`` is what a post function sets, "" leaves it and None clears it. ``event`` is the event that
    Data Center names for it; Cloud always says ``issue_generic``.
    """

    name: str
    to: str
    sources: tuple[str, ...] = ()
    screen: tuple[str, ...] | None = None
    required: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    resolution: str | None = ""
    event: str = "issue_generic"


@dataclass(frozen=True, slots=True)
class IssueTypePlan:
    """An issue type with its own workflow; the first status is the one of a new issue.

    ``hidden`` names fields that are on neither the create nor the edit screen.
    """

    name: str
    statuses: tuple[str, ...]
    transitions: tuple[TransitionPlan, ...]
    required: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project; ``service_desk`` makes it one of Jira Service Management."""

    key: str
    name: str
    service_desk: bool = False


@dataclass(frozen=True, slots=True)
class LinkTypePlan:
    """A type of issue link with its two readings."""

    name: str
    outward: str
    inward: str


@dataclass(frozen=True, slots=True)
class HookPlan:
    """An administrator's webhook; "" as secret is an unsigned one, no events means all."""

    url: str
    secret: str
    events: tuple[str, ...] = ()
    name: str = "svc-plugin"


@dataclass(frozen=True, slots=True)
class JiraPlan:
    """The whole of it. ``roles`` gives project roles their permissions."""

    people: tuple[Person, ...]
    projects: tuple[ProjectPlan, ...]
    statuses: tuple[StatusPlan, ...]
    issue_types: tuple[IssueTypePlan, ...]
    fields: tuple[FieldPlan, ...] = ()
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    members: tuple[Member, ...] = ()
    link_types: tuple[LinkTypePlan, ...] = (
        LinkTypePlan("Blocks", "blocks", "is blocked by"),
        LinkTypePlan("Relates", "relates to", "relates to"),
    )
    hooks: tuple[HookPlan, ...] = ()
    priorities: tuple[str, ...] = ("Highest", "High", "Medium", "Low", "Lowest")
    resolutions: tuple[str, ...] = ("Done", "Won't Do", "Duplicate")
    cloud_id: str = "11111111-2222-4333-8444-555555555555"
