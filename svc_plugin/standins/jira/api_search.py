"""REST: search, and reading many issues or changelogs at once."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Final, cast

from flask import Blueprint, Response

from svc_plugin.standins.jira import issue_shapes, jql, shapes
from svc_plugin.standins.jira.api_issues import add_expansions, properties_of
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import Json, listing, mapping, texts, whole
from svc_plugin.standins.jira.search import Hit, find, place
from svc_plugin.standins.jira.state import Issue
from svc_plugin.standins.jira.web import asker, cloud_only, document, expands, query, reply, root, site

api = Blueprint("search", __name__, url_prefix="/rest/api/2")
_ASKED: Final = ("jql", "fields", "maxResults", "expand", "properties", "fieldsByKeys")
_ENHANCED: Final = (*_ASKED, "nextPageToken", "reconcileIssues", "failFast")
_PAGED: Final = (*_ASKED, "startAt", "validateQuery")
CLOUD_MOST: Final = 5000
DC_MOST: Final = 1000
RECONCILED_MOST: Final = 50
SEARCH_CHANGELOG: Final = 40


def _names(value: object) -> list[str]:
    return list(texts(cast("object", value))) if isinstance(value, list) else [str(value or "")]


@api.get("/search/jql")
def get_search_jql() -> Response:
    """Search (Cloud)."""
    cloud_only()
    return _enhanced(query(*_ENHANCED))


@api.post("/search/jql")
def post_search_jql() -> Response:
    """Search (Cloud), with the question in the body."""
    cloud_only()
    return _enhanced(document(*_ENHANCED))


def _enhanced(asked: Mapping[str, object]) -> Response:
    parsed = jql.parse(str(asked.get("jql") or ""))
    if not parsed.clauses:
        raise Refused(
            400,
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
        )
    reconciled = [whole(one, 0) for name in _names(asked.get("reconcileIssues")) for one in name.split(",")]
    if len(reconciled) > RECONCILED_MOST:
        raise Refused(400, f"No more than {RECONCILED_MOST} issues can be reconciled.")
    size = min(max(whole(asked.get("maxResults"), 50), 1), CLOUD_MOST)
    hits = _after(find(site(), asker(), parsed, reconciled), parsed, str(asked.get("nextPageToken") or ""))
    found: Json = {"issues": [_issue(hit, asked, "id") for hit in hits[:size]], "isLast": len(hits) <= size}
    if len(hits) > size:
        last = json.dumps(place(site(), hits[size - 1], parsed))
        found["nextPageToken"] = base64.urlsafe_b64encode(last.encode()).decode()
    return reply(found)


def _after(hits: list[Hit], parsed: jql.Query, token: str) -> list[Hit]:
    """The hits behind the place where the last page ended, wherever its last issue went meanwhile."""
    if not token:
        return hits
    try:
        last = tuple(json.loads(base64.urlsafe_b64decode(token)))
    except ValueError as error:
        raise Refused(400, "The provided next page token is invalid or expired.") from error
    return [hit for hit in hits if place(site(), hit, parsed) > last]


def _issue(hit: Hit, asked: Mapping[str, object], usual: str) -> Json:
    fields = issue_shapes.wanted_fields(site(), _names(asked.get("fields")), usual)
    found = issue_shapes.issue(
        site(), root(), hit.issue, asker(), fields, values=hit.indexed.values, updated=hit.indexed.updated
    )
    expanded = expands(",".join(_names(asked.get("expand"))), "changelog")
    add_expansions(hit.issue, found, expanded, fields)
    if "changelog" in expanded and site().cloud:
        page = mapping(found["changelog"])
        histories = listing(page["histories"])[:SEARCH_CHANGELOG]
        found["changelog"] = {**page, "histories": histories, "maxResults": len(histories)}
    if asked.get("properties"):
        found["properties"] = properties_of(hit.issue, ",".join(_names(asked["properties"])))
    if not fields:
        found = {"id": found["id"]} if site().cloud else found
    return found


@api.get("/search")
def get_search() -> Response:
    """Search: by pages with a total on Data Center, gone from Cloud."""
    asker()
    _refuse_removed()
    return _paged(query(*_PAGED))


@api.post("/search")
def post_search() -> Response:
    """Search, with the question in the body."""
    asker()
    _refuse_removed()
    return _paged(document(*_PAGED))


def _refuse_removed() -> None:
    if site().cloud:
        raise Refused(
            410,
            "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.",
        )


def _paged(asked: Mapping[str, object]) -> Response:
    hits = find(site(), asker(), jql.parse(str(asked.get("jql") or "")))
    start = whole(asked.get("startAt"), 0)
    size = min(whole(asked.get("maxResults"), 50), DC_MOST)
    return reply(
        {
            "expand": "schema,names",
            "startAt": start,
            "maxResults": size,
            "total": len(hits),
            "issues": [_issue(hit, asked, "*navigable") for hit in hits[start : start + size]],
        }
    )


@api.post("/issue/bulkfetch")
def bulk_fetch() -> Response:
    """Read up to a hundred issues (Cloud); those that cannot be read are named."""
    cloud_only()
    asked = document("issueIdsOrKeys", "fields", "expand", "properties", "fieldsByKeys")
    names = _names(asked.get("issueIdsOrKeys"))
    if not asked.get("issueIdsOrKeys") or len(names) > 100:
        raise Refused(400, "Give between 1 and 100 issue ids or keys.")
    found: list[Json] = []
    faults: list[Json] = []
    for name in dict.fromkeys(names):
        one = site().find(name)
        if one is None or not site().may(asker(), "BROWSE_PROJECTS", one.project):
            faults.append(
                {"id": name, "errorMessage": "Issue does not exist or you do not have permission to see it."}
            )
        else:
            found.append(_issue(Hit(one, one.indexed[-1]), asked, "*navigable"))
    found.sort(key=lambda one: int(str(one["id"])))
    return reply({"issues": found, "issueErrors": faults})


@api.post("/changelog/bulkfetch")
def bulk_changelogs() -> Response:
    """Read the changelogs of up to a thousand issues (Cloud), oldest entry first."""
    cloud_only()
    asked = document("issueIdsOrKeys", "fieldIds", "maxResults", "nextPageToken")
    names = _names(asked.get("issueIdsOrKeys"))
    wanted = set(_names(asked.get("fieldIds"))) - {""}
    if not asked.get("issueIdsOrKeys") or len(names) > 1000 or len(wanted) > 10:
        raise Refused(400, "Give between 1 and 1000 issue ids or keys, and no more than 10 field ids.")
    start = whole(asked.get("nextPageToken"), 0)
    size = min(whole(asked.get("maxResults"), 1000), 10000)
    entries = [(one, entry) for one in _visible(names) for entry in one.histories]
    entries = [pair for pair in entries if not wanted or wanted & {item.field_id for item in pair[1].items}]
    shown: dict[str, list[Json]] = {}
    for one, entry in entries[start : start + size]:
        shown.setdefault(str(one.id), []).append(shapes.history(site(), root(), entry))
    found: Json = {
        "issueChangeLogs": [{"issueId": number, "changeHistories": told} for number, told in shown.items()]
    }
    if len(entries) > start + size:
        found["nextPageToken"] = str(start + size)
    return reply(found)


def _visible(names: list[str]) -> list[Issue]:
    found = [site().find(name) for name in dict.fromkeys(names)]
    return [one for one in found if one is not None and site().may(asker(), "BROWSE_PROJECTS", one.project)]
