"""Creating and changing issues: what was asked for and found good is applied, noted and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from svc_plugin.standins.jira import events, journal
from svc_plugin.standins.jira.catalogue import IssueType, Project, Transition
from svc_plugin.standins.jira.comments import add_comment
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.links import add_link_from
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import History, Issue
from svc_plugin.standins.jira.wanted import Wanted


def create(site: Site, person: Person, project: Project, kind: IssueType, wanted: Wanted) -> Issue:
    """Create the issue. Raises ``Refused`` (400) when a required field is missing."""
    values = {
        "priority": _usual_priority(site),
        "labels": (),
        "fixVersions": (),
        "reporter": person.name,
        **wanted.values,
    }
    missing = {
        name: f"{site.catalogue.fields[name].name} is required."
        for name in ("summary", *kind.required)
        if values.get(name) is None
    }
    if missing:
        named = {"summary": "You must specify a summary of the issue."}
        raise Refused(400, errors={name: named.get(name, said) for name, said in missing.items()})
    now = site.now()
    values |= {"status": kind.statuses[0], "statuscategorychangedate": now}
    number = site.state.next_id(f"key {project.key}", 1)
    issue = Issue(
        site.state.next_id("issue", 10001),
        f"{project.key}-{number}",
        project.key,
        kind.id,
        person,
        now,
        now,
        values,
    )
    issue.watchers.append(person)
    site.state.issues[issue.id] = issue
    site.index(issue)
    items = journal.differences(site, {"labels": (), "fixVersions": ()}, values)
    events.issue_created(site, issue, person, items)
    _break_off(site)
    _extras(site, person, issue, wanted)
    return issue


def _usual_priority(site: Site) -> str:
    ids = list(site.catalogue.priorities)
    return ids[len(ids) // 2]


def edit(site: Site, person: Person, issue: Issue, wanted: Wanted, event: str = "issue_updated") -> None:
    """Apply the values, then the comments and links; tell the webhooks once of the values."""
    entry = _apply(site, person, issue, wanted.values)
    if entry is not None:
        only_assignee = {item.field_id for item in entry.items} == {"assignee"}
        name = "issue_assigned" if only_assignee and event == "issue_updated" else event
        events.issue_updated(site, issue, person, entry, name)
    _break_off(site)
    _extras(site, person, issue, wanted)


def _apply(site: Site, person: Person, issue: Issue, values: Mapping[str, object]) -> History | None:
    items = journal.differences(site, issue.values, {**issue.values, **values})
    issue.values |= values
    return journal.write(site, issue, person, items)


def _break_off(site: Site) -> None:
    """Stop half way when a test asked for it."""
    fault, site.faults.half = site.faults.half, None
    if fault is not None:
        raise Refused(fault.status, "Internal server error")


def _extras(site: Site, person: Person, issue: Issue, wanted: Wanted) -> None:
    for one in wanted.comments:
        add_comment(site, person, issue, one)
    for one in wanted.links:
        add_link_from(site, person, issue, one)


def open_transitions(site: Site, person: Person, issue: Issue) -> list[Transition]:
    """The transitions that a person may do now: forbidden ones are absent, as hidden ones are."""
    kind = site.type_of(issue)
    if not site.may(person, "TRANSITION_ISSUES", issue.project):
        return []
    roles = site.roles(person, issue.project)
    return [
        one
        for one in kind.transitions
        if (not one.sources or issue.status_id in one.sources)
        and (not one.plan.roles or roles & set(one.plan.roles))
        and (issue.key, one.plan.to) not in site.faults.closed
    ]


def transition(site: Site, person: Person, issue: Issue, one: Transition, wanted: Wanted) -> None:
    """Move the issue. Raises ``Refused`` (400) when a field that the transition requires has no value."""
    after = {**issue.values, **wanted.values}
    missing = {
        name: f"{site.catalogue.fields[name].name} is required."
        for name in one.required
        if after.get(name) in (None, ())
    }
    if missing:
        raise Refused(400, errors=missing)
    values = dict(wanted.values)
    target = site.catalogue.statuses[one.to]
    values["status"] = one.to
    if target.category != site.status_of(issue).category:
        values["statuscategorychangedate"] = site.now()
    values |= _resolution(site, issue, one, values)
    edit(site, person, issue, replace(wanted, values=values), event=one.plan.event)


def _resolution(site: Site, issue: Issue, one: Transition, values: Mapping[str, object]) -> dict[str, object]:
    """What the workflow does with the resolution; its date follows."""
    found = values.get("resolution", issue.values.get("resolution"))
    if "resolution" not in values:
        if one.plan.resolution is None and not site.faults.keep_resolution:
            found = None
        elif one.plan.resolution:
            names = {choice.name: number for number, choice in site.catalogue.resolutions.items()}
            found = names[one.plan.resolution]
    if found == issue.values.get("resolution"):
        return {}
    return {"resolution": found, "resolutiondate": None if found is None else site.now()}
