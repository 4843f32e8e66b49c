"""The changelog: what differs between two states of an issue's values."""

from __future__ import annotations

from collections.abc import Mapping

from svc_plugin.standins.jira.json_values import texts
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import History, Issue, Item
from svc_plugin.standins.jira.system_fields import FieldDef
from svc_plugin.standins.jira.values import said

_UNLOGGED = frozenset({"resolutiondate", "statuscategorychangedate"})


def differences(site: Site, before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Item, ...]:
    """The changed fields, one item each; versions have one for each that came or went."""
    found: list[Item] = []
    for name, field in site.catalogue.fields.items():
        old, new = before.get(name), after.get(name)
        if old == new or name in _UNLOGGED:
            continue
        if field.kind == "versions":
            found += _versions(site, field, old, new)
        else:
            found.append(item(field, said(site, field, old), said(site, field, new)))
    return tuple(found)


def item(field: FieldDef, old: tuple[str | None, str | None], new: tuple[str | None, str | None]) -> Item:
    """One changed field."""
    return Item(field.id, field.changed_as, field.custom, old, new, accounts=field.kind == "user")


def _versions(site: Site, field: FieldDef, old: object, new: object) -> list[Item]:
    before, after = texts(old), texts(new)
    known = {number: (number, version.name) for number, version in site.state.versions.items()}
    gone = [item(field, known[one], (None, None)) for one in before if one not in after]
    come = [item(field, (None, None), known[one]) for one in after if one not in before]
    return gone + come


def write(site: Site, issue: Issue, author: Person, items: tuple[Item, ...]) -> History | None:
    """Add an entry to the changelog and touch the issue; nothing changed is no entry."""
    if not items:
        return None
    entry = History(site.state.next_id("history", 10100), author, site.now(), items)
    issue.histories.append(entry)
    site.touch(issue, entry.created)
    return entry
