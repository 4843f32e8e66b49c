"""The pages: look at projects and issues, and change them the very way REST does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from svc_plugin.standins.desk import page as desk
from svc_plugin.standins.desk.views import Sheet
from svc_plugin.standins.redmine import issues
from svc_plugin.standins.redmine.faults import Invalid, Refused
from svc_plugin.standins.redmine.listing import find_issues, page_of
from svc_plugin.standins.redmine.model import Issue, Project, User
from svc_plugin.standins.redmine.page_texts import WORDS
from svc_plugin.standins.redmine.page_views import entry, facts, files, inputs, related, row
from svc_plugin.standins.redmine.people import acting
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

pages = Blueprint("pages", __name__, template_folder="../desk/templates")


def _page(template: str, status: int = 200, **content: object) -> Response:
    user = acting(site())
    person = str(user.id) if user else ""
    return desk.page(template, WORDS, _people(), person, site().clock, status, **content)


def _people() -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in site().catalogue.users.values()]


def _kinds() -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in site().catalogue.trackers.values()]


def _named(projects: list[Project]) -> list[tuple[str, str]]:
    return [(one.identifier, one.name) for one in projects]


@pages.before_request
def same_site() -> Response | None:
    """Take forms only from these pages."""
    return _message("forbidden", 403) if desk.from_elsewhere() else None


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
    return _page(
        "home.html",
        rows=[row(here, issue) for issue in page.records],
        count=page.total_count,
        projects=_named(mine),
        addable=_named(addable),
        kinds=_kinds(),
        statuses=[(str(one.id), one.name) for one in catalogue.statuses.values()],
        args=args,
    )


@pages.post("/act")
def act() -> AnyResponse:
    """Choose who acts, then go back to the page one came from."""
    return desk.switched(_people())


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
    return _page(
        "new.html",
        status,
        project=project.identifier,
        project_name=project.name,
        kinds=_kinds(),
        kind=str(chosen.id),
        kind_name=chosen.name,
        controls=controls,
        faults=faults,
    )


def _words() -> dict[str, str]:
    return desk.words(WORDS)


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
    return tuple(fault.text(chinese=desk.chinese()) for fault in invalid.faults)


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
    project = here.catalogue.projects[issue.project_id]
    sheet = Sheet(
        row=row(here, issue),
        project_url=f"/?project_id={project.identifier}",
        created=issue.created_on,
        description=issue.description or "",
        facts=facts(here, issue, t),
        moves=[(str(one.id), one.name) for one in moves if one.id != issue.status_id] if edits else [],
        move_name="status_id",
        controls=controls if edits else [],
        entries=[entry(here, journal, t) for journal in seen],
        related=[
            (label, row(here, other))
            for label, other in related(here, issue, t)
            if sees_issue(here.catalogue, user, other)
        ],
        children=[row(here, one) for one in here.children(issue.id)],
        files=files(here, issue),
        may_note=edits or may_note(here.catalogue, user, issue),
        may_hide=allows(here.catalogue, user, "set_notes_private", issue.project_id),
    )
    return _page(
        "issue.html", status, sheet=sheet, typed=typed, faults=faults, said=request.args.get("said", "")
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
