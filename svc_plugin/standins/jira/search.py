"""Finding issues by JQL, in an index that on Cloud may lag behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from svc_plugin.standins.jira import jql
from svc_plugin.standins.jira.errors import Refused, Unknown
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Indexed, Issue
from svc_plugin.standins.jira.system_fields import FieldDef


@dataclass(frozen=True, slots=True)
class Hit:
    """An issue as the index knows it."""

    issue: Issue
    indexed: Indexed


Test: TypeAlias = Callable[[Hit], bool]


def find(site: Site, person: Person, query: jql.Query, fresh: Collection[int] = ()) -> list[Hit]:
    """The issues that fit and that the person may see, in order; those in ``fresh`` are never stale.

    Raises ``Refused`` (400) for values that do not exist, ``Unknown`` for fields beyond the stand-in.
    """
    tests = [_test(site, person, clause) for clause in query.clauses]
    hits = [
        Hit(issue, indexed)
        for issue in site.state.issues.values()
        if site.may(person, "BROWSE_PROJECTS", issue.project)
        and (indexed := _indexed(site, issue, lagging=issue.id not in fresh)) is not None
    ]
    hits = [hit for hit in hits if all(fits(hit) for fits in tests)]
    return sorted(hits, key=lambda hit: place(site, hit, query))


def _indexed(site: Site, issue: Issue, *, lagging: bool) -> Indexed | None:
    lag = site.faults.search_lag if lagging and site.cloud else timedelta()
    known = [one for one in issue.indexed if one.since <= site.now() - lag] if lag else issue.indexed
    return known[-1] if known else None


def place(site: Site, hit: Hit, query: jql.Query) -> tuple[float, ...]:
    """Where a hit stands in the order that was asked for; no two stand at the same place."""
    order = query.order or (("created", True),)
    return (*(_rank(site, hit, name) * (-1 if falling else 1) for name, falling in order), hit.issue.id)


def _rank(site: Site, hit: Hit, by: str) -> float:
    if by == "key":
        keys = sorted(one.key for one in site.catalogue.projects.values())
        return keys.index(hit.issue.project) * 1e9 + hit.issue.id
    return (hit.indexed.updated if by == "updated" else hit.issue.created).timestamp()


def _test(site: Site, person: Person, clause: jql.Clause) -> Test:
    """What a clause asks of an issue; read to the end even if there is no issue to ask."""
    if clause.field in {"updated", "created"}:
        return _time_test(person, clause)
    if clause.field == "project":
        keys = {_project(site, person, value) for value in clause.values}
        return lambda hit: hit.issue.project in keys
    if clause.field == "key":
        ids = {_existing(site, person, value) for value in clause.values}
        return lambda hit: hit.issue.id in ids
    if clause.field == "issuetype":
        types = _all_named(clause, {one.id: one.name for one in site.catalogue.types.values()})
        return lambda hit: hit.issue.type_id in types
    if clause.field == "status":
        statuses = _all_named(clause, {one.id: one.name for one in site.catalogue.statuses.values()})
        return lambda hit: hit.indexed.values["status"] in statuses
    return _custom_test(site, clause)


def _time_test(person: Person, clause: jql.Clause) -> Test:
    limit = jql.moment(clause.field, clause.values[0], ZoneInfo(person.time_zone))
    fits = jql.COMPARE[clause.operator]
    if clause.field == "updated":
        return lambda hit: fits(hit.indexed.updated, limit)
    return lambda hit: fits(hit.issue.created, limit)


def _custom_test(site: Site, clause: jql.Clause) -> Test:
    field = _field(site, clause.field)
    if field.kind in {"line", "text"} and clause.operator == "~":
        return lambda hit: _says(str(hit.indexed.values.get(field.id) or ""), clause.values[0])
    if field.kind in {"line", "text"}:
        sign = clause.operator.lower()
        raise Refused(400, f"The operator '{sign}' is not supported by the '{clause.field}' field.")
    if field.kind == "select" and clause.operator != "~":
        ids = _all_named(clause, field.options)
        return lambda hit: hit.indexed.values.get(field.id) in ids
    raise Unknown(f"JQL {clause.operator!r} on field {clause.field!r}")


def _says(text: str, wanted: str) -> bool:
    """Whether all words of ``wanted`` stand in ``text``; within quotation marks they stand side by side."""
    words, asked = re.findall(r"\w+", text.lower()), re.findall(r"\w+", wanted.lower())
    if wanted.startswith('"') and wanted.endswith('"'):
        return any(words[n : n + len(asked)] == asked for n in range(len(words)))
    return bool(asked) and set(asked) <= set(words)


def _field(site: Site, name: str) -> FieldDef:
    number = re.fullmatch(r"cf\[(\d+)]", name)
    for one in site.catalogue.fields.values():
        by_number = number is not None and one.id == f"customfield_{number[1]}"
        if one.custom and (by_number or one.name.lower() == name.lower()):
            if not one.searchable:
                raise Refused(400, f"The field '{name}' cannot be searched: it has no searcher.")
            return one
    if number:
        raise Refused(400, f"Field '{name}' does not exist or you do not have permission to view it.")
    raise Unknown(f"JQL field {name!r}")


def _project(site: Site, person: Person, value: str) -> str:
    for one in site.catalogue.projects.values():
        named = value.lower() in {one.id, one.key.lower(), one.plan.name.lower()}
        if named and site.may(person, "BROWSE_PROJECTS", one.key):
            return one.key
    raise Refused(400, f"The value '{value}' does not exist for the field 'project'.")


def _existing(site: Site, person: Person, value: str) -> int:
    found = site.find(value)
    if found is None or not site.may(person, "BROWSE_PROJECTS", found.project):
        word = "id" if value.isdecimal() else "key"
        raise Refused(400, f"An issue with {word} '{value}' does not exist for field '{word}'.")
    return found.id


def _all_named(clause: jql.Clause, names: Mapping[str, str]) -> set[str]:
    return {_named(clause.field, names, value) for value in clause.values}


def _named(field: str, names: Mapping[str, str], value: str) -> str:
    for number, name in names.items():
        if value == number or value.lower() == name.lower():
            return number
    raise Refused(400, f"The value '{value}' does not exist for the field '{field}'.")
