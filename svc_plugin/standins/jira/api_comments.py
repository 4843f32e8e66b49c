"""REST: comments."""

from __future__ import annotations

from flask import Blueprint, Response

from svc_plugin.standins.jira import shapes
from svc_plugin.standins.jira.comments import add_comment, delete_comment, edit_comment
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import whole
from svc_plugin.standins.jira.state import Comment, Issue
from svc_plugin.standins.jira.web import asker, document, done, expands, issue_for, query, reply, root, site

api = Blueprint("comments", __name__, url_prefix="/rest/api/2")
PAGE = 100


@api.get("/issue/<key>/comment")
def get_comments(key: str) -> Response:
    """The comments that the asker may read."""
    asked = query("startAt", "maxResults", "orderBy", "expand")
    one, person, here = issue_for(key), asker(), site()
    expanded = expands(asked.get("expand", ""), "properties")
    found = [item for item in one.comments if here.sees(person, one, item)]
    if asked.get("orderBy", "created").startswith("-"):
        found.reverse()
    start = whole(asked.get("startAt"), 0)
    size = min(whole(asked.get("maxResults"), 5000 if not here.cloud else PAGE), 5000)
    shown = [
        shapes.comment(here, root(), one, item, properties="properties" in expanded)
        for item in found[start : start + size]
    ]
    return reply({"startAt": start, "maxResults": size, "total": len(found), "comments": shown})


@api.post("/issue/<key>/comment")
def post_comment(key: str) -> Response:
    """Add a comment."""
    query("expand")
    one, here = issue_for(key), site()
    made = add_comment(here, asker(), one, document("body", "visibility", "properties"))
    return reply(shapes.comment(here, root(), one, made), 201)


def comment_of(one: Issue, number: str) -> Comment:
    """The comment of an issue; raises ``Refused`` (404)."""
    for item in one.comments:
        if str(item.id) == number and site().sees(asker(), one, item):
            return item
    raise Refused(404, f"Can not find a comment for the id: {number}.")


@api.get("/issue/<key>/comment/<number>")
def get_comment(key: str, number: str) -> Response:
    """Read a comment."""
    expanded = expands(query("expand").get("expand", ""), "properties")
    one = issue_for(key)
    shown = shapes.comment(site(), root(), one, comment_of(one, number), properties="properties" in expanded)
    return reply(shown)


@api.put("/issue/<key>/comment/<number>")
def put_comment(key: str, number: str) -> Response:
    """Change a comment."""
    query("expand", "notifyUsers")
    one, here = issue_for(key), site()
    found = comment_of(one, number)
    edit_comment(here, asker(), one, found, document("body", "visibility", "properties"))
    return reply(shapes.comment(here, root(), one, found))


@api.delete("/issue/<key>/comment/<number>")
def drop_comment(key: str, number: str) -> Response:
    """Delete a comment."""
    one = issue_for(key)
    delete_comment(site(), asker(), one, comment_of(one, number))
    return done()
