"""Lists: which issues and time entries a request asks for, in what order, and which page of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from svc_plugin.standins.redmine.faults import Refused
from svc_plugin.standins.redmine.filters import Column, matcher
from svc_plugin.standins.redmine.model import Field, Issue, TimeEntry, User
from svc_plugin.standins.redmine.permissions import allows, is_member, sees_issue
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import decimal, is_date, whole

R = TypeVar("R", Issue, TimeEntry)
Query = Mapping[str, str]

FIELD_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"int": "number", "float": "number", "date": "date", "string": "text", "text": "text"}
)

SORT_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "issue_id",
        "project": "project_id",
        "tracker": "tracker_id",
        "status": "status_id",
        "priority": "priority_id",
        "author": "author_id",
        "assigned_to": "assigned_to_id",
        "fixed_version": "fixed_version_id",
        "parent": "parent_id",
    }
)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list with the numbers Redmine answers beside it."""

    records: Sequence[R]
    total_count: int
    offset: int
    limit: int

    @property
    def numbers(self) -> dict[str, object]:
        """total_count, offset and limit."""
        return {"total_count": self.total_count, "offset": self.offset, "limit": self.limit}


def window(query: Query) -> tuple[int, int]:
    """Offset and limit: a limit above 100 is 100, a bad one 25, a bad offset 0; `page` counts from 1."""
    limit = whole(query.get("limit"))
    limit = 25 if limit is None or limit < 1 else min(limit, 100)
    page = whole(query.get("page")) or 1
    offset = whole(query.get("offset"))
    if offset is None or offset < 0:
        offset = (max(page, 1) - 1) * limit if "offset" not in query else 0
    return offset, limit


def page_of(records: Sequence[R], query: Query) -> Page[R]:
    """The page of a list that a request asks for."""
    offset, limit = window(query)
    return Page(records[offset : offset + limit], len(records), offset, limit)


def find_issues(site: Site, user: User | None, query: Query) -> list[Issue]:
    """The issues a request asks for; open ones, newest first, when it does not say.

    An unknown filter or sort key is ignored and everything comes back, as in Redmine.
    Raises Refused(404) or (403) for a project that is unknown or not the user's, Invalid for a bad date.
    """
    check_project(site, user, query)
    columns = {column.name: column for column in _issue_columns(site, user)}
    tests = [_status_test(site, query.get("status_id", "open"))]
    for name, expression in query.items():
        if name == "project_id":
            tests.append(_project_test(site, expression))
        elif name in columns:
            tests.append(matcher(columns[name], _for_me(user, name, expression)))
    found = [
        issue
        for issue in site.store.issues.all()
        if sees_issue(site.catalogue, user, issue) and all(test(issue) for test in tests)
    ]
    extra: list[Column[Issue]] = [
        Column("status_id", "choice", lambda issue: issue.status_id),
        Column("project_id", "choice", lambda issue: issue.project_id),
    ]
    return ordered(found, query.get("sort", ""), columns | {column.name: column for column in extra})


def check_project(site: Site, user: User | None, query: Query) -> None:
    """Raise Refused when `project_id` names one project that is unknown (404) or not the user's (403)."""
    key = query.get("project_id", "")
    if not key or "|" in key or key.startswith("!"):
        return
    project = site.catalogue.project(key)
    if project is None:
        raise Refused(404)
    if not is_member(site.catalogue, user, project.id):
        raise Refused(403 if user else 401)


def _project_test(site: Site, expression: str) -> Callable[[Issue], bool]:
    negated = expression.startswith("!")
    projects = (site.catalogue.project(key) for key in expression.removeprefix("!").split("|"))
    ids = {project.id for project in projects if project is not None}
    return lambda issue: (issue.project_id in ids) != negated


def _status_test(site: Site, expression: str) -> Callable[[Issue], bool]:
    named: Mapping[str, Callable[[Issue], bool]] = {
        "*": lambda _: True,
        "": site.is_open,
        "open": site.is_open,
        "o": site.is_open,
        "closed": lambda issue: not site.is_open(issue),
        "c": lambda issue: not site.is_open(issue),
    }
    if expression in named:
        return named[expression]
    status: Column[Issue] = Column("status_id", "choice", lambda issue: issue.status_id)
    return matcher(status, expression)


def _for_me(user: User | None, name: str, expression: str) -> str:
    if user is None or name not in {"assigned_to_id", "author_id", "user_id"}:
        return expression
    return "|".join(str(user.id) if part == "me" else part for part in expression.split("|"))


def _issue_columns(site: Site, user: User | None) -> list[Column[Issue]]:
    columns: list[Column[Issue]] = [
        Column("issue_id", "choice", lambda issue: issue.id),
        Column("id", "choice", lambda issue: issue.id),
        Column("tracker_id", "choice", lambda issue: issue.tracker_id),
        Column("priority_id", "choice", lambda issue: issue.priority_id),
        Column("author_id", "choice", lambda issue: issue.author_id),
        Column("assigned_to_id", "choice", lambda issue: issue.assigned_to_id),
        Column("fixed_version_id", "choice", lambda issue: issue.fixed_version_id),
        Column("parent_id", "choice", lambda issue: issue.parent_id),
        Column("subject", "text", lambda issue: issue.subject),
        Column("description", "text", lambda issue: issue.description),
        Column("created_on", "moment", lambda issue: issue.created_on),
        Column("updated_on", "moment", lambda issue: issue.updated_on),
        Column("closed_on", "moment", lambda issue: issue.closed_on),
        Column("start_date", "date", lambda issue: issue.start_date),
        Column("due_date", "date", lambda issue: issue.due_date),
        Column("done_ratio", "number", lambda issue: issue.done_ratio),
        Column("estimated_hours", "number", lambda issue: issue.estimated_hours),
    ]
    if user is not None:
        columns += [_field_column(field) for field in site.catalogue.fields.values() if field.is_filter]
    return columns


def _field_column(field: Field) -> Column[Issue]:
    return Column(
        f"cf_{field.id}", FIELD_KINDS.get(field.format, "choice"), lambda issue: issue.values.get(field.id)
    )


def sort_key(column: Column[R]) -> Callable[[R], tuple[bool, float, str]]:
    """A key that puts the empty first, numbers by size, moments and texts by their letters."""

    def key(record: R) -> tuple[bool, float, str]:
        value = column.read(record)
        if value is None or value == "":
            return (False, 0.0, "")
        number = decimal(value) if column.kind in {"number", "choice"} else None
        if number is not None:
            return (True, number, "")
        return (True, 0.0, value.isoformat() if isinstance(value, datetime) else str(value))

    return key


def ordered(records: Sequence[R], sort: str, columns: Mapping[str, Column[R]]) -> list[R]:
    """The records by the keys of `sort` ("updated_on:asc,id:asc"), ties newest first; others are ignored."""
    found = sorted(records, key=lambda record: -record.id)
    for part in reversed([part.strip() for part in sort.split(",") if part.strip()]):
        name, _, direction = part.partition(":")
        column = columns.get(SORT_NAMES.get(name, name))
        if column is not None:
            found.sort(key=sort_key(column), reverse=direction == "desc")
    return found


def _time_columns() -> list[Column[TimeEntry]]:
    return [
        Column("issue_id", "choice", lambda entry: entry.issue_id),
        Column("user_id", "choice", lambda entry: entry.user_id),
        Column("activity_id", "choice", lambda entry: entry.activity_id),
        Column("spent_on", "date", lambda entry: entry.spent_on),
        Column("hours", "number", lambda entry: entry.hours),
        Column("comments", "text", lambda entry: entry.comments),
    ]


def find_times(site: Site, user: User | None, query: Query) -> list[TimeEntry]:
    """The time entries a request asks for, latest day first.

    Filters: issue_id, project_id, user_id, activity_id, spent_on, from, to, hours, comments. Others are
    ignored; so is updated_on, which Redmine 5.0 has not. Raises as find_issues.
    """
    check_project(site, user, query)
    columns = {column.name: column for column in _time_columns()}
    tests = [
        matcher(columns[name], _for_me(user, name, text)) for name, text in query.items() if name in columns
    ]
    low, high = query.get("from", ""), query.get("to", "")
    tests += [matcher(columns["spent_on"], f">={low}")] if is_date(low) else []
    tests += [matcher(columns["spent_on"], f"<={high}")] if is_date(high) else []
    project = site.catalogue.project(query.get("project_id"))
    found = [
        entry
        for entry in site.store.times.all()
        if allows(site.catalogue, user, "view_time_entries", entry.project_id)
        and (project is None or entry.project_id == project.id)
        and all(test(entry) for test in tests)
    ]
    return ordered(found, query.get("sort", "spent_on:desc"), columns)
