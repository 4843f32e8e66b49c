"""Comments: added alone or along with a change, edited and deleted."""

from __future__ import annotations

from collections.abc import Mapping

from svc_plugin.standins.jira import events
from svc_plugin.standins.jira.errors import Refused, only
from svc_plugin.standins.jira.json_values import listing, mapping, text
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.state import Comment, Issue
from svc_plugin.standins.jira.values import checked_text


def check_comment(site: Site, person: Person, project: str, data: Mapping[str, object]) -> None:
    """Raise ``Refused`` (400) when a person may not add this comment."""
    only(data, "body", "visibility", "properties", where="comment")
    if not site.may(person, "ADD_COMMENTS", project):
        refusal = f"{person.display_name}, you do not have the permission to comment on this issue."
        raise Refused(400, errors={"comment": refusal})
    _body(data)
    _visibility(site, person, project, data)


def add_comment(site: Site, person: Person, issue: Issue, data: Mapping[str, object]) -> Comment:
    """Add a comment and tell the webhooks. Raises ``Refused`` (400)."""
    check_comment(site, person, issue.project, data)
    now = site.now()
    made = Comment(
        site.state.next_id("comment", 10000), person, _body(data), now, now, person,
        _visibility(site, person, issue.project, data), _properties(data),
    )  # fmt: skip
    issue.comments.append(made)
    site.touch(issue, now)
    events.comment_event(site, "created", issue, made)
    if not site.cloud:
        events.issue_updated(site, issue, person, None, "issue_commented", made)
    return made


def edit_comment(
    site: Site, person: Person, issue: Issue, comment: Comment, data: Mapping[str, object]
) -> None:
    """Change a comment and tell the webhooks. Raises ``Refused`` (400)."""
    only(data, "body", "visibility", "properties", where="comment")
    _owned(site, person, issue, comment, "EDIT")
    comment.body = _body(data)
    if "visibility" in data:
        comment.visibility = _visibility(site, person, issue.project, data)
    comment.properties |= _properties(data)
    comment.updated, comment.update_author = site.now(), person
    site.touch(issue, comment.updated)
    events.comment_event(site, "updated", issue, comment)
    if not site.cloud:
        events.issue_updated(site, issue, person, None, "issue_comment_edited", comment)


def delete_comment(site: Site, person: Person, issue: Issue, comment: Comment) -> None:
    """Delete a comment and tell the webhooks. Raises ``Refused`` (400)."""
    _owned(site, person, issue, comment, "DELETE")
    issue.comments.remove(comment)
    site.touch(issue)
    events.comment_event(site, "deleted", issue, comment)
    if not site.cloud:
        events.issue_updated(site, issue, person, None, "issue_comment_deleted")


def _owned(site: Site, person: Person, issue: Issue, comment: Comment, verb: str) -> None:
    own = comment.author == person and site.may(person, f"{verb}_OWN_COMMENTS", issue.project)
    if not own and not site.may(person, f"{verb}_ALL_COMMENTS", issue.project):
        raise Refused(400, f"You do not have the permission to {verb.lower()} this comment.")


def _body(data: Mapping[str, object]) -> str:
    found = data.get("body")
    if not isinstance(found, str):
        raise Refused(400, errors={"comment": "Comment body must be a string"})
    if not found.strip():
        raise Refused(400, errors={"comment": "Comment body can not be empty!"})
    return checked_text("comment", found)


def _visibility(
    site: Site, person: Person, project: str, data: Mapping[str, object]
) -> Mapping[str, object] | None:
    found = mapping(data.get("visibility"))
    if not found:
        return None
    only(found, "type", "value", "identifier", where="visibility")
    if found.get("type") == "role" and found.get("value") not in site.roles(person, project):
        raise Refused(400, errors={"commentLevel": "You are not a member of the role that you restrict to."})
    return dict(found)


def _properties(data: Mapping[str, object]) -> dict[str, object]:
    return {
        text(mapping(one).get("key")): mapping(one).get("value") for one in listing(data.get("properties"))
    }
