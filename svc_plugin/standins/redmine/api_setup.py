"""REST: people, projects, versions, and what the administrator set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, Response

from svc_plugin.standins.redmine import records
from svc_plugin.standins.redmine.faults import Refused
from svc_plugin.standins.redmine.listing import window
from svc_plugin.standins.redmine.model import Choice, Membership, Project, User
from svc_plugin.standins.redmine.permissions import allows, is_member
from svc_plugin.standins.redmine.shapes import (
    Shape,
    field_shape,
    project_shape,
    ref,
    status_shape,
    user_shape,
    version_shape,
)
from svc_plugin.standins.redmine.web import (
    asker,
    body,
    includes,
    known,
    project_or_refuse,
    query,
    reply,
    root,
    site,
)

api = Blueprint("api_setup", __name__)
MODULES: Final = ("issue_tracking", "time_tracking", "files")


def _paged(name: str, shapes: Sequence[Shape]) -> Response:
    offset, limit = window(query())
    numbers = {"total_count": len(shapes), "offset": offset, "limit": limit}
    return reply({name: shapes[offset : offset + limit], **numbers})


def _admin() -> User:
    user = known()
    if not user.admin:
        raise Refused(403)
    return user


@api.get("/users/current.json")
@api.get("/my/account.json")
def current() -> Response:
    """Who am I: the route to test a key with."""
    user = known()
    return _user(user, user)


@api.get("/users/<int:user_id>.json")
def user(user_id: int) -> Response:
    """A user; the mail address only for administrators."""
    asking = known()
    found = site().catalogue.users.get(user_id)
    if found is None:
        raise Refused(404)
    return _user(asking, found)


def _user(asking: User, found: User) -> Response:
    shape = user_shape(site(), asking, found)
    if asking.admin or asking.id == found.id:
        shape["api_key"] = found.api_key
    if asking.admin:
        shape["status"] = 1
    if "groups" in includes() and asking.admin:
        shape["groups"] = []
    if "memberships" in includes():
        mine = (m for m in site().catalogue.memberships if m.user_id == found.id)
        shape["memberships"] = [
            _membership(m) for m in mine if is_member(site().catalogue, asking, m.project_id)
        ]
    return reply({"user": shape})


def _membership(member: Membership) -> Shape:
    catalogue = site().catalogue
    return {
        "id": member.id,
        "project": ref(catalogue.projects[member.project_id]),
        "roles": [ref(catalogue.roles[role_id]) for role_id in member.role_ids],
    }


@api.get("/users.json")
def users() -> Response:
    """All users, by login; administrators only. `name` searches login, names and mail."""
    asking = _admin()
    wanted = query().get("name", "").lower()
    found = sorted(site().catalogue.users.values(), key=lambda one: one.login)
    texts = {one.id: " ".join((one.login, one.firstname, one.lastname, one.mail)).lower() for one in found}
    return _paged("users", [user_shape(site(), asking, one) for one in found if wanted in texts[one.id]])


@api.get("/projects.json")
def projects() -> Response:
    """The projects one is a member of; an empty list for nobody known."""
    catalogue = site().catalogue
    mine = [one for one in catalogue.projects.values() if is_member(catalogue, asker(), one.id)]
    shapes = [project_shape(site(), one, _project_includes(one, short=True)) for one in mine]
    return _paged("projects", shapes)


@api.get("/projects/<key>.json")
def project(key: str) -> Response:
    """One project by id or identifier."""
    found = project_or_refuse(key)
    parts = _project_includes(found, short=False)
    return reply({"project": project_shape(site(), found, parts, alone=True)})


def _project_includes(found: Project, *, short: bool) -> Shape:
    catalogue = site().catalogue
    seen = allows(catalogue, asker(), "view_issues", found.id)  # Redmine hides trackers from who may not
    parts: Mapping[str, Sequence[Shape]] = {
        "trackers": [ref(one) for one in catalogue.trackers.values() if seen],
        "issue_categories": [],
        "time_entry_activities": [] if short else [ref(one) for one in catalogue.activities.values()],
        "enabled_modules": [
            {"id": (found.id - 1) * len(MODULES) + index, "name": name}
            for index, name in enumerate(MODULES, start=1)
        ],
        "issue_custom_fields": [ref(one) for one in catalogue.fields.values()],
    }
    return {name: part for name, part in parts.items() if name in includes()}


@api.get("/projects/<key>/memberships.json")
def memberships(key: str) -> Response:
    """Who has which roles in a project."""
    found = project_or_refuse(key)
    catalogue = site().catalogue
    shapes: list[Shape] = []
    for member in catalogue.memberships:
        if member.project_id == found.id:
            shape = _membership(member)
            shapes.append(
                {
                    "id": shape["id"],
                    "project": shape["project"],
                    "user": ref(catalogue.users[member.user_id]),
                    "roles": shape["roles"],
                }
            )
    return _paged("memberships", shapes)


@api.get("/projects/<key>/versions.json")
def versions(key: str) -> Response:
    """The versions of a project."""
    found = site().versions_of(project_or_refuse(key).id)
    return reply({"versions": [version_shape(site(), one) for one in found], "total_count": len(found)})


@api.post("/projects/<key>/versions.json")
def create_version(key: str) -> Response:
    """Create a version."""
    made = records.create_version(site(), known(), project_or_refuse(key), body("version"))
    return reply({"version": _version(made.id)}, 201, location=f"{root()}versions/{made.id}")


@api.get("/versions/<int:version_id>.json")
def version(version_id: int) -> Response:
    """One version."""
    return reply({"version": _version(version_id)})


def _version(version_id: int) -> Shape:
    found = site().store.versions.get(version_id)
    if found is None:
        raise Refused(404)
    project_or_refuse(str(found.project_id))
    hours: Shape = {}
    if allows(site().catalogue, asker(), "view_time_entries", found.project_id):
        targeted = [one for one in site().store.issues.all() if one.fixed_version_id == found.id]
        hours["estimated_hours"] = sum((one.estimated_hours or 0.0 for one in targeted), 0.0)
        hours["spent_hours"] = sum((site().spent(one.id) for one in targeted), 0.0)
    return version_shape(site(), found, hours)


@api.get("/trackers.json")
def trackers() -> Response:
    """All trackers; anyone may ask, even with a wrong key."""
    catalogue = site().catalogue
    standard = [
        "assigned_to_id",
        "category_id",
        "fixed_version_id",
        "parent_issue_id",
        "start_date",
        "due_date",
    ]
    return reply(
        {
            "trackers": [
                {
                    **ref(one),
                    "default_status": ref(catalogue.statuses[one.default_status_id]),
                    "description": None,
                    "enabled_standard_fields": [*standard, "estimated_hours", "done_ratio", "description"],
                }
                for one in catalogue.trackers.values()
            ]
        }
    )


@api.get("/issue_statuses.json")
def issue_statuses() -> Response:
    """All statuses; anyone may ask."""
    return reply({"issue_statuses": [status_shape(one) for one in site().catalogue.statuses.values()]})


@api.get("/roles.json")
def roles() -> Response:
    """All roles; anyone may ask."""
    return reply({"roles": [ref(one) for one in site().catalogue.roles.values()]})


@api.get("/roles/<int:role_id>.json")
def role(role_id: int) -> Response:
    """One role with its permissions."""
    found = site().catalogue.roles.get(role_id)
    if found is None:
        raise Refused(404)
    visibility = dict.fromkeys(("issues_visibility", "time_entries_visibility", "users_visibility"), "all")
    return reply(
        {
            "role": {
                **ref(found),
                "assignable": found.assignable,
                **visibility,
                "permissions": list(found.permissions),
            }
        }
    )


@api.get("/custom_fields.json")
def custom_fields() -> Response:
    """All custom fields; administrators only."""
    _admin()
    return reply({"custom_fields": [field_shape(site(), one) for one in site().catalogue.fields.values()]})


@api.post("/<any(trackers, issue_statuses, roles, custom_fields):_kind>.json")
def no_administration(_kind: str) -> Response:
    """Redmine's REST cannot create these, not even for an administrator."""
    raise Refused(403 if asker() else 401)


@api.get("/enumerations/issue_priorities.json")
def priorities() -> Response:
    """All priorities."""
    return _enumeration("issue_priorities", site().catalogue.priorities)


@api.get("/enumerations/time_entry_activities.json")
def activities() -> Response:
    """All activities of time entries."""
    return _enumeration("time_entry_activities", site().catalogue.activities)


def _enumeration(name: str, choices: Mapping[int, Choice]) -> Response:
    return reply({name: [{**ref(c), "is_default": c.is_default, "active": True} for c in choices.values()]})
