"""What happened, told to the hooks: bodies in the shape of Redmine 7.0's native webhooks."""

from __future__ import annotations

import json
from datetime import datetime

from svc_plugin.standins.redmine.hooks import Delivery
from svc_plugin.standins.redmine.model import Issue, Journal, TimeEntry, User
from svc_plugin.standins.redmine.permissions import allows, sees_issue, sees_journal
from svc_plugin.standins.redmine.shapes import issue_core, moment, ref, time_entry_shape
from svc_plugin.standins.redmine.site import Site


def issue_event(site: Site, action: str, issue: Issue, journal: Journal | None = None) -> None:
    """Tell the hooks whose user may see the issue; `action` is created, updated or deleted.

    The timestamp is when it was created, when the journal was written (else updated_on), or now when deleted.
    """
    when = {"created": issue.created_on, "deleted": site.clock()}.get(action, issue.updated_on)
    for hook in site.catalogue.hooks:
        user = site.catalogue.users[hook.user_id]
        if not sees_issue(site.catalogue, user, issue):
            continue
        data: dict[str, object] = {"issue": issue_core(site, user, issue, with_spent=False)}
        if journal is not None and sees_journal(site, user, journal):
            data["journal"] = _journal(site, journal)
        _send(site, hook.url, hook.secret, f"issue.{action}", when, data)


def time_event(site: Site, action: str, entry: TimeEntry) -> None:
    """Tell the hooks whose user may see time entries of the project."""
    for hook in site.catalogue.hooks:
        user: User = site.catalogue.users[hook.user_id]
        if allows(site.catalogue, user, "view_time_entries", entry.project_id):
            data: dict[str, object] = {"time_entry": time_entry_shape(site, entry)}
            _send(site, hook.url, hook.secret, f"time_entry.{action}", entry.created_on, data)


def _journal(site: Site, journal: Journal) -> dict[str, object]:
    return {
        "id": journal.id,
        "created_on": moment(journal.created_on),
        "notes": journal.notes,
        "user": ref(site.catalogue.users.get(journal.user_id)),
        "details": [
            {
                "property": detail.property,
                "prop_key": detail.name,
                "old_value": detail.old_value,
                "value": detail.new_value,
            }
            for detail in journal.details
        ],
    }


def _send(site: Site, url: str, secret: str, kind: str, when: datetime, data: dict[str, object]) -> None:
    body = json.dumps({"type": kind, "timestamp": moment(when), "data": data}, ensure_ascii=False)
    site.hooks.send(Delivery(url, secret, body.encode()))
