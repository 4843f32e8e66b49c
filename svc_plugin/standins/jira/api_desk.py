"""REST: what a service desk shows beside its issues; nobody can answer an approval here."""

from __future__ import annotations

from flask import Blueprint, Response

from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.json_values import whole
from svc_plugin.standins.jira.state import Issue
from svc_plugin.standins.jira.web import issue_for, query, reply, root, site

api = Blueprint("desk", __name__, url_prefix="/rest/servicedeskapi/request")


def _request(key: str) -> Issue:
    one = issue_for(key)
    if not site().project_of(one).plan.service_desk:
        raise Refused(404, "The request does not exist or you do not have permission to view it.")
    return one


def _desk_page(values: list[dict[str, object]]) -> Response:
    asked = query("start", "limit")
    start, limit = whole(asked.get("start"), 0), whole(asked.get("limit"), 50)
    shown = values[start : start + limit]
    return reply(
        {
            "_links": {"base": root(), "context": "", "self": f"{root()}/rest/servicedeskapi"},
            "start": start,
            "limit": limit,
            "size": len(shown),
            "isLastPage": start + limit >= len(values),
            "values": shown,
        }
    )


@api.get("/<key>/approval")
def get_approvals(key: str) -> Response:
    """The approvals of a service desk's request, to be read only."""
    return _desk_page(_request(key).approvals)


@api.get("/<key>/sla")
def get_slas(key: str) -> Response:
    """The times agreed for a service desk's request, to be read only."""
    return _desk_page(_request(key).slas)
