"""Creating, changing and deleting issues: the one way in for REST and for the pages alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from svc_plugin.standins.redmine.edits import Attrs, edited
from svc_plugin.standins.redmine.events import issue_event
from svc_plugin.standins.redmine.faults import Fault, Invalid, Refused
from svc_plugin.standins.redmine.files import attach, claim
from svc_plugin.standins.redmine.journals import changes, truth, write
from svc_plugin.standins.redmine.model import Detail, Issue, Journal, Project, User
from svc_plugin.standins.redmine.permissions import allows, allows_anywhere, may_edit, may_note, sees_issue
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import as_text, listing, whole


def create(site: Site, user: User, attrs: Attrs) -> Issue:
    """Create an issue and tell the hooks.

    A status, tracker or field that is not allowed is dropped as Redmine drops it: look at what came of it.
    Raises Refused(403) when the user may add issues nowhere, Invalid (422) for bad values.
    """
    catalogue = site.catalogue
    if not allows_anywhere(catalogue, user, "add_issues"):
        raise Refused(403)
    project = catalogue.project(attrs.get("project_id"))
    if project is None or not catalogue.trackers or not allows(catalogue, user, "add_issues", project.id):
        raise Invalid(Fault("project_id", "blank"), Fault("tracker_id", "blank"), Fault("status_id", "blank"))
    now = site.clock()
    issue = edited(site, user, _blank(site, user, project, attrs, now), attrs, is_new=True)
    files = claim(site, attrs)
    with site.store.changing():
        issue = replace(
            issue,
            id=site.store.issues.next_id(),
            watcher_ids=_watchers(site, user, project.id, attrs),
            closed_on=None if site.is_open(issue) else now,
            lock_version=1,
        )
        site.store.issues.put(issue)
        attach(site, issue.id, files)
        issue_event(site, "created", issue)
        _tell_parent(site, user, issue.parent_id, Detail("attr", "child_id", None, str(issue.id)))
        refresh_ancestors(site, issue)
    return issue


def _blank(site: Site, user: User, project: Project, attrs: Attrs, now: datetime) -> Issue:
    trackers = site.catalogue.trackers
    tracker = trackers.get(whole(attrs.get("tracker_id")) or 0) or next(iter(trackers.values()))
    return Issue(
        id=0,
        project_id=project.id,
        tracker_id=tracker.id,
        status_id=tracker.default_status_id,
        priority_id=next(choice.id for choice in site.catalogue.priorities.values() if choice.is_default),
        author_id=user.id,
        subject="",
        created_on=now,
        updated_on=now,
        start_date=now.date().isoformat(),
    )


def _watchers(site: Site, user: User, project_id: int, attrs: Attrs) -> tuple[int, ...]:
    if not allows(site.catalogue, user, "add_issue_watchers", project_id):
        return ()
    ids = (whole(item) for item in listing(attrs.get("watcher_user_ids")))
    return tuple(number for number in ids if number is not None and number in site.catalogue.users)


def update(site: Site, user: User, issue: Issue, attrs: Attrs) -> None:
    """Change an issue, note it in one journal and tell the hooks (also of a change that was dropped whole).

    Raises Refused(403) when the user may neither edit nor note, Invalid (422) for bad values or a stale
    lock_version (then without a text).
    """
    fields, notes = may_edit(site.catalogue, user, issue), may_note(site.catalogue, user, issue)
    if not sees_issue(site.catalogue, user, issue) or not (fields or notes):
        raise Refused(403)
    if fields and "lock_version" in attrs and whole(attrs["lock_version"]) != issue.lock_version:
        raise Invalid
    changed = edited(site, user, issue, attrs, is_new=False) if fields else issue
    files = claim(site, attrs)
    note = as_text(attrs.get("notes")) if notes else ""
    private = truth(attrs.get("private_notes")) and allows(
        site.catalogue, user, "set_notes_private", changed.project_id
    )
    with site.store.changing():
        details = changes(issue, changed) + attach(site, issue.id, files)
        journal = write(site, user, issue.id, notes=note, private=private, details=details)
        if journal is not None:
            changed = _stamped(site, issue, changed)
            site.store.issues.put(changed)
        issue_event(site, "updated", changed, journal)
        if changed.parent_id != issue.parent_id:
            _tell_parent(site, user, issue.parent_id, Detail("attr", "child_id", str(issue.id), None))
            _tell_parent(site, user, changed.parent_id, Detail("attr", "child_id", None, str(issue.id)))
            refresh_ancestors(site, issue)
        refresh_ancestors(site, changed)


def _stamped(site: Site, before: Issue, after: Issue) -> Issue:
    now = site.clock()
    closed_on = after.closed_on
    if not site.is_open(after) and site.is_open(before):
        closed_on = now
    return replace(after, updated_on=now, closed_on=closed_on, lock_version=before.lock_version + 1)


def delete(site: Site, user: User, issue: Issue) -> None:
    """Delete an issue with its subtasks and all that belongs to them; one event for each issue.

    Raises Refused(403) without the permission delete_issues.
    """
    if not sees_issue(site.catalogue, user, issue):
        raise Refused(403)
    if not allows(site.catalogue, user, "delete_issues", issue.project_id):
        raise Refused(403)
    with site.store.changing():
        for child in list(site.descendants(issue.id)):
            _drop(site, child)
        _drop(site, issue)
        _tell_parent(site, user, issue.parent_id, Detail("attr", "child_id", str(issue.id), None))
        refresh_ancestors(site, issue)


def _drop(site: Site, issue: Issue) -> None:
    store = site.store
    for journal in site.journals_of(issue.id):
        store.journals.drop(journal.id)
    for relation in site.relations_of(issue.id):
        store.relations.drop(relation.id)
    for attachment in site.attachments_of(issue.id):
        store.attachments.drop(attachment.id)
        store.forget(attachment.id)
    for entry in store.times.all():
        if entry.issue_id == issue.id:
            store.times.drop(entry.id)
    store.issues.drop(issue.id)
    issue_event(site, "deleted", issue)


def _tell_parent(site: Site, user: User, parent_id: int | None, detail: Detail) -> None:
    parent = site.store.issues.get(parent_id)
    if parent is None:
        return
    journal: Journal | None = write(site, user, parent.id, details=(detail,))
    parent = site.store.issues.put(replace(parent, updated_on=site.clock()))
    issue_event(site, "updated", parent, journal)


def refresh_ancestors(site: Site, issue: Issue) -> None:
    """Derive priority, dates and done ratio of the parents from their subtasks, without a journal."""
    for ancestor in list(site.ancestors(issue)):
        children = site.children(ancestor.id)
        if not children:
            continue
        open_ones = [child for child in children if site.is_open(child)]
        derived = replace(
            ancestor,
            priority_id=max((child.priority_id for child in open_ones), default=ancestor.priority_id),
            start_date=min((child.start_date for child in children if child.start_date), default=None),
            due_date=max((child.due_date for child in children if child.due_date), default=None),
            done_ratio=_done(site, children),
        )
        if derived != ancestor:
            site.store.issues.put(replace(derived, updated_on=site.clock()))


def _done(site: Site, children: list[Issue]) -> int:
    ratios = [child.done_ratio if site.is_open(child) else 100 for child in children]
    return sum(ratios) // len(ratios)
