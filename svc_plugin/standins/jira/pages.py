"""The pages: look at projects and issues, and change them the very way REST does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from svc_plugin.standins.desk import page as desk
from svc_plugin.standins.desk.views import Choices, Sheet
from svc_plugin.standins.jira.catalogue import Project
from svc_plugin.standins.jira.edits import create, edit, open_transitions, transition
from svc_plugin.standins.jira.errors import Refused
from svc_plugin.standins.jira.files import find_file
from svc_plugin.standins.jira.json_values import Json
from svc_plugin.standins.jira.mapped import STAFF
from svc_plugin.standins.jira.page_texts import WORDS
from svc_plugin.standins.jira.page_views import (
    entries,
    facts,
    files,
    inputs,
    related,
    row,
    stored,
)
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.state import Issue
from svc_plugin.standins.jira.wanted import Reader, screen_of
from svc_plugin.standins.jira.web import site

pages = Blueprint("pages", __name__, template_folder="../desk/templates")
_MOST: Final = 100
_OTHER: Final = frozenset({"transition", "notes", "private_notes", "project_id", "tracker_id"})


def _people() -> list[tuple[str, str]]:
    return [(one.name, one.display_name) for one in site().catalogue.people.values()]


def _acting() -> Person:
    """The person chosen in this browser, else the first who works in a project."""
    known = site().catalogue.people
    usual = next((one for one in known.values() if not one.admin), next(iter(known.values())))
    return known.get(request.cookies.get(desk.COOKIE, ""), usual)


def _page(template: str, status: int = 200, **content: object) -> Response:
    return desk.page(template, WORDS, _people(), _acting().name, site().clock, status, **content)


def _message(key: str, status: int) -> Response:
    return _page("message.html", status, key=key)


def _projects(permission: str) -> list[Project]:
    here, person = site(), _acting()
    return [one for one in here.catalogue.projects.values() if here.may(person, permission, one.key)]


def _named(projects: list[Project]) -> Choices:
    return [(one.key, one.plan.name) for one in projects]


def _kinds() -> Choices:
    return [(one.id, one.name) for one in site().catalogue.types.values()]


@pages.before_request
def same_site() -> Response | None:
    """Take forms only from these pages."""
    return _message("forbidden", 403) if desk.from_elsewhere() else None


@pages.get("/")
def home() -> Response:
    """Issues, the latest change first, with filters."""
    here, args = site(), request.args
    keys = {one.key for one in _projects("BROWSE_PROJECTS")}
    found = [one for one in here.state.issues.values() if one.project in keys and _fits(one, args)]
    found.sort(key=lambda one: one.updated, reverse=True)
    return _page(
        "home.html",
        rows=[row(here, one) for one in found[:_MOST]],
        count=len(found),
        projects=_named(_projects("BROWSE_PROJECTS")),
        addable=_named(_projects("CREATE_ISSUES")),
        kinds=_kinds(),
        statuses=[(one.id, one.name) for one in here.catalogue.statuses.values()],
        args=args,
    )


def _fits(issue: Issue, args: Mapping[str, str]) -> bool:
    done = site().status_of(issue).category == "done"
    status = args.get("status", "open")
    return (
        args.get("project_id", "") in {"", issue.project}
        and args.get("tracker_id", "") in {"", issue.type_id}
        and status in {"*", issue.status_id, "closed" if done else "open"}
        and args.get("q", "").casefold() in str(issue.values.get("summary")).casefold()
    )


@pages.post("/act")
def act() -> AnyResponse:
    """Choose who acts, then go back to the page one came from."""
    return desk.switched(_people())


@pages.get("/projects/<key>/versions/<_number>")
def version(key: str, _number: str) -> AnyResponse:
    """A version's page is the list of its project here."""
    return redirect(f"/?project_id={key}", 303)


@pages.get("/files/<number>/<_name>")
def file(number: str, _name: str) -> Response:
    """The content of a file."""
    try:
        found = find_file(site(), _acting(), number)
    except Refused:
        return _message("not_found", 404)
    return Response(found.content, content_type=found.mime)


@pages.get("/issues/new")
def new() -> Response:
    """The form of a new issue."""
    return _new_form(request.args.get("project", ""), request.args.get("tracker", ""), {}, (), 200)


def _new_form(
    key: str, type_id: str, typed: Mapping[str, str], faults: tuple[str, ...], status: int
) -> Response:
    here, project = site(), site().catalogue.project(key)
    if project is None or not here.may(_acting(), "CREATE_ISSUES", project.key):
        return _message("not_found", 404)
    kind = here.catalogue.types.get(type_id) or next(iter(here.catalogue.types.values()))
    controls = inputs(here, project.key, kind.id, None, desk.words(WORDS))
    return _page(
        "new.html",
        status,
        project=project.key,
        project_name=project.plan.name,
        kinds=_kinds(),
        kind=kind.id,
        kind_name=kind.name,
        controls=[replace(one, value=typed.get(one.name, one.value)) for one in controls],
        faults=faults,
    )


@pages.post("/issues/new")
def make() -> AnyResponse:
    """Create an issue as REST does."""
    here, form = site(), request.form.to_dict()
    project = here.catalogue.project(form.get("project_id", ""))
    kind = here.catalogue.types.get(form.get("tracker_id", ""))
    if project is None or kind is None or not here.may(_acting(), "CREATE_ISSUES", project.key):
        return _message("forbidden", 403)
    try:
        fields = {name: value for name, value in _fields(form).items() if value not in (None, [])}
        body: Json = {"fields": fields}
        wanted = Reader(here, _acting(), project.key, screen_of(here, kind, project.key)).read(body)
        made = create(here, _acting(), project, kind, wanted)
    except (Refused, ValueError) as refused:
        return _new_form(project.key, kind.id, form, _told(refused), 422)
    return redirect(f"/browse/{made.key}", 303)


def _fields(form: Mapping[str, str]) -> dict[str, object]:
    here = site()
    known = {name: text for name, text in form.items() if name not in _OTHER}
    return {name: stored(here, here.catalogue.fields[name], _lines(text)) for name, text in known.items()}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _told(refused: Refused | ValueError) -> tuple[str, ...]:
    if isinstance(refused, ValueError):
        return (str(refused),)
    fields = site().catalogue.fields
    named = (
        f"{fields[name].name if name in fields else name}: {said}" for name, said in refused.errors.items()
    )
    return (*refused.messages, *named)


def _issue(key: str) -> Issue | None:
    try:
        return site().issue(_acting(), key)
    except Refused:
        return None


@pages.get("/browse/<key>")
def show(key: str) -> Response:
    """One issue."""
    issue = _issue(key)
    return _issue_page(issue, {}, (), 200) if issue else _message("not_found", 404)


def _issue_page(issue: Issue, typed: Mapping[str, str], faults: tuple[str, ...], status: int) -> Response:
    here, person, words = site(), _acting(), desk.words(WORDS)
    edits = here.may(person, "EDIT_ISSUES", issue.project)
    controls = inputs(here, issue.project, issue.type_id, issue, words) if edits else []
    sheet = Sheet(
        row=row(here, issue),
        project_url=f"/?project_id={issue.project}",
        created=issue.created,
        description=str(issue.values.get("description") or ""),
        facts=facts(here, issue, words),
        moves=[(one.id, one.plan.name) for one in open_transitions(here, person, issue)],
        move_name="transition",
        controls=[replace(one, value=typed.get(one.name, one.value)) for one in controls],
        entries=entries(here, person, issue, words),
        related=[(label, row(here, other)) for label, other in related(here, issue)],
        children=(),
        files=files(issue),
        may_note=here.may(person, "ADD_COMMENTS", issue.project),
        may_hide=STAFF in here.roles(person, issue.project),
    )
    said = request.args.get("said", "")
    return _page("issue.html", status, sheet=sheet, typed=typed, faults=faults, said=said)


@pages.post("/browse/<key>")
def change(key: str) -> AnyResponse:
    """Move, edit or comment an issue as REST does: workflow and permissions hold here too."""
    issue, form = _issue(key), request.form.to_dict()
    if issue is None:
        return _message("not_found", 404)
    try:
        _change(issue, form)
    except (Refused, ValueError) as refused:
        return _issue_page(issue, form, _told(refused), 422)
    return redirect(f"/browse/{issue.key}?said=saved", 303)


def _change(issue: Issue, form: Mapping[str, str]) -> None:
    here, person = site(), _acting()
    if "transition" in form:
        moves = {one.id: one for one in open_transitions(here, person, issue)}
        if form["transition"] not in moves:
            raise Refused(400, desk.words(WORDS)["status_kept"])
        move = moves[form["transition"]]
        nothing = Reader(here, person, issue.project, move.screen, issue.values).read({})
        transition(here, person, issue, move, nothing)
        return
    fields = _changed(issue, form)
    if fields and not here.may(person, "EDIT_ISSUES", issue.project):
        raise Refused(403, desk.words(WORDS)["forbidden"])
    body: Json = {"fields": fields}
    if note := form.get("notes", "").strip():
        only = {"visibility": {"type": "role", "value": STAFF}} if "private_notes" in form else {}
        body["update"] = {"comment": [{"add": {"body": _lines(note), **only}}]}
    screen = screen_of(here, here.type_of(issue), issue.project)
    wanted = Reader(here, person, issue.project, screen, issue.values).read(body)
    edit(here, person, issue, wanted)


def _changed(issue: Issue, form: Mapping[str, str]) -> dict[str, object]:
    """The fields of the form that say something else than the issue."""
    here = site()
    now = {
        one.name: one.value for one in inputs(here, issue.project, issue.type_id, issue, desk.words(WORDS))
    }
    return _fields({name: text for name, text in form.items() if _lines(text) != now.get(name, "")})
