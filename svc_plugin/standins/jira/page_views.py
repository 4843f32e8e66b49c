"""Issues as the pages show them: names instead of ids, comments without their markup."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, cast
from urllib.parse import quote

from svc_plugin.standins.desk.views import Choices, Entry, Fact, File, Input, Row, phrase
from svc_plugin.standins.jira.json_values import texts
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Issue, Item
from svc_plugin.standins.jira.system_fields import FieldDef
from svc_plugin.standins.jira.values import number_text, said

_ESCAPED: Final = re.compile(r"\\([\\{}\[\]|!*_^~+#-])")
_SHOWN: Final = ("priority", "fixVersions", "duedate", "resolution")
_SYSTEM: Final = ("summary", "description", "assignee", "priority", "fixVersions", "duedate")
_KINDS: Final = {"text": "area", "date": "date", "datetime": "datetime-local", "number": "number"}
_SECONDS_AN_HOUR: Final = 3600


def rendered(markup: str) -> str:
    """Wiki markup as Jira shows it, as far as the product writes any: escapes are gone."""
    return _ESCAPED.sub(r"\1", markup)


def row(site: Site, issue: Issue) -> Row:
    """An issue in a list."""
    status = site.status_of(issue)
    return Row(
        url=f"/browse/{issue.key}",
        name=issue.key,
        kind=site.type_of(issue).name,
        title=str(issue.values.get("summary") or ""),
        project=site.project_of(issue).plan.name,
        status=status.name,
        final=status.category == "done",
        assignee=_person(site, issue.values.get("assignee")),
        updated=issue.updated,
    )


def _person(site: Site, name: object) -> str:
    return site.catalogue.people[str(name)].display_name if name else ""


def facts(site: Site, issue: Issue, words: dict[str, str]) -> list[Fact]:
    """The fields of an issue that have a value."""
    catalogue = site.catalogue
    fields = [catalogue.fields[name] for name in _SHOWN]
    fields += [one for one in catalogue.fields_of(issue.type_id, issue.project) if one.custom]
    hours = sum(one.seconds for one in issue.worklogs) / _SECONDS_AN_HOUR
    pairs = [
        (words["assignee"], _person(site, issue.values.get("assignee"))),
        (words["author"], issue.creator.display_name),
        *((words.get(one.id, one.name), shown(site, one, issue.values.get(one.id))) for one in fields),
        (words["worklog"], f"{hours:g} h" if hours else ""),
        (words["watches"], ", ".join(one.display_name for one in issue.watchers)),
    ]
    return [Fact(label, value) for label, value in pairs if value]


def shown(site: Site, field: FieldDef, value: object) -> str:
    """A stored value for reading."""
    if value is None or value == ():
        return ""
    match field.kind:
        case "versions":
            return ", ".join(site.state.versions[one].name for one in texts(value))
        case "datetime":
            return f"{cast('datetime', value).astimezone(site.zone):%Y-%m-%d %H:%M}"
        case "date":
            return str(value)
        case "text":
            return rendered(str(value))
        case _:
            return said(site, field, value)[1] or ""


def inputs(site: Site, project: str, type_id: str, issue: Issue | None, words: dict[str, str]) -> list[Input]:
    """The controls that make or edit an issue: Jira's own fields first, then those of the type."""
    catalogue = site.catalogue
    fields = [catalogue.fields[name] for name in _SYSTEM]
    fields += [one for one in catalogue.fields_of(type_id, project) if one.custom and one.on_screens]
    values = issue.values if issue else {}
    return [_input(site, project, one, values.get(one.id), words) for one in fields]


def _input(site: Site, project: str, field: FieldDef, value: object, words: dict[str, str]) -> Input:
    label = words.get(field.id, field.name)
    options: dict[str, Choices] = {
        "select": list(field.options.items()),
        "user": [(one.name, one.display_name) for one in site.catalogue.people.values()],
        "priority": [(one.id, one.name) for one in site.catalogue.priorities.values()],
        "versions": [(one.id, one.name) for one in site.state.versions.values() if one.project == project],
    }
    if field.kind in options:
        several = texts(value)
        chosen = several[0] if several else "" if field.kind == "versions" else str(value or "")
        return Input(field.id, label, "choice", chosen, (("", words["empty"]), *options[field.kind]))
    return Input(field.id, label, _KINDS.get(field.kind, "text"), _typed(site, field, value))


def _typed(site: Site, field: FieldDef, value: object) -> str:
    if value is None:
        return ""
    if field.kind == "datetime":
        return f"{cast('datetime', value).astimezone(site.zone):%Y-%m-%dT%H:%M}"
    return number_text(float(str(value))) if field.kind == "number" else str(value)


def stored(site: Site, field: FieldDef, text: str) -> object:
    """What a person typed, as REST takes it."""
    if not text:
        return [] if field.kind == "versions" else None
    found: object = text
    if field.kind in {"select", "priority"}:
        found = {"id": text}
    elif field.kind == "versions":
        found = [{"id": text}]
    elif field.kind == "user":
        person = site.catalogue.people[text]
        found = {"accountId": person.account_id} if site.cloud else {"name": person.name}
    elif field.kind == "number":
        found = float(text)
    elif field.kind == "datetime":
        found = f"{datetime.fromisoformat(text).replace(tzinfo=site.zone):%Y-%m-%dT%H:%M:%S.000%z}"
    return found


def entries(site: Site, person: Person, issue: Issue, words: dict[str, str]) -> list[Entry]:
    """The changelog and the comments that a person may read, oldest first."""
    found = [
        Entry(one.author.display_name, one.created, tuple(_sentence(item, words) for item in one.items))
        for one in issue.histories
    ]
    found += [
        Entry(one.author.display_name, one.created, (), rendered(one.body), one.visibility is not None)
        for one in issue.comments
        if site.sees(person, issue, one)
    ]
    return sorted(found, key=lambda one: one.at)


def _sentence(item: Item, words: dict[str, str]) -> str:
    label = words.get(item.field_id, item.field)
    if item.field_id == "description":
        return f"{label} {words['changed_text']}"
    return phrase(label, item.old[1] or "", item.new[1] or "", words)


def related(site: Site, issue: Issue) -> list[tuple[str, Issue]]:
    """The linked issues, each with the link as read from this one."""
    found: list[tuple[str, Issue]] = []
    for link in site.state.links_of(issue):
        kind = site.catalogue.link_types[link.type_id]
        outward = link.source == issue.id
        other = site.state.issues[link.target if outward else link.source]
        found.append((kind.outward if outward else kind.inward, other))
    return found


def files(issue: Issue) -> list[File]:
    """The files of an issue."""
    return [
        File(f"/files/{one.id}/{quote(one.name)}", one.name, len(one.content)) for one in issue.attachments
    ]
