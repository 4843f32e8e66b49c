"""The fields that every Jira has, as far as the stand-in knows them, and those it says it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from svc_plugin.standins.jira.contexts import Context, context_for
from svc_plugin.standins.jira.plan import FieldKind


@dataclass(slots=True)
class FieldDef:
    """A field: ``changed_as`` is the name in changelogs, with Jira's uneven case.

    ``contexts`` say where a custom field is there; ``options`` are those of all of them.
    """

    id: str
    name: str
    changed_as: str
    kind: str
    custom: bool = False
    contexts: list[Context] = field(default_factory=list[Context])
    on_screens: bool = True
    searchable: bool = True
    options: dict[str, str] = field(default_factory=dict[str, str])


_FIELDS: Final = (
    ("summary", "Summary", "summary", "line"),
    ("description", "Description", "description", "text"),
    ("issuetype", "Issue Type", "issuetype", "issuetype"),
    ("project", "Project", "project", "project"),
    ("priority", "Priority", "priority", "priority"),
    ("assignee", "Assignee", "assignee", "user"),
    ("reporter", "Reporter", "reporter", "user"),
    ("labels", "Labels", "labels", "labels"),
    ("fixVersions", "Fix versions", "Fix Version", "versions"),
    ("duedate", "Due date", "duedate", "date"),
    ("resolution", "Resolution", "resolution", "resolution"),
    ("status", "Status", "status", "read"),
    ("statuscategorychangedate", "Status Category Changed", "", "read"),
    ("resolutiondate", "Resolved", "", "read"),
    ("creator", "Creator", "", "read"),
    ("created", "Created", "", "read"),
    ("updated", "Updated", "", "read"),
    ("comment", "Comment", "Comment", "comment"),
    ("worklog", "Log Work", "", "read"),
    ("attachment", "Attachment", "Attachment", "read"),
    ("issuelinks", "Linked Issues", "Link", "links"),
    ("subtasks", "Sub-tasks", "", "read"),
    ("watches", "Watchers", "", "read"),
    ("timespent", "Time Spent", "timespent", "read"),
)
CLOUD_ONLY: Final = frozenset({"statuscategorychangedate"})
# on a Jira, but not here: said aloud instead of ignored
BEYOND: Final = frozenset(
    {
        "components",
        "environment",
        "parent",
        "security",
        "timetracking",
        "versions",
        "votes",
        "progress",
        "workratio",
        "lastViewed",
        "aggregateprogress",
        "timeestimate",
        "timeoriginalestimate",
        "aggregatetimespent",
    }
)
TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "line": "string",
        "text": "string",
        "select": "option",
        "date": "date",
        "datetime": "datetime",
        "number": "number",
        "user": "user",
        "priority": "priority",
        "resolution": "resolution",
        "issuetype": "issuetype",
        "project": "project",
        "labels": "array",
        "versions": "array",
        "comment": "comments-page",
        "links": "array",
    }
)
CUSTOM_TYPES: Final[Mapping[FieldKind, str]] = MappingProxyType(
    {
        "line": "textfield",
        "text": "textarea",
        "select": "select",
        "date": "datepicker",
        "datetime": "datetime",
        "number": "float",
        "user": "userpicker",
    }
)
CUSTOM_PREFIX: Final = "com.atlassian.jira.plugin.system.customfieldtypes:"


def system_fields() -> list[FieldDef]:
    """The system fields."""
    return [FieldDef(*one) for one in _FIELDS]


def offered(one: FieldDef, project: str) -> dict[str, str]:
    """The options that a field of choices offers in a project, by its id."""
    found = context_for(one.contexts, project)
    return {number: one.options[number] for number in found.options} if found else {}


def schema(one: FieldDef) -> dict[str, object]:
    """The JSON type of a field, as field lists and screens give it."""
    kind = TYPES.get(one.kind, _READ_TYPES.get(one.id, "string"))
    found: dict[str, object] = {"type": kind}
    if kind == "array":
        found["items"] = {"labels": "string", "versions": "version"}.get(one.kind, "issuelinks")
    if one.custom:
        found["custom"] = CUSTOM_PREFIX + CUSTOM_TYPES[cast("FieldKind", one.kind)]
        found["customId"] = int(one.id.removeprefix("customfield_"))
    else:
        found["system"] = one.id
    return found


_READ_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "status": "status",
        "creator": "user",
        "created": "datetime",
        "updated": "datetime",
        "resolutiondate": "datetime",
        "statuscategorychangedate": "datetime",
        "timespent": "number",
        "watches": "watches",
        "attachment": "attachment",
        "worklog": "worklog",
        "subtasks": "issuelinks",
    }
)
