"""The JSON of each object, key for key as Redmine 5.0.4 answers it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote

from svc_plugin.standins.redmine.model import (
    Attachment,
    Field,
    Issue,
    Journal,
    Project,
    Relation,
    Status,
    TimeEntry,
    User,
    Version,
)
from svc_plugin.standins.redmine.permissions import allows
from svc_plugin.standins.redmine.site import Site

Shape = dict[str, object]


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def moment(when: datetime | None) -> str | None:
    """UTC with whole seconds and a Z, as every time in Redmine's REST."""
    return None if when is None else when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ref(record: _Named | None) -> Shape:
    """The short form: id and name."""
    return {} if record is None else {"id": record.id, "name": record.name}


def status_shape(status: Status) -> Shape:
    """A status."""
    return {**ref(status), "is_closed": status.is_closed}


def issue_core(site: Site, user: User | None, issue: Issue, *, with_spent: bool = True) -> Shape:
    """An issue without includes; spent hours only for those who may see time entries."""
    catalogue = site.catalogue
    shape: Shape = {
        "id": issue.id,
        "project": ref(catalogue.projects.get(issue.project_id)),
        "tracker": ref(catalogue.trackers.get(issue.tracker_id)),
        "status": status_shape(catalogue.statuses[issue.status_id]),
        "priority": ref(catalogue.priorities.get(issue.priority_id)),
        "author": ref(catalogue.users.get(issue.author_id)),
        **_optional_refs(site, issue),
        "subject": issue.subject,
        "description": issue.description,
        "start_date": issue.start_date,
        "due_date": issue.due_date,
        "done_ratio": issue.done_ratio,
        "is_private": issue.is_private,
        "estimated_hours": issue.estimated_hours,
        "total_estimated_hours": _total_estimated(site, issue),
    }
    if with_spent and allows(catalogue, user, "view_time_entries", issue.project_id):
        shape["spent_hours"] = site.spent(issue.id)
        shape["total_spent_hours"] = site.spent(issue.id) + sum(
            site.spent(c.id) for c in site.descendants(issue.id)
        )
    if fields := catalogue.fields_of(issue.tracker_id):
        shape["custom_fields"] = [{**ref(field), "value": issue.values.get(field.id)} for field in fields]
    times = {"created_on": issue.created_on, "updated_on": issue.updated_on, "closed_on": issue.closed_on}
    return shape | {name: moment(when) for name, when in times.items()}


def _optional_refs(site: Site, issue: Issue) -> Shape:
    shape: Shape = {}
    if issue.assigned_to_id is not None:
        shape["assigned_to"] = ref(site.catalogue.users.get(issue.assigned_to_id))
    if issue.fixed_version_id is not None:
        shape["fixed_version"] = ref(site.store.versions.get(issue.fixed_version_id))
    if issue.parent_id is not None:
        shape["parent"] = {"id": issue.parent_id}
    return shape


def _total_estimated(site: Site, issue: Issue) -> float | None:
    hours = [
        one.estimated_hours for one in (issue, *site.descendants(issue.id)) if one.estimated_hours is not None
    ]
    return sum(hours) if hours else None


def children_shape(site: Site, issue_id: int) -> list[Shape]:
    """The tree of subtasks."""
    shapes: list[Shape] = []
    for child in site.children(issue_id):
        shape: Shape = {
            "id": child.id,
            "tracker": ref(site.catalogue.trackers.get(child.tracker_id)),
            "subject": child.subject,
        }
        if below := children_shape(site, child.id):
            shape["children"] = below
        shapes.append(shape)
    return shapes


def journal_shape(site: Site, journal: Journal) -> Shape:
    """A journal with its details."""
    return {
        "id": journal.id,
        "user": ref(site.catalogue.users.get(journal.user_id)),
        "notes": journal.notes,
        "created_on": moment(journal.created_on),
        "private_notes": journal.private_notes,
        "details": [
            {
                "property": detail.property,
                "name": detail.name,
                "old_value": detail.old_value,
                "new_value": detail.new_value,
            }
            for detail in journal.details
        ],
    }


def relation_shape(relation: Relation) -> Shape:
    """A relation, in its stored direction whichever issue is asked."""
    return {
        "id": relation.id,
        "issue_id": relation.issue_from_id,
        "issue_to_id": relation.issue_to_id,
        "relation_type": relation.relation_type,
        "delay": relation.delay,
    }


def attachment_shape(site: Site, attachment: Attachment, root: str) -> Shape:
    """A file; `root` is the server's URL with the slash at its end."""
    return {
        "id": attachment.id,
        "filename": attachment.filename,
        "filesize": attachment.filesize,
        "content_type": attachment.content_type,
        "description": attachment.description,
        "content_url": f"{root}attachments/download/{attachment.id}/{quote(attachment.filename)}",
        "author": ref(site.catalogue.users.get(attachment.author_id)),
        "created_on": moment(attachment.created_on),
    }


def time_entry_shape(site: Site, entry: TimeEntry) -> Shape:
    """A time entry."""
    shape: Shape = {"id": entry.id, "project": ref(site.catalogue.projects.get(entry.project_id))}
    if entry.issue_id is not None:
        shape["issue"] = {"id": entry.issue_id}
    return shape | {
        "user": ref(site.catalogue.users.get(entry.user_id)),
        "activity": ref(site.catalogue.activities.get(entry.activity_id)),
        "hours": entry.hours,
        "comments": entry.comments,
        "spent_on": entry.spent_on,
        "created_on": moment(entry.created_on),
        "updated_on": moment(entry.updated_on),
    }


def version_shape(site: Site, version: Version, hours: Shape | None = None) -> Shape:
    """A version as a list shows it; `hours` are those that stand there when it is asked for alone."""
    return {
        "id": version.id,
        "project": ref(site.catalogue.projects.get(version.project_id)),
        "name": version.name,
        "description": version.description,
        "status": version.status,
        "due_date": version.due_date,
        "sharing": version.sharing,
        "wiki_page_title": None,
        **(hours or {}),
        "created_on": moment(version.created_on),
        "updated_on": moment(version.updated_on),
    }


def project_shape(site: Site, project: Project, parts: Shape, *, alone: bool = False) -> Shape:
    """A project with the included `parts`; asked for alone it has a homepage too."""
    return {
        "id": project.id,
        "name": project.name,
        "identifier": project.identifier,
        "description": None,
        **({"homepage": ""} if alone else {}),
        "status": 1,
        "is_public": False,
        "inherit_members": False,
        **parts,
        "created_on": moment(site.store.born),
        "updated_on": moment(site.store.born),
    }


def user_shape(site: Site, asker: User, user: User) -> Shape:
    """A user: mail only for administrators, key and rank also for oneself."""
    inside = asker.admin or asker.id == user.id
    shape: Shape = {"id": user.id, "login": user.login}
    if inside:
        shape["admin"] = user.admin
    shape |= {"firstname": user.firstname, "lastname": user.lastname}
    if asker.admin:
        shape["mail"] = user.mail
    born = moment(site.store.born)
    shape |= {"created_on": born, "updated_on": born, "last_login_on": None, "passwd_changed_on": born}
    return shape | ({"twofa_scheme": None} if inside else {})


def field_shape(site: Site, field: Field) -> Shape:
    """A custom field as administrators see it."""
    pairs = {"list": [(text, text) for text in field.values], "bool": [("1", "是"), ("0", "否")]}.get(
        field.format
    )
    shape: Shape = {
        **ref(field),
        "customized_type": "issue",
        "field_format": field.format,
        "regexp": field.regexp,
        "min_length": None,
        "max_length": None,
        "is_required": False,
        "is_filter": field.is_filter,
        "searchable": field.searchable,
        "multiple": False,
        "default_value": None,
        "visible": True,
    }
    if pairs:
        shape["possible_values"] = [{"value": value, "label": label} for value, label in pairs]
    shape["trackers"] = [ref(site.catalogue.trackers[number]) for number in field.tracker_ids]
    shape["roles"] = []
    return shape
