"""One running stand-in: its catalogue, its store, its clock and its webhooks, with the common look-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from svc_plugin.standins.redmine.catalogue import Catalogue
from svc_plugin.standins.redmine.hooks import HookSender
from svc_plugin.standins.redmine.model import Attachment, Issue, Journal, Relation, User, Version
from svc_plugin.standins.redmine.store import Store


@dataclass(frozen=True, slots=True)
class Site:
    """What every request works on."""

    catalogue: Catalogue
    store: Store
    clock: Callable[[], datetime]
    hooks: HookSender

    def is_open(self, issue: Issue) -> bool:
        """Whether the issue's status is an open one."""
        return not self.catalogue.statuses[issue.status_id].is_closed

    def children(self, issue_id: int) -> list[Issue]:
        """The direct subtasks."""
        return [issue for issue in self.store.issues.all() if issue.parent_id == issue_id]

    def descendants(self, issue_id: int) -> Iterator[Issue]:
        """Subtasks on every level."""
        for child in self.children(issue_id):
            yield child
            yield from self.descendants(child.id)

    def ancestors(self, issue: Issue) -> Iterator[Issue]:
        """The parent, its parent and so on."""
        parent = self.store.issues.get(issue.parent_id)
        if parent is not None:
            yield parent
            yield from self.ancestors(parent)

    def journals_of(self, issue_id: int) -> list[Journal]:
        """The journals of an issue, oldest first."""
        return [journal for journal in self.store.journals.all() if journal.issue_id == issue_id]

    def relations_of(self, issue_id: int) -> list[Relation]:
        """The relations an issue takes part in."""
        return [
            relation
            for relation in self.store.relations.all()
            if issue_id in {relation.issue_from_id, relation.issue_to_id}
        ]

    def attachments_of(self, issue_id: int) -> list[Attachment]:
        """The files of an issue."""
        return [item for item in self.store.attachments.all() if item.issue_id == issue_id]

    def versions_of(self, project_id: int) -> list[Version]:
        """The versions of a project."""
        return [version for version in self.store.versions.all() if version.project_id == project_id]

    def spent(self, issue_id: int) -> float:
        """Hours logged on the issue itself."""
        return sum((entry.hours for entry in self.store.times.all() if entry.issue_id == issue_id), 0.0)

    def members(self, project_id: int) -> list[User]:
        """The users with a role in the project, by id."""
        ids = {member.user_id for member in self.catalogue.memberships if member.project_id == project_id}
        return [user for user in self.catalogue.users.values() if user.id in ids]
