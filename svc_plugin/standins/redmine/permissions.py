"""Who may do and see what: roles by project, the workflow, and which issues and notes are visible."""

from __future__ import annotations

from svc_plugin.standins.redmine.catalogue import Catalogue
from svc_plugin.standins.redmine.model import Issue, Journal, Role, Status, User
from svc_plugin.standins.redmine.site import Site


def roles_in(catalogue: Catalogue, user: User | None, project_id: int) -> tuple[Role, ...]:
    """The roles of a user in a project; an administrator has all of them, as in Redmine's workflow check."""
    if user is None:
        return ()
    if user.admin:
        return tuple(catalogue.roles.values())
    return tuple(
        catalogue.roles[role_id]
        for member in catalogue.memberships
        if (member.project_id, member.user_id) == (project_id, user.id)
        for role_id in member.role_ids
    )


def allows(catalogue: Catalogue, user: User | None, permission: str, project_id: int) -> bool:
    """Whether the user has the permission in the project; administrators have every one."""
    if user is not None and user.admin:
        return True
    return any(permission in role.permissions for role in roles_in(catalogue, user, project_id))


def allows_anywhere(catalogue: Catalogue, user: User | None, permission: str) -> bool:
    """Whether the user has the permission in any project."""
    return any(allows(catalogue, user, permission, project_id) for project_id in catalogue.projects)


def is_member(catalogue: Catalogue, user: User | None, project_id: int) -> bool:
    """Whether the project is visible to the user: all projects of the stand-in are private."""
    if user is None:
        return False
    return user.admin or any(
        (member.project_id, member.user_id) == (project_id, user.id) for member in catalogue.memberships
    )


def sees_issue(catalogue: Catalogue, user: User | None, issue: Issue) -> bool:
    """Whether the user may see the issue."""
    return allows(catalogue, user, "view_issues", issue.project_id)


def sees_journal(site: Site, user: User | None, journal: Journal) -> bool:
    """Whether the user may see the journal: private notes need a permission, or to be one's own."""
    issue = site.store.issues.get(journal.issue_id)
    if issue is None or user is None or not sees_issue(site.catalogue, user, issue):
        return False
    if not journal.private_notes or journal.user_id == user.id:
        return True
    return allows(site.catalogue, user, "view_private_notes", issue.project_id)


def may_edit(catalogue: Catalogue, user: User | None, issue: Issue) -> bool:
    """Whether the user may change fields of the issue."""
    if allows(catalogue, user, "edit_issues", issue.project_id):
        return True
    own = user is not None and issue.author_id == user.id
    return own and allows(catalogue, user, "edit_own_issues", issue.project_id)


def may_note(catalogue: Catalogue, user: User | None, issue: Issue) -> bool:
    """Whether the user may add a note to the issue."""
    return allows(catalogue, user, "add_issue_notes", issue.project_id)


def may_edit_note(site: Site, user: User | None, journal: Journal, issue: Issue) -> bool:
    """Whether the user may edit a note: any note, or only own ones."""
    if allows(site.catalogue, user, "edit_issue_notes", issue.project_id):
        return True
    own = user is not None and journal.user_id == user.id
    return own and allows(site.catalogue, user, "edit_own_issue_notes", issue.project_id)


def next_statuses(
    site: Site, user: User, issue: Issue, *, old_status: int, is_new: bool = False
) -> tuple[Status, ...]:
    """The statuses the workflow lets the user set, the present one included, by id.

    `issue` carries the project and tracker to judge by, `old_status` is 0 for a new issue.
    Empty when there is no way out. Closed ones are left out while a subtask or a blocker is open,
    open ones while the parent is closed (Redmine's Issue#new_statuses_allowed_to).
    """
    catalogue = site.catalogue
    allowed = {
        new
        for role in roles_in(catalogue, user, issue.project_id)
        for old, new in catalogue.moves.get((role.id, issue.tracker_id), frozenset())
        if old == old_status
    }
    if allowed and old_status:
        allowed.add(old_status)
    if is_new and not allowed:
        allowed.add(catalogue.trackers[issue.tracker_id].default_status_id)
    statuses = [status for status in catalogue.statuses.values() if status.id in allowed]
    if not is_new and not _closable(site, issue):
        statuses = [status for status in statuses if not status.is_closed]
    if _has_closed_ancestor(site, issue):
        statuses = [status for status in statuses if status.is_closed]
    return tuple(statuses)


def _closable(site: Site, issue: Issue) -> bool:
    if any(site.is_open(child) for child in site.descendants(issue.id)):
        return False
    return not any(
        relation.relation_type == "blocks" and relation.issue_to_id == issue.id and site.is_open(blocker)
        for relation in site.relations_of(issue.id)
        if (blocker := site.store.issues.get(relation.issue_from_id)) is not None
    )


def _has_closed_ancestor(site: Site, issue: Issue) -> bool:
    return any(not site.is_open(ancestor) for ancestor in site.ancestors(issue))
