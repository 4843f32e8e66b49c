"""REST: issues, their watchers, relations and notes."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from svc_plugin.standins.redmine import issues, journals, relations
from svc_plugin.standins.redmine.faults import Refused
from svc_plugin.standins.redmine.listing import find_issues, page_of
from svc_plugin.standins.redmine.model import Issue, Relation, User
from svc_plugin.standins.redmine.permissions import allows, next_statuses, sees_journal
from svc_plugin.standins.redmine.shapes import (
    Shape,
    attachment_shape,
    children_shape,
    issue_core,
    journal_shape,
    ref,
    relation_shape,
    status_shape,
)
from svc_plugin.standins.redmine.values import listing, whole
from svc_plugin.standins.redmine.web import (
    asker,
    body,
    document,
    done,
    includes,
    issue_or_refuse,
    known,
    query,
    reply,
    root,
    site,
)

api = Blueprint("api_issues", __name__)


@api.get("/issues.json")
def index() -> Response:
    """The issues that match, open ones by default."""
    return _list(query())


@api.get("/projects/<key>/issues.json")
def index_of_project(key: str) -> Response:
    """The same within one project."""
    return _list({**query(), "project_id": key})


def _list(wanted: dict[str, str]) -> Response:
    page = page_of(find_issues(site(), asker(), wanted), wanted)
    return reply({"issues": [_list_item(issue) for issue in page.records], **page.numbers})


def _list_item(issue: Issue) -> Shape:
    shape = issue_core(site(), asker(), issue)
    if "attachments" in includes():
        shape["attachments"] = [
            attachment_shape(site(), one, root()) for one in site().attachments_of(issue.id)
        ]
    if "relations" in includes():
        shape["relations"] = [relation_shape(one) for one in site().relations_of(issue.id)]
    return shape


@api.post("/issues.json")
def create() -> Response:
    """Create an issue."""
    return _create({})


@api.post("/projects/<key>/issues.json")
def create_in_project(key: str) -> Response:
    """Create an issue in the project of the path."""
    return _create({"project_id": key})


def _create(given: dict[str, object]) -> Response:
    user = known()
    issue = issues.create(site(), user, {**body("issue"), **given})
    shape = issue_core(site(), user, issue, with_spent=False)
    return reply({"issue": shape}, 201, location=f"{root()}issues/{issue.id}")


@api.get("/issues/<int:issue_id>.json")
def show(issue_id: int) -> Response:
    """One issue with the includes asked for."""
    issue = issue_or_refuse(issue_id)
    user = known()
    shape = issue_core(site(), user, issue)
    return reply({"issue": shape | _included(user, issue, includes())})


def _included(user: User, issue: Issue, asked: set[str]) -> Shape:
    here = site()
    shape: Shape = {}
    if "children" in asked and (children := children_shape(here, issue.id)):
        shape["children"] = children
    if "attachments" in asked:
        shape["attachments"] = [attachment_shape(here, one, root()) for one in here.attachments_of(issue.id)]
    found = [one for one in here.relations_of(issue.id) if relations.visible(here, user, one)]
    if "relations" in asked and found:
        shape["relations"] = [relation_shape(one) for one in found]
    if "changesets" in asked:
        shape["changesets"] = []
    if "journals" in asked:
        seen = (journal for journal in here.journals_of(issue.id) if sees_journal(here, user, journal))
        shape["journals"] = [journal_shape(here, journal) for journal in seen]
    if "watchers" in asked and allows(here.catalogue, user, "view_issue_watchers", issue.project_id):
        shape["watchers"] = [ref(here.catalogue.users[number]) for number in issue.watcher_ids]
    if "allowed_statuses" in asked:
        statuses = next_statuses(here, user, issue, old_status=issue.status_id)
        shape["allowed_statuses"] = [status_shape(status) for status in statuses]
    return shape


@api.route("/issues/<int:issue_id>.json", methods=["PUT", "PATCH"])
def update(issue_id: int) -> Response:
    """Change an issue; 204 says nothing about what was dropped."""
    issue = issue_or_refuse(issue_id)
    issues.update(site(), known(), issue, body("issue"))
    return done()


@api.delete("/issues/<int:issue_id>.json")
def delete(issue_id: int) -> Response:
    """Delete an issue."""
    issue = issue_or_refuse(issue_id)
    issues.delete(site(), known(), issue)
    return done()


@api.post("/issues/<int:issue_id>/watchers.json")
def watch(issue_id: int) -> Response:
    """Add watchers; unknown users are dropped, the issue's updated_on stays."""
    issue = _watchable(issue_id, "add_issue_watchers")
    asked = body("watcher") or {**request.args, **document()}
    ids = [whole(item) for item in (*listing(asked.get("user_ids")), asked.get("user_id"))]
    fresh = [n for n in ids if n is not None and n in site().catalogue.users and n not in issue.watcher_ids]
    with site().store.changing():
        site().store.issues.put(replace(issue, watcher_ids=(*issue.watcher_ids, *dict.fromkeys(fresh))))
    return done()


@api.delete("/issues/<int:issue_id>/watchers/<int:user_id>.json")
def unwatch(issue_id: int, user_id: int) -> Response:
    """Take a watcher away."""
    issue = _watchable(issue_id, "delete_issue_watchers")
    if user_id not in site().catalogue.users:
        raise Refused(404)
    with site().store.changing():
        left = tuple(number for number in issue.watcher_ids if number != user_id)
        site().store.issues.put(replace(issue, watcher_ids=left))
    return done()


def _watchable(issue_id: int, permission: str) -> Issue:
    issue = issue_or_refuse(issue_id)
    if not allows(site().catalogue, known(), permission, issue.project_id):
        raise Refused(403)
    return issue


@api.get("/issues/<int:issue_id>/relations.json")
def relations_of(issue_id: int) -> Response:
    """The relations of an issue."""
    issue = issue_or_refuse(issue_id)
    return reply({"relations": [relation_shape(one) for one in site().relations_of(issue.id)]})


@api.post("/issues/<int:issue_id>/relations.json")
def relate(issue_id: int) -> Response:
    """Link an issue to another."""
    issue = issue_or_refuse(issue_id)
    relation = relations.relate(site(), known(), issue, body("relation"))
    location = f"{root()}relations/{relation.id}"
    return reply({"relation": relation_shape(relation)}, 201, location=location)


@api.get("/relations/<int:relation_id>.json")
def relation(relation_id: int) -> Response:
    """One relation."""
    found = _relation(relation_id)
    if not relations.visible(site(), known(), found):
        raise Refused(403)
    return reply({"relation": relation_shape(found)})


@api.delete("/relations/<int:relation_id>.json")
def separate(relation_id: int) -> Response:
    """Delete a relation."""
    relations.separate(site(), known(), _relation(relation_id))
    return done()


def _relation(relation_id: int) -> Relation:
    found = site().store.relations.get(relation_id)
    if found is None:
        raise Refused(404)
    return found


@api.route("/journals/<int:journal_id>.json", methods=["PUT", "PATCH"])
def edit_note(journal_id: int) -> Response:
    """Edit a note."""
    status = journals.edit(site(), known(), journal_id, body("journal"))
    if status != 204:
        raise Refused(status)
    return done()
