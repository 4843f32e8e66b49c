"""REST: uploads, attachments and time entries."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from svc_plugin.standins.redmine import files, records
from svc_plugin.standins.redmine.faults import Refused
from svc_plugin.standins.redmine.listing import find_times, page_of
from svc_plugin.standins.redmine.model import Attachment, TimeEntry
from svc_plugin.standins.redmine.people import chosen
from svc_plugin.standins.redmine.permissions import allows, sees_issue
from svc_plugin.standins.redmine.shapes import attachment_shape, time_entry_shape
from svc_plugin.standins.redmine.web import asker, body, issue_or_refuse, known, query, reply, root, site

api = Blueprint("api_records", __name__)


@api.post("/uploads.json")
def upload() -> Response:
    """Take a file and hand out a token that works once; 406 unless sent as application/octet-stream."""
    user = known()
    if request.mimetype != "application/octet-stream":
        raise Refused(406)
    made = files.upload(site(), user, request.args.get("filename", ""), request.get_data())
    return reply({"upload": {"id": made.id, "token": made.token}}, 201)


@api.get("/attachments/<int:attachment_id>.json")
def attachment(attachment_id: int) -> Response:
    """What is known about a file."""
    found = _attachment(attachment_id)
    if found.issue_id is None:
        raise Refused(404)
    issue_or_refuse(found.issue_id)
    return reply({"attachment": attachment_shape(site(), found, root())})


@api.get("/attachments/download/<int:attachment_id>/<path:_filename>")
@api.get("/attachments/download/<int:attachment_id>")
def download(attachment_id: int, _filename: str = "") -> AnyResponse:
    """The content of a file; nobody known is sent to the login page with 302, as in Redmine.

    A person chosen on the pages counts too, so that the links there work.
    """
    found = _attachment(attachment_id)
    user = asker() or chosen(site())
    issue = site().store.issues.get(found.issue_id)
    if user is None:
        return redirect(f"{root()}login?back_url={quote(request.base_url, safe='')}", 302)
    if issue is None:
        raise Refused(404)
    if not sees_issue(site().catalogue, user, issue):
        raise Refused(403)
    answer = Response(site().store.content(found.id), content_type=found.content_type)
    name = quote(found.filename, safe="")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"  # RFC 6266
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _attachment(attachment_id: int) -> Attachment:
    found = site().store.attachments.get(attachment_id)
    if found is None:
        raise Refused(404)
    return found


@api.get("/time_entries.json")
def time_entries() -> Response:
    """The time entries that match."""
    return _list(query())


@api.get("/projects/<key>/time_entries.json")
def time_entries_of_project(key: str) -> Response:
    """The same within one project."""
    return _list({**query(), "project_id": key})


def _list(wanted: dict[str, str]) -> Response:
    page = page_of(find_times(site(), asker(), wanted), wanted)
    return reply({"time_entries": [time_entry_shape(site(), one) for one in page.records], **page.numbers})


@api.post("/time_entries.json")
def log_time() -> Response:
    """Log time."""
    made = records.log_time(site(), known(), body("time_entry"))
    return _made(made, 201)


@api.get("/time_entries/<int:entry_id>.json")
def time_entry(entry_id: int) -> Response:
    """One time entry."""
    found = site().store.times.get(entry_id)
    if found is None:
        raise Refused(404)
    if not allows(site().catalogue, known(), "view_time_entries", found.project_id):
        raise Refused(403)
    return _made(found, 200)


def _made(entry: TimeEntry, status: int) -> Response:
    location = f"{root()}time_entries/{entry.id}" if status == 201 else ""
    return reply({"time_entry": time_entry_shape(site(), entry)}, status, location=location)
