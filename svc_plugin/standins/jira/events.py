"""What happened, told to the webhooks: bodies as captured, which differ between Cloud and Data Center."""

from __future__ import annotations

import json
import uuid

from flask import request

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.hooks import Delivery
from svc_plugin.standins.jira.issue_shapes import issue as issue_shape
from svc_plugin.standins.jira.json_values import Json
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Comment, History, Issue, Item, Link, Version, Worklog

_SMALL = {"summary", "issuetype", "project", "assignee", "priority", "status"}


def issue_created(site: Site, issue: Issue, person: Person, items: tuple[Item, ...]) -> None:
    """Tell of a new issue; the changelog of creating is in the event alone, and calls the status Status."""
    told = [shapes.changed(site, item) for item in items]
    for one in told:
        if one["field"] == "status":
            one["field"] = "Status"
    body = _about(site, issue, person)
    if told:
        body["changelog"] = {"id": str(site.state.next_id("history", 10100)), "items": told}
    _tell(site, "jira:issue_created", {"issue_event_type_name": "issue_created", **body})


def issue_updated(
    site: Site,
    issue: Issue,
    person: Person,
    entry: History | None,
    event: str,
    comment: Comment | None = None,
) -> None:
    """Tell of a changed issue; ``event`` is Data Center's name for it, and only there a comment is inside."""
    if site.cloud and event not in {"issue_assigned", "issue_updated"}:
        event = "issue_generic"
    body: Json = {"issue_event_type_name": event, **_about(site, issue, person)}
    if entry is not None:
        body["changelog"] = {
            "id": str(entry.id),
            "items": [shapes.changed(site, item) for item in entry.items],
        }
    if comment is not None and not site.cloud:
        body["comment"] = shapes.comment(site, site_root(), issue, comment)
    _tell(site, "jira:issue_updated", body)


def issue_deleted(site: Site, issue: Issue, person: Person) -> None:
    """Tell of a deleted issue."""
    _tell(site, "jira:issue_deleted", _about(site, issue, person))


def comment_event(site: Site, action: str, issue: Issue, comment: Comment) -> None:
    """Tell of a comment: Cloud with a small issue, Data Center without any; neither names who acted."""
    body: Json = {"comment": shapes.comment(site, site_root(), issue, comment)}
    if site.cloud:
        body["issue"] = _shown(site, issue, comment.author, _SMALL)
    _tell(site, f"comment_{action}", body)


def worklog_event(site: Site, action: str, issue: Issue, worklog: Worklog) -> None:
    """Tell of booked time: the issue is named by its id alone."""
    body: Json = {"worklog": shapes.worklog(site, site_root(), issue, worklog)}
    if site.cloud:
        body["isFromIssueLimitTransformation"] = False
    _tell(site, f"worklog_{action}", body)


def attachment_event(site: Site, action: str, shown: Json) -> None:
    """Tell of a file: nothing says of which issue."""
    _tell(site, f"attachment_{action}", {"attachment": shown})


def link_event(site: Site, action: str, link: Link) -> None:
    """Tell of a link between two issues, by their ids."""
    kind = site.catalogue.link_types[link.type_id]
    body: Json = {
        "id": link.id,
        "sourceIssueId": link.source,
        "destinationIssueId": link.target,
        "issueLinkType": {
            "id": int(kind.id),
            "name": kind.name,
            "outwardName": kind.outward,
            "inwardName": kind.inward,
            "isSubTaskLinkType": False,
            "isSystemLinkType": False,
        },
        "systemLink": False,
    }
    _tell(site, f"issuelink_{action}", {"issueLink": body})


def property_event(site: Site, action: str, issue: Issue, key: str, value: object) -> None:
    """Tell of an entity property (Cloud)."""
    if site.cloud:
        told = {
            "key": key,
            "value": value,
            "self": f"{site_root()}/rest/api/2/issue/{issue.id}/properties/{key}",
        }
        _tell(site, f"issue_property_{action}", {"property": told})


def version_event(site: Site, action: str, version: Version) -> None:
    """Tell of a version."""
    _tell(site, f"jira:version_{action}", {"version": shapes.version(site, site_root(), version)})


def _about(site: Site, issue: Issue, person: Person) -> Json:
    # Cloud leaves what may be long out of its events, but for those of deleted issues
    gone = issue.id not in site.state.issues
    fields = set(site.catalogue.fields)
    if site.cloud and not gone:
        fields -= {"comment", "worklog"}
    return {
        "user": shapes.user(site, site_root(), person),
        "issue": _shown(site, issue, person, fields),
    }


def _shown(site: Site, issue: Issue, person: Person, fields: set[str]) -> Json:
    shown = issue_shape(site, site_root(), issue, person, fields)
    del shown["expand"]
    return shown


def site_root() -> str:
    """Webhooks name the site's own address, also when the change came through the gateway."""
    return request.host_url.rstrip("/")


def _tell(site: Site, event: str, data: Json) -> None:
    stamp = int(site.now().timestamp() * 1000)
    body = json.dumps({"timestamp": stamp, "webhookEvent": event, **data}, ensure_ascii=False).encode()
    for hook in site.catalogue.hooks.values():
        if hook.enabled and (not hook.events or event in hook.events):
            identifier = str(uuid.uuid4()) if site.cloud else ""
            site.hooks.send(Delivery(hook.url, hook.secret, body, identifier))
