"""Issues as the pages show them: names instead of ids, notes with their links."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from svc_plugin.standins.desk.views import Entry, Fact, File, Input, Row, phrase
from svc_plugin.standins.redmine.edits import assignable_ids
from svc_plugin.standins.redmine.model import Detail, Field, Issue, Journal
from svc_plugin.standins.redmine.relations import OTHER_SIDE
from svc_plugin.standins.redmine.site import Site


def named(site: Site, attribute: str, value: str | None) -> str:
    """The name behind an id in a journal; other values as they are."""
    if not value:
        return ""
    catalogue = site.catalogue
    found: Mapping[str, Mapping[int, object]] = {
        "project_id": catalogue.projects,
        "tracker_id": catalogue.trackers,
        "status_id": catalogue.statuses,
        "priority_id": catalogue.priorities,
        "assigned_to_id": catalogue.users,
        "fixed_version_id": site.store.versions.records,
    }
    record = found[attribute].get(int(value)) if attribute in found else None
    return str(getattr(record, "name", value))


def shown(site: Site, field: Field, value: str | None, words: dict[str, str]) -> str:
    """A custom value for reading: people and versions by name, yes and no in words."""
    if not value:
        return ""
    if field.format == "bool":
        return {"1": words["yes"], "0": words["no"]}.get(value, value)
    if field.format == "user":
        return named(site, "assigned_to_id", value)
    return named(site, "fixed_version_id", value) if field.format == "version" else value


def entry(site: Site, journal: Journal, words: dict[str, str]) -> Entry:
    """A journal for reading."""
    author = site.catalogue.users.get(journal.user_id)
    lines = tuple(sentence(site, detail, words) for detail in journal.details)
    name = author.name if author else f"#{journal.user_id}"
    return Entry(name, journal.created_on, lines, journal.notes, journal.private_notes)


def sentence(site: Site, detail: Detail, words: dict[str, str]) -> str:
    """One change as a sentence, with names instead of ids."""
    old, new = detail.old_value or "", detail.new_value or ""
    label = words.get(detail.name, detail.name)
    if detail.property == "attr" and detail.name == "description":
        return f"{label} {words['changed_text']}"
    if detail.property == "attr":
        old, new = named(site, detail.name, old), named(site, detail.name, new)
        if detail.name in {"parent_id", "child_id"}:
            old, new = (f"#{number}" if number else "" for number in (old, new))
    elif detail.property == "cf":
        field = site.catalogue.fields.get(int(detail.name))
        if field is not None:
            label, old, new = field.name, shown(site, field, old, words), shown(site, field, new, words)
    elif detail.property == "relation":
        old, new = (f"#{number}" if number else "" for number in (old, new))
    else:
        label = words["file"]
    return phrase(label, old, new, words)


def facts(site: Site, issue: Issue, words: dict[str, str]) -> list[Fact]:
    """The attributes and custom fields of an issue that have a value."""
    names = ("priority_id", "assigned_to_id", "fixed_version_id")
    pairs = [(words[name], named(site, name, str(getattr(issue, name) or ""))) for name in names]
    author = named(site, "assigned_to_id", str(issue.author_id))
    pairs += [(words["author_id"], author), (words["start_date"], issue.start_date or "")]
    pairs += [(words["due_date"], issue.due_date or "")]
    if hours := site.spent(issue.id):
        pairs.append((words["hours"], f"{hours:g} h"))
    pairs += [
        (field.name, shown(site, field, issue.values.get(field.id), words))
        for field in site.catalogue.fields_of(issue.tracker_id)
    ]
    return [Fact(label, value) for label, value in pairs if value]


def row(site: Site, issue: Issue) -> Row:
    """An issue in a list."""
    catalogue = site.catalogue
    status = catalogue.statuses[issue.status_id]
    return Row(
        url=f"/issues/{issue.id}",
        name=f"#{issue.id}",
        kind=catalogue.trackers[issue.tracker_id].name,
        title=issue.subject,
        project=catalogue.projects[issue.project_id].name,
        status=status.name,
        final=status.is_closed,
        assignee=named(site, "assigned_to_id", str(issue.assigned_to_id or "")),
        updated=issue.updated_on,
    )


def files(site: Site, issue: Issue) -> list[File]:
    """The files of an issue."""
    return [
        File(
            f"/attachments/download/{one.id}/{quote(one.filename)}",
            one.filename,
            one.filesize,
            one.description or "",
        )
        for one in site.attachments_of(issue.id)
    ]


def related(site: Site, issue: Issue, words: dict[str, str]) -> list[tuple[str, Issue]]:
    """The related issues, each with the relation as seen from this one."""
    found: list[tuple[str, Issue]] = []
    for relation in site.relations_of(issue.id):
        here = relation.issue_from_id == issue.id
        other = site.store.issues.get(relation.issue_to_id if here else relation.issue_from_id)
        kind = relation.relation_type if here else OTHER_SIDE[relation.relation_type]
        if other is not None:
            found.append((words[kind], other))
    return found


def inputs(site: Site, issue: Issue, words: dict[str, str]) -> list[Input]:
    """The controls that edit an issue: attributes first, then the tracker's custom fields."""
    people = [site.catalogue.users[number] for number in sorted(assignable_ids(site, issue)) if number]
    nobody = (("", words["nobody"]),)
    controls = [
        Input("subject", words["subject"], "text", issue.subject),
        Input("description", words["description"], "area", issue.description or ""),
        Input(
            "assigned_to_id",
            words["assigned_to_id"],
            "choice",
            str(issue.assigned_to_id or ""),
            nobody + tuple((str(person.id), person.name) for person in people),
        ),
        Input(
            "priority_id",
            words["priority_id"],
            "choice",
            str(issue.priority_id),
            tuple((str(one.id), one.name) for one in site.catalogue.priorities.values()),
        ),
        Input("due_date", words["due_date"], "date", issue.due_date or ""),
    ]
    return controls + [
        _field_input(site, issue, field, words) for field in site.catalogue.fields_of(issue.tracker_id)
    ]


def _field_input(site: Site, issue: Issue, field: Field, words: dict[str, str]) -> Input:
    options: dict[str, tuple[tuple[str, str], ...]] = {
        "list": tuple((text, text) for text in field.values),
        "bool": (("1", words["yes"]), ("0", words["no"])),
        "user": tuple((str(one.id), one.name) for one in site.members(issue.project_id)),
        "version": tuple((str(one.id), one.name) for one in site.versions_of(issue.project_id)),
    }
    name, value = f"cf_{field.id}", issue.values.get(field.id) or ""
    if field.format in options:
        return Input(name, field.name, "choice", value, (("", words["empty"]), *options[field.format]))
    kind = {"text": "area", "date": "date"}.get(field.format, "text")
    return Input(name, field.name, kind, value)
