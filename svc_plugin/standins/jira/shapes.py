"""Records as Jira's JSON shows them, on Cloud and on Data Center."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import quote

from svc_plugin.standins.jira.catalogue import Choice, IssueType, Project, Status
from svc_plugin.standins.jira.json_values import Json
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Attachment, Comment, History, Issue, Item, Link, Version, Worklog
from svc_plugin.standins.jira.values import user_key

_CATEGORIES: Final = {
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}


def moment(site: Site, when: datetime) -> str:
    """A moment as Jira writes it, without a colon in the offset."""
    local = when.astimezone(site.zone)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def user(site: Site, root: str, person: Person, *, email: bool = False) -> Json:
    """A user: Cloud tells the account id and no name, and an e-mail only to the account itself."""
    avatars = {f"{n}x{n}": f"{root}/secure/useravatar?size={n}" for n in (16, 24, 32, 48)}
    common: Json = {"displayName": person.display_name, "active": person.active, "timeZone": person.time_zone}
    if site.cloud:
        return {
            "self": f"{root}/rest/api/2/user?accountId={quote(person.account_id, safe='')}",
            "accountId": person.account_id,
            "accountType": "atlassian",
            "avatarUrls": avatars,
            **({"emailAddress": person.email} if email else {}),
            **common,
        }
    return {
        "self": f"{root}/rest/api/2/user?username={quote(person.name)}",
        "name": person.name,
        "key": user_key(person),
        "emailAddress": person.email,
        "avatarUrls": avatars,
        **common,
    }


def status(root: str, one: Status) -> Json:
    """A status with its category."""
    number, color, name = _CATEGORIES[one.category]
    return {
        "self": f"{root}/rest/api/2/status/{one.id}",
        "description": "",
        "iconUrl": f"{root}/images/icons/statuses/generic.png",
        "name": one.name,
        "id": one.id,
        "statusCategory": {
            "self": f"{root}/rest/api/2/statuscategory/{number}",
            "id": number,
            "key": one.category,
            "colorName": color,
            "name": name,
        },
    }


def project(site: Site, root: str, one: Project) -> Json:
    """A project, as issues show it."""
    found: Json = {
        "self": f"{root}/rest/api/2/project/{one.id}",
        "id": one.id,
        "key": one.key,
        "name": one.plan.name,
        "projectTypeKey": "service_desk" if one.plan.service_desk else "software",
        "avatarUrls": {f"{n}x{n}": f"{root}/secure/projectavatar?size={n}" for n in (16, 24, 32, 48)},
    }
    if site.cloud:
        found["simplified"] = False
    return found


def issue_type(root: str, one: IssueType) -> Json:
    """An issue type."""
    return {
        "self": f"{root}/rest/api/2/issuetype/{one.id}",
        "id": one.id,
        "description": "",
        "iconUrl": f"{root}/images/icons/issuetypes/generic.png",
        "name": one.name,
        "subtask": False,
    }


def choice(root: str, path: str, one: Choice) -> Json:
    """A priority or a resolution."""
    more = (
        {"iconUrl": f"{root}/images/icons/priorities/generic.svg"}
        if path == "priority"
        else {"description": ""}
    )
    return {"self": f"{root}/rest/api/2/{path}/{one.id}", "name": one.name, "id": one.id, **more}


def version(site: Site, root: str, one: Version) -> Json:
    """A version of a project."""
    owner = site.catalogue.project(one.project)
    return {
        "self": f"{root}/rest/api/2/version/{one.id}",
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "archived": False,
        "released": one.released,
        "projectId": int(owner.id) if owner else 0,
    }


def comment(site: Site, root: str, issue: Issue, one: Comment, *, properties: bool = False) -> Json:
    """A comment."""
    found: Json = {
        "self": f"{root}/rest/api/2/issue/{issue.id}/comment/{one.id}",
        "id": str(one.id),
        "author": user(site, root, one.author),
        "body": one.body,
        "updateAuthor": user(site, root, one.update_author),
        "created": moment(site, one.created),
        "updated": moment(site, one.updated),
    }
    if one.visibility is not None:
        found["visibility"] = dict(one.visibility)
    if site.cloud or site.project_of(issue).plan.service_desk:
        found["jsdPublic"] = one.public
    if properties:
        found["properties"] = [{"key": key, "value": value} for key, value in one.properties.items()]
    return found


def worklog(site: Site, root: str, issue: Issue, one: Worklog) -> Json:
    """Time spent."""
    return {
        "self": f"{root}/rest/api/2/issue/{issue.id}/worklog/{one.id}",
        "author": user(site, root, one.author),
        "updateAuthor": user(site, root, one.author),
        "comment": one.comment,
        "created": moment(site, one.created),
        "updated": moment(site, one.updated),
        "started": moment(site, one.started),
        "timeSpent": _spent(one.seconds),
        "timeSpentSeconds": one.seconds,
        "id": str(one.id),
        "issueId": str(issue.id),
    }


def _spent(seconds: int) -> str:
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return " ".join([*([f"{hours}h"] if hours else []), *([f"{minutes}m"] if minutes else [])]) or "0m"


def attachment(site: Site, root: str, one: Attachment) -> Json:
    """A file; where its content is differs between Cloud and Data Center."""
    place = f"rest/api/2/attachment/content/{one.id}"
    if not site.cloud:
        place = f"secure/attachment/{one.id}/{quote(one.name)}"
    return {
        "self": f"{root}/rest/api/2/attachment/{one.id}",
        "id": str(one.id),
        "filename": one.name,
        "author": user(site, root, one.author),
        "created": moment(site, one.created),
        "size": len(one.content),
        "mimeType": one.mime,
        "content": f"{root}/{place}",
    }


def link(site: Site, root: str, issue: Issue, one: Link) -> Json:
    """A link as one of its two issues shows it."""
    outward = one.source == issue.id
    other = site.state.issues[one.target if outward else one.source]
    return {
        "id": str(one.id),
        "self": f"{root}/rest/api/2/issueLink/{one.id}",
        "type": link_type(root, site.catalogue.link_types[one.type_id]),
        "outwardIssue" if outward else "inwardIssue": {
            "id": str(other.id),
            "key": other.key,
            "self": f"{root}/rest/api/2/issue/{other.id}",
            "fields": {
                "summary": other.values["summary"],
                "status": status(root, site.status_of(other)),
                "issuetype": issue_type(root, site.type_of(other)),
            },
        },
    }


def link_type(root: str, one: Choice) -> Json:
    """A type of link."""
    return {
        "id": one.id,
        "name": one.name,
        "inward": one.inward,
        "outward": one.outward,
        "self": f"{root}/rest/api/2/issueLinkType/{one.id}",
    }


def changed(site: Site, one: Item) -> Json:
    """One item of a changelog; only Cloud gives the id of the field and the accounts."""
    found: Json = {"field": one.field, "fieldtype": "custom" if one.custom else "jira"}
    if site.cloud:
        found["fieldId"] = one.field_id
    found |= {"from": one.old[0], "fromString": one.old[1], "to": one.new[0], "toString": one.new[1]}
    if site.cloud and one.accounts and not one.custom:
        found |= {"tmpFromAccountId": one.old[0], "tmpToAccountId": one.new[0]}
    return found


def history(site: Site, root: str, one: History) -> Json:
    """One entry of a changelog, as REST gives it (a webhook has the id and the items alone)."""
    items = [changed(site, item) for item in one.items]
    for item in items:
        # seen in webhooks; the official description of the REST answer does not have them
        item.pop("tmpFromAccountId", None)
        item.pop("tmpToAccountId", None)
    return {
        "id": str(one.id),
        "author": user(site, root, one.author),
        "created": moment(site, one.created),
        "items": items,
    }
