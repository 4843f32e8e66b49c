"""The unchanging half of a Redmine, read from a blueprint: statuses, trackers, fields, roles, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from svc_plugin.standins.redmine.blueprint import Numbers, Row, rows
from svc_plugin.standins.redmine.model import (
    Choice,
    Field,
    Hook,
    Membership,
    Project,
    Role,
    Status,
    Tracker,
    User,
)

FORMATS: Final = ("list", "string", "text", "date", "int", "float", "bool", "user", "version")
PRIORITIES: Final = ("低", "普通", "高", "紧急", "立刻")
# Redmine keeps priorities and activities in one table, and its defaults leave activities at 8.
FIRST_ACTIVITY: Final = 8

Moves = Mapping[tuple[int, int], frozenset[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a blueprint says, by id.

    `moves` holds pairs of status ids (old, new) by (role, tracker); old 0 stands for a new issue.
    """

    statuses: Mapping[int, Status]
    trackers: Mapping[int, Tracker]
    fields: Mapping[int, Field]
    roles: Mapping[int, Role]
    moves: Moves
    priorities: Mapping[int, Choice]
    activities: Mapping[int, Choice]
    projects: Mapping[int, Project]
    users: Mapping[int, User]
    memberships: tuple[Membership, ...]
    hooks: tuple[Hook, ...]

    def fields_of(self, tracker_id: int) -> tuple[Field, ...]:
        """The custom fields of a tracker, by id."""
        return tuple(field for field in self.fields.values() if tracker_id in field.tracker_ids)

    def project(self, key: object) -> Project | None:
        """The project of an id or an identifier, None when there is none."""
        for project in self.projects.values():
            if str(key) in {str(project.id), project.identifier}:
                return project
        return None


def read_catalogue(blueprint: Mapping[str, object], numbers: Numbers) -> Catalogue:
    """Read a blueprint.

    `numbers` gives each name its id: the same one as in earlier runs with the same state file.
    Raises ValueError naming the entry, the value and the fix when a name is unknown or a shape is wrong.
    """
    statuses = {
        row.id: Status(row.id, row.name, row.flag("is_closed"))
        for row in rows(blueprint, "statuses", numbers)
    }
    status_ids = {status.name: status.id for status in statuses.values()}
    trackers = {row.id: _tracker(row, status_ids) for row in rows(blueprint, "trackers", numbers)}
    tracker_ids = {tracker.name: tracker.id for tracker in trackers.values()}
    fields = {row.id: _field(row, tracker_ids) for row in rows(blueprint, "custom_fields", numbers)}
    roles = {
        row.id: Role(row.id, row.name, row.texts("permissions"), row.flag("assignable"))
        for row in rows(blueprint, "roles", numbers)
    }
    role_ids = {role.name: role.id for role in roles.values()}
    projects = {
        row.id: Project(row.id, row.text("identifier"), row.text("name"))
        for row in rows(blueprint, "projects", numbers, key="identifier")
    }
    users = {row.id: _user(row) for row in rows(blueprint, "users", numbers, key="login")}
    logins = {user.login: user.id for user in users.values()}
    return Catalogue(
        statuses=statuses,
        trackers=trackers,
        fields=fields,
        roles=roles,
        moves=_moves(blueprint, role_ids, tracker_ids, status_ids),
        priorities={n: Choice(n, name, n == 2) for n, name in enumerate(PRIORITIES, start=1)},
        activities=_activities(blueprint, numbers),
        projects=projects,
        users=users,
        memberships=_memberships(
            blueprint, {p.identifier: p.id for p in projects.values()}, logins, role_ids
        ),
        hooks=_hooks(blueprint, logins),
    )


def _tracker(row: Row, status_ids: Mapping[str, int]) -> Tracker:
    return Tracker(
        row.id, row.name, row.known("default_status", status_ids), row.all_known("statuses", status_ids)
    )


def _field(row: Row, tracker_ids: Mapping[str, int]) -> Field:
    kind = row.text("format")
    if kind not in FORMATS:
        raise row.fault("format", kind, f"use one of {', '.join(FORMATS)}")
    return Field(
        id=row.id,
        name=row.name,
        format=kind,
        values=row.texts("possible_values"),
        regexp=row.text("regexp"),
        tracker_ids=row.all_known("trackers", tracker_ids),
        searchable=row.flag("searchable"),
        is_filter=row.flag("is_filter"),
    )


def _user(row: Row) -> User:
    return User(
        id=row.id,
        login=row.name,
        firstname=row.text("firstname"),
        lastname=row.text("lastname"),
        mail=row.text("mail"),
        password=row.text("password"),
        api_key=row.text("api_key"),
        admin=row.flag("admin"),
    )


def _moves(
    blueprint: Mapping[str, object],
    role_ids: Mapping[str, int],
    tracker_ids: Mapping[str, int],
    status_ids: Mapping[str, int],
) -> Moves:
    known = {"": 0, **status_ids}
    moves: dict[tuple[int, int], frozenset[tuple[int, int]]] = {}
    for row in rows(blueprint, "workflow", None):
        key = (row.known("role", role_ids), row.known("tracker", tracker_ids))
        allowed = frozenset((old, new) for old, new in row.pairs("moves", known))
        moves[key] = moves.get(key, frozenset()) | allowed
    return moves


def _activities(blueprint: Mapping[str, object], numbers: Numbers) -> dict[int, Choice]:
    names = Row("blueprint", 0, "", blueprint).texts("activities")
    ids = [numbers.of("activities", name, FIRST_ACTIVITY) for name in names]
    return {number: Choice(number, name, number == ids[0]) for number, name in zip(ids, names, strict=True)}


def _memberships(
    blueprint: Mapping[str, object],
    project_ids: Mapping[str, int],
    logins: Mapping[str, int],
    role_ids: Mapping[str, int],
) -> tuple[Membership, ...]:
    return tuple(
        Membership(
            number,
            row.known("project", project_ids),
            row.known("login", logins),
            row.all_known("roles", role_ids),
        )
        for number, row in enumerate(rows(blueprint, "memberships", None), start=1)
    )


def _hooks(blueprint: Mapping[str, object], logins: Mapping[str, int]) -> tuple[Hook, ...]:
    return tuple(
        Hook(row.text("url"), row.text("secret"), row.known("login", logins))
        for row in rows(blueprint, "hooks", None)
    )
