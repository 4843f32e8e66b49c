"""Journals: what changed between two states of an issue, and notes that are edited later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from svc_plugin.standins.redmine.model import Detail, Issue, Journal, User
from svc_plugin.standins.redmine.permissions import allows, may_edit_note, sees_journal
from svc_plugin.standins.redmine.site import Site
from svc_plugin.standins.redmine.values import as_text

TRACKED: Final = (
    "project_id", "tracker_id", "subject", "description", "due_date", "status_id", "assigned_to_id",
    "priority_id", "fixed_version_id", "start_date", "done_ratio", "estimated_hours", "parent_id",
    "is_private",
)  # fmt: skip


def changes(before: Issue, after: Issue) -> tuple[Detail, ...]:
    """The details of a journal: attributes first, then custom fields by id."""
    details = [
        Detail("attr", name, _text(getattr(before, name)), _text(getattr(after, name)))
        for name in TRACKED
        if getattr(before, name) != getattr(after, name)
    ]
    details += [
        Detail("cf", str(number), before.values.get(number), after.values.get(number))
        for number in sorted({*before.values, *after.values})
        if (before.values.get(number) or "") != (after.values.get(number) or "")
    ]
    return tuple(details)


def _text(value: object) -> str | None:
    if value is None:
        return None
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else str(value)


def write(
    site: Site,
    user: User,
    issue_id: int,
    *,
    notes: str = "",
    private: bool = False,
    details: tuple[Detail, ...] = (),
) -> Journal | None:
    """Add a journal and return it; none when there is neither note nor change.

    A private note with changes becomes two journals, so that the changes stay public
    (Redmine's Journal#split_private_notes).
    """
    if not notes and not details:
        return None
    if private and notes and details:
        write(site, user, issue_id, details=details)
        details = ()
    number = site.store.journals.next_id()
    hidden = private and bool(notes)
    return site.store.journals.put(Journal(number, issue_id, user.id, notes, site.clock(), hidden, details))


def edit(site: Site, user: User, journal_id: int, attrs: Mapping[str, object]) -> int:
    """Edit a note and return 204; or 404 when invisible, 403 when not the user's to edit.

    An emptied note without changes vanishes. Making it private needs set_notes_private, else that part is
    dropped. The issue's updated_on stays as it is.
    """
    journal = site.store.journals.get(journal_id)
    issue = site.store.issues.get(journal.issue_id) if journal else None
    if journal is None or issue is None or not sees_journal(site, user, journal):
        return 404
    if not may_edit_note(site, user, journal, issue):
        return 403
    if "notes" in attrs:
        journal = replace(journal, notes=as_text(attrs["notes"]))
    if "private_notes" in attrs and allows(site.catalogue, user, "set_notes_private", issue.project_id):
        journal = replace(journal, private_notes=truth(attrs["private_notes"]))
    with site.store.changing():
        site.store.journals.put(journal)
        if not journal.notes.strip() and not journal.details:
            site.store.journals.drop(journal.id)
    return 204


def truth(value: object) -> bool:
    """What Redmine takes for yes."""
    return as_text(value).lower() in {"1", "true", "t", "on", "yes"}
