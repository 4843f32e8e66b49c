"""The pages: look at projects and issues, and change them the very way REST does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from svc_plugin.standins.redmine import issues
from svc_plugin.standins.redmine.faults import Invalid, Refused
from svc_plugin.standins.redmine.listing import find_issues, page_of
from svc_plugin.standins.redmine.model import Issue, Project, User
from svc_plugin.standins.redmine.page_texts import words
from svc_plugin.standins.redmine.page_views import entry, facts, inputs, linked, related
from svc_plugin.standins.redmine.people import COOKIE, acting
from svc_plugin.standins.redmine.permissions import (
    allows,
    is_member,
    may_edit,
    may_note,
    next_statuses,
    sees_issue,
    sees_journal,
)
from svc_plugin.standins.redmine.web import site

pages = Blueprint("pages", __name__, template_folder="templates")
LANGUAGE: Final = "lang"


def _chinese() -> bool:
    return (request.args.get(LANGUAGE) or request.cookies.get(LANGUAGE, "")) != "en"


def _page(template: str, status: int = 200, **content: object) -> Response:
    here = site()
    chinese = _chinese()
    user = acting(here)
    html = render_template(
        template,
        t=words(chinese=chinese),
        chinese=chinese,
        user=user,
        catalogue=here.catalogue,
        linked=linked,
        local=_local,
        other_url=_with_language("en" if chinese else "zh"),
        here=request.full_path.rstrip("?"),
        **content,
    )
    answer = make_response(html, status)
    answer.set_cookie(LANGUAGE, "zh" if chinese else "en", samesite="Lax", httponly=True)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return answer


def _local(when: datetime) -> str:
    """The time in the clock's own zone, to the minute."""
    return when.astimezone(site().clock().tzinfo).strftime("%Y-%m-%d %H:%M")


def _with_language(language: str) -> str:
    others = [(name, value) for name, value in request.args.items(multi=True) if name != LANGUAGE]
    return f"{request.path}?{urlencode([*others, (LANGUAGE, language)])}"


@pages.before_request
def same_site() -> Response | None:
    """Take forms only from these pages: another site must not act as the person chosen here."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin not in {None, request.host_url.rstrip("/")}:
        return _message("forbidden", 403)
    return None


def _message(key: str, status: int) -> Response:
    return _page("message.html", status, key=key)


@pages.get("/")
def home() -> Response:
    """Projects and issues, with filters."""
    here = site()
    user = acting(here)
    args = request.args
    wanted = {"status_id": args.get("status", "open"), "sort": "updated_on:desc", "limit": "100"}
    for name in ("project_id", "tracker_id"):
        if args.get(name):
            wanted[name] = args[name]
    if args.get("q"):
        wanted["subject"] = f"~{args['q']}"
    try:
        page = page_of(find_issues(here, user, wanted), wanted)
    except (Refused, Invalid):
        return _message("not_found", 404)
    catalogue = here.catalogue
    mine = [one for one in catalogue.projects.values() if is_member(catalogue, user, one.id)]
    addable = [one for one in mine if allows(catalogue, user, "add_issues", one.id)]
    return _page("home.html", page=page, projects=mine, addable=addable, args=args)


@pages.post("/act")
def act() -> AnyResponse:
    """Choose who acts, then go back to the page one came from."""
    target = urlsplit(request.form.get("back", "/"))
    path = "/" + target.path.lstrip("/\\")
    answer = redirect(f"{path}?{target.query}" if target.query else path, 303)
    if request.form.get("user") in {str(number) for number in site().catalogue.users}:
        answer.set_cookie(COOKIE, request.form["user"], samesite="Lax", httponly=True)
    return answer


@pages.get("/login")
def login() -> Response:
    """Where a download without a key ends: 200 and HTML, as with Redmine's login page."""
    return _message("login_text", 200)


def _acting() -> User:
    user = acting(site())
    if user is None:
        raise Refused(403)
    return user


@pages.get("/issues/new")
def new() -> Response:
    """The form of a new issue."""
    user = acting(site())
    project = site().catalogue.project(request.args.get("project", ""))
    addable = project and site().catalogue.trackers
    if project is None or not addable or not allows(site().catalogue, user, "add_issues", project.id):
        return _message("not_found", 404)
    return _new_form(project, request.args.get("tracker", ""), {}, (), 200)


def _new_form(
    project: Project, tracker: str, typed: Mapping[str, str], faults: tuple[str, ...], status: int
) -> Response:
    trackers = site().catalogue.trackers
    chosen = trackers.get(int(tracker)) if tracker.isdecimal() else None
    chosen = chosen or next(iter(trackers.values()))
    blank = _blank(project, chosen.id)
    controls = [replace(one, value=typed.get(one.name, one.value)) for one in inputs(site(), blank, _words())]
    return _page("new.html", status, project=project, tracker=chosen, controls=controls, faults=faults)


def _words() -> dict[str, str]:
    return words(chinese=_chinese())


def _blank(project: Project, tracker_id: int) -> Issue:
    now = site().clock()
    return Issue(0, project.id, tracker_id, 0, 2, _acting().id, "", now, now)


@pages.post("/issues/new")
def create() -> AnyResponse:
    """Create an issue as REST does."""
    form = request.form.to_dict()
    project = site().catalogue.project(form.get("project_id", ""))
    if project is None:
        return _message("not_found", 404)
    try:
        issue = issues.create(site(), _acting(), _attrs(form))
    except Invalid as invalid:
        return _new_form(project, form.get("tracker_id", ""), form, _texts(invalid), 422)
    except Refused:
        return _message("forbidden", 403)
    return redirect(f"/issues/{issue.id}", 303)


def _texts(invalid: Invalid) -> tuple[str, ...]:
    return tuple(fault.text(chinese=_chinese()) for fault in invalid.faults)


def _attrs(form: Mapping[str, str]) -> dict[str, object]:
    """What the form says, as the body of a REST request."""
    attrs: dict[str, object] = {name: text for name, text in form.items() if not name.startswith("cf_")}
    attrs["custom_fields"] = [
        {"id": name.removeprefix("cf_"), "value": text.replace("\r\n", "\n")}
        for name, text in form.items()
        if name.startswith("cf_")
    ]
    return attrs


@pages.get("/issues/<int:issue_id>")
def show(issue_id: int) -> Response:
    """One issue."""
    issue = site().store.issues.get(issue_id)
    if issue is None or not sees_issue(site().catalogue, acting(site()), issue):
        return _message("not_found", 404)
    return _issue_page(issue, {}, (), 200)


def _issue_page(issue: Issue, typed: Mapping[str, str], faults: tuple[str, ...], status: int) -> Response:
    here, user, t = site(), _acting(), _words()
    moves = next_statuses(here, user, issue, old_status=issue.status_id)
    controls = [replace(one, value=typed.get(one.name, one.value)) for one in inputs(here, issue, t)]
    edits = may_edit(here.catalogue, user, issue)
    seen = [journal for journal in here.journals_of(issue.id) if sees_journal(here, user, journal)]
    return _page(
        "issue.html",
        status,
        issue=issue,
        project=here.catalogue.projects[issue.project_id],
        facts=facts(here, issue, t),
        moves=[one for one in moves if one.id != issue.status_id] if edits else [],
        controls=controls if edits else [],
        entries=[entry(here, journal, t) for journal in seen],
        related=[pair for pair in related(here, issue, t) if sees_issue(here.catalogue, user, pair[1])],
        children=here.children(issue.id),
        files=here.attachments_of(issue.id),
        may_note=edits or may_note(here.catalogue, user, issue),
        may_hide=allows(here.catalogue, user, "set_notes_private", issue.project_id),
        typed=typed,
        faults=faults,
        said=request.args.get("said", ""),
    )


@pages.post("/issues/<int:issue_id>")
def change(issue_id: int) -> AnyResponse:
    """Change an issue as REST does: the workflow holds here too."""
    form = request.form.to_dict()
    issue = site().store.issues.get(issue_id)
    if issue is None or not sees_issue(site().catalogue, acting(site()), issue):
        return _message("not_found", 404)
    try:
        issues.update(site(), _acting(), issue, _attrs(form))
    except Invalid as invalid:
        return _issue_page(issue, form, _texts(invalid), 422)
    except Refused:
        return _message("forbidden", 403)
    after = site().store.issues.records[issue_id]
    kept = "status_id" in form and form["status_id"] != str(after.status_id)
    return redirect(f"/issues/{issue_id}?said={'status_kept' if kept else 'saved'}", 303)
