"""Creating time entries and versions."""

from __future__ import annotations

from collections.abc import Mapping

from svc_plugin.standins.redmine.events import time_event
from svc_plugin.standins.redmine.faults import Fault, Invalid, Refused
from svc_plugin.standins.redmine.model import Issue, Project, TimeEntry, User, Version
from svc_plugin.standins.redmine.permissions import allows, is_member, sees_issue
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import as_text, decimal, is_date, whole

Attrs = Mapping[str, object]


def log_time(site: Site, user: User, attrs: Attrs) -> TimeEntry:
    """Log hours on an issue or a project; no activity gives the default one, the issue's updated_on stays.

    `project_id` must be the number; 0 hours and days to come are taken. Raises Refused(403) without log_time,
    Invalid for bad values.
    """
    issue = site.store.issues.get(whole(attrs.get("issue_id")))
    if issue is not None and not sees_issue(site.catalogue, user, issue):
        issue = None
    project = site.catalogue.projects.get(issue.project_id if issue else whole(attrs.get("project_id")) or 0)
    if project is not None and not allows(site.catalogue, user, "log_time", project.id):
        raise Refused(403)
    hours = decimal(attrs.get("hours"))
    activity = _activity(site, attrs)
    today = site.clock().date().isoformat()
    spent_on = as_text(attrs.get("spent_on")) or today
    faults = _time_faults(attrs, issue, project, hours, activity, spent_on)
    worker = _worker(site, user, project, attrs, faults)
    if faults or project is None or hours is None or activity is None:
        raise Invalid(*faults)
    now = site.clock()
    with site.store.changing():
        number = site.store.times.next_id()
        comments = as_text(attrs.get("comments"))
        issue_id = issue.id if issue else None
        entry = TimeEntry(number, project.id, issue_id, worker, activity, hours, comments, spent_on, now, now)
        site.store.times.put(entry)
        time_event(site, "created", entry)
    return entry


def _activity(site: Site, attrs: Attrs) -> int | None:
    choices = site.catalogue.activities
    if not as_text(attrs.get("activity_id")):
        return next((choice.id for choice in choices.values() if choice.is_default), None)
    number = whole(attrs["activity_id"])
    return number if number in choices else None


def _time_faults(
    attrs: Attrs,
    issue: Issue | None,
    project: Project | None,
    hours: float | None,
    activity: int | None,
    spent_on: str,
) -> list[Fault]:
    faults: list[Fault] = []
    if as_text(attrs.get("issue_id")) and issue is None:
        faults.append(Fault("issue_id", "invalid"))
    if project is None:
        faults.append(Fault("project_id", "blank"))
    if hours is None:
        faults.append(Fault("hours", "invalid" if as_text(attrs.get("hours")) else "blank"))
    elif hours < 0:
        faults.append(Fault("hours", "invalid"))
    if activity is None:
        faults.append(Fault("activity_id", "inclusion" if as_text(attrs.get("activity_id")) else "blank"))
    if not is_date(spent_on):
        faults.append(Fault("spent_on", "not_a_date"))
    return faults


def _worker(site: Site, user: User, project: Project | None, attrs: Attrs, faults: list[Fault]) -> int:
    """Whose time it is: one's own, or another member's with log_time_for_other_users."""
    asked = whole(attrs.get("user_id"))
    if asked is None or asked == user.id or project is None:
        return user.id
    other = site.catalogue.users.get(asked)
    permitted = allows(site.catalogue, user, "log_time_for_other_users", project.id)
    if not permitted or not is_member(site.catalogue, other, project.id):
        faults.append(Fault("user_id", "invalid"))
    return asked


def create_version(site: Site, user: User, project: Project, attrs: Attrs) -> Version:
    """Create a version; raises Refused(403) without manage_versions, Invalid for bad values."""
    if not allows(site.catalogue, user, "manage_versions", project.id):
        raise Refused(403)
    name = as_text(attrs.get("name")).strip()
    due_date = as_text(attrs.get("due_date"))
    status = as_text(attrs.get("status")) or "open"
    sharing = as_text(attrs.get("sharing")) or "none"
    checks = (
        (bool(name), "name", "blank"),
        (name not in {version.name for version in site.versions_of(project.id)}, "name", "taken"),
        (not due_date or is_date(due_date), "due_date", "not_a_date"),
        (status in {"open", "locked", "closed"}, "status", "inclusion"),
        (sharing in {"none", "descendants", "hierarchy", "tree", "system"}, "sharing", "inclusion"),
    )
    faults = [Fault(field, reason) for fits, field, reason in checks if not fits]
    if faults:
        raise Invalid(*faults)
    now = site.clock()
    with site.store.changing():
        number = site.store.versions.next_id()
        text = as_text(attrs.get("description"))
        return site.store.versions.put(
            Version(number, project.id, name, text, status, due_date or None, sharing, now, now)
        )
