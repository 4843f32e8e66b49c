"""From the attributes of a request to the issue as it would be, with Redmine's silent drops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from svc_plugin.standins.redmine.faults import Fault, Invalid
from svc_plugin.standins.redmine.journals import truth
from svc_plugin.standins.redmine.model import Issue, User
from svc_plugin.standins.redmine.permissions import allows, next_statuses, sees_issue
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import as_text, asked_values, decimal, is_date, value_faults, whole

Attrs = Mapping[str, object]


def edited(site: Site, user: User, issue: Issue, attrs: Attrs, *, is_new: bool) -> Issue:
    """The issue with what the user may set; the rest of `attrs` is dropped without a word.

    Raises Invalid when a value that would be set is not acceptable.
    """
    faults: list[Fault] = []
    changed = _move(site, user, issue, attrs, is_new=is_new)
    changed = _with_status(site, user, changed, attrs, is_new=is_new)
    changed = _with_simple(site, changed, attrs, faults)
    changed = _with_refs(site, issue, changed, attrs, faults, is_new=is_new)
    changed = _with_parent(site, user, changed, attrs, faults)
    if "is_private" in attrs and allows(site.catalogue, user, "set_issues_private", changed.project_id):
        changed = replace(changed, is_private=truth(attrs["is_private"]))
    asked = asked_values(site, changed.tracker_id, attrs)
    changed = replace(changed, values={**changed.values, **asked})
    if asked or is_new:
        faults += value_faults(site, changed)
    if faults:
        raise Invalid(*faults)
    return changed


def _move(site: Site, user: User, issue: Issue, attrs: Attrs, *, is_new: bool) -> Issue:
    """Another project or tracker; one that is unknown or that the user may not add issues to is dropped."""
    project = site.catalogue.project(attrs.get("project_id"))
    if project and not is_new and allows(site.catalogue, user, "add_issues", project.id):
        issue = replace(issue, project_id=project.id)
    tracker = site.catalogue.trackers.get(whole(attrs.get("tracker_id")) or 0)
    if tracker is None or tracker.id == issue.tracker_id:
        return issue
    old_default = site.catalogue.trackers[issue.tracker_id].default_status_id
    keeps = issue.status_id in tracker.status_ids and issue.status_id != old_default
    status_id = issue.status_id if keeps else tracker.default_status_id
    return replace(issue, tracker_id=tracker.id, status_id=status_id)


def _with_status(site: Site, user: User, issue: Issue, attrs: Attrs, *, is_new: bool) -> Issue:
    """Only a status the workflow allows is taken; a new issue falls back to the first allowed one."""
    old = 0 if is_new else issue.status_id
    allowed = [status.id for status in next_statuses(site, user, issue, old_status=old, is_new=is_new)]
    asked = whole(attrs.get("status_id"))
    if asked is not None and asked in allowed:
        return replace(issue, status_id=asked)
    if is_new and issue.status_id not in allowed and allowed:
        return replace(issue, status_id=allowed[0])
    return issue


def _with_simple(site: Site, issue: Issue, attrs: Attrs, faults: list[Fault]) -> Issue:
    if "subject" in attrs:
        issue = replace(issue, subject=as_text(attrs["subject"]).strip())
    if "description" in attrs:
        issue = replace(issue, description=_carriage_returns(attrs["description"]))
    if "estimated_hours" in attrs:
        issue = replace(issue, estimated_hours=_hours(attrs["estimated_hours"], faults))
    if not site.children(issue.id):  # dates and done ratio of a parent follow from its subtasks
        issue = _with_planning(issue, attrs, faults)
    if not issue.subject:
        faults.append(Fault("subject", "blank"))
    if len(issue.subject) > 255:
        faults.append(Fault("subject", "too_long"))
    if issue.start_date and issue.due_date and issue.due_date < issue.start_date:
        faults.append(Fault("due_date", "before_start"))
    return issue


def _carriage_returns(value: object) -> str | None:
    """Redmine stores line ends of descriptions, and of nothing else, as CR LF."""
    if not isinstance(value, str):
        return None if value is None else as_text(value)
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def _hours(value: object, faults: list[Fault]) -> float | None:
    if as_text(value) == "":
        return None
    hours = decimal(value)
    if hours is None or hours < 0:
        faults.append(Fault("estimated_hours", "invalid"))
    return hours


def _with_planning(issue: Issue, attrs: Attrs, faults: list[Fault]) -> Issue:
    for name in ("start_date", "due_date"):
        if name not in attrs:
            continue
        text = as_text(attrs[name])
        if text and not is_date(text):
            faults.append(Fault(name, "not_a_date"))
        issue = (
            replace(issue, start_date=text or None)
            if name == "start_date"
            else replace(issue, due_date=text or None)
        )
    if "done_ratio" in attrs:
        ratio = whole(attrs["done_ratio"])
        if ratio is None or not 0 <= ratio <= 100:
            faults.append(Fault("done_ratio", "inclusion"))
        issue = replace(issue, done_ratio=ratio or 0)
    return issue


def _with_refs(
    site: Site, before: Issue, issue: Issue, attrs: Attrs, faults: list[Fault], *, is_new: bool
) -> Issue:
    if attrs.get("priority_id") and not site.children(issue.id):
        issue = replace(issue, priority_id=whole(attrs["priority_id"]) or 0)
        if issue.priority_id not in site.catalogue.priorities:
            faults.append(Fault("priority_id", "blank"))
    if "assigned_to_id" in attrs:
        number, fits = _pointed(attrs["assigned_to_id"], assignable_ids(site, issue))
        issue = replace(issue, assigned_to_id=number)
        faults += [] if fits else [Fault("assigned_to_id", "invalid")]
    if "fixed_version_id" in attrs:
        open_ids = {version.id for version in site.versions_of(issue.project_id) if version.status == "open"}
        kept = {before.fixed_version_id} if before.fixed_version_id and not is_new else set[int]()
        number, fits = _pointed(attrs["fixed_version_id"], open_ids | kept)
        issue = replace(issue, fixed_version_id=number)
        faults += [] if fits else [Fault("fixed_version_id", "inclusion")]
    return issue


def _pointed(value: object, allowed: set[int]) -> tuple[int | None, bool]:
    """The id that stands there, and whether it is one of the allowed; blank clears the attribute."""
    if as_text(value) == "":
        return None, True
    number = whole(value)
    return number, number in allowed


def _with_parent(site: Site, user: User, issue: Issue, attrs: Attrs, faults: list[Fault]) -> Issue:
    if "parent_issue_id" not in attrs or not allows(
        site.catalogue, user, "manage_subtasks", issue.project_id
    ):
        return issue
    if as_text(attrs["parent_issue_id"]) == "":
        return replace(issue, parent_id=None)
    parent = site.store.issues.get(whole(as_text(attrs["parent_issue_id"]).removeprefix("#")))
    below = {child.id for child in site.descendants(issue.id)} | {issue.id}
    if parent is None or parent.id in below or not sees_issue(site.catalogue, user, parent):
        faults.append(Fault("parent_issue_id", "invalid"))
        return issue
    if site.is_open(issue) and not site.is_open(parent):
        faults.append(Fault("", "closed_parent"))
    return replace(issue, parent_id=parent.id)


def assignable_ids(site: Site, issue: Issue) -> set[int]:
    """Who may be the assignee: members with an assignable role, the author, and whoever it is now."""
    catalogue = site.catalogue
    ids = {
        member.user_id
        for member in catalogue.memberships
        if member.project_id == issue.project_id
        and any(catalogue.roles[role_id].assignable for role_id in member.role_ids)
    }
    return ids | {issue.author_id} | ({issue.assigned_to_id} if issue.assigned_to_id else set())
