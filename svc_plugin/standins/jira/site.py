"""One running stand-in with the common look-ups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from svc_plugin.standins.jira.catalogue import GLOBAL, Catalogue, IssueType, Project, Status
from svc_plugin.standins.jira.errors import missing_issue
from svc_plugin.standins.jira.faults import Faults
from svc_plugin.standins.jira.hooks import HookSender
from svc_plugin.standins.jira.plan import Mode, Person
from svc_plugin.standins.jira.state import Comment, Indexed, Issue, State


@dataclass(slots=True)
class Site:
    """What every request works on. ``pace`` gives seconds for the limit of writes per issue."""

    mode: Mode
    catalogue: Catalogue
    state: State
    clock: Callable[[], datetime]
    pace: Callable[[], float]
    faults: Faults
    hooks: HookSender

    @property
    def cloud(self) -> bool:
        """Whether this is a Jira Cloud."""
        return self.mode == "cloud"

    @property
    def zone(self) -> ZoneInfo:
        """The server's time zone, in which Data Center writes moments."""
        return ZoneInfo("Asia/Shanghai")

    def now(self) -> datetime:
        """The moment now, to the millisecond as Jira keeps it."""
        moment = self.clock()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def roles(self, person: Person, project: str) -> set[str]:
        """The names of a person's roles in a project, by its key."""
        return {
            one.role
            for one in self.catalogue.plan.members
            if one.person == person.name and one.project == project
        }

    def may(self, person: Person, permission: str, project: str = "") -> bool:
        """Whether a person has a permission in a project (by its key), or a global one."""
        if permission in GLOBAL:
            return person.admin or permission != "ADMINISTER"
        granted = self.catalogue.plan.roles
        keys = [project] if project else [one.key for one in self.catalogue.projects.values()]
        return any(permission in granted[role] for key in keys for role in self.roles(person, key))

    def issue(self, person: Person, key: object) -> Issue:
        """The issue by id or key. Raises ``Refused`` (404) when it is not there or not to be seen."""
        found = self.find(key)
        if found is None or not self.may(person, "BROWSE_PROJECTS", found.project):
            raise missing_issue()
        return found

    def find(self, key: object) -> Issue | None:
        """The issue by id or key, whoever asks."""
        name = str(key)
        if name.isdecimal():
            return self.state.issues.get(int(name))
        keys = {key: one for one in self.state.issues.values() for key in (*one.former_keys, one.key)}
        return keys.get(name.upper())

    def project_of(self, issue: Issue) -> Project:
        """The issue's project."""
        found = self.catalogue.project(issue.project)
        if found is None:
            raise KeyError(issue.project)
        return found

    def type_of(self, issue: Issue) -> IssueType:
        """The issue's type."""
        return self.catalogue.types[issue.type_id]

    def status_of(self, issue: Issue) -> Status:
        """The issue's status."""
        return self.catalogue.statuses[issue.status_id]

    def sees(self, person: Person, issue: Issue, comment: Comment) -> bool:
        """Whether a person may read a comment: restricted ones are for the role or group they name."""
        if comment.visibility is None:
            return True
        wanted = str(comment.visibility.get("value", ""))
        if comment.visibility.get("type") == "role":
            return wanted in self.roles(person, issue.project)
        return person.admin

    def touch(self, issue: Issue, when: datetime | None = None) -> None:
        """Note that an issue changed, and tell the search index."""
        issue.updated = when or self.now()
        self.index(issue)

    def index(self, issue: Issue) -> None:
        """Put the issue as it is into the search index; old entries serve a search that lags behind."""
        issue.indexed = [*issue.indexed[-20:], Indexed(self.now(), issue.updated, dict(issue.values))]
