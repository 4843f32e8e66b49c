"""The same small world on a stand-in for Jira, in both editions: people who act with tokens of their own."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import requests
from flask import request

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind, Stage
from svc_plugin.engine.ports import Site
from svc_plugin.settings.build import to_mapping
from svc_plugin.settings.files import MappingFile
from svc_plugin.settings.reading import Reader
from svc_plugin.sites.jira import JiraSettings, JiraSite
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.standins.jira import JiraPlan, Mode, Person, create_app, plan_of, serve, site_of
from svc_plugin.standins.jira.faults import Fault
from svc_plugin.standins.jira.plan import IssueTypePlan
from svc_plugin.standins.jira.site import Site as Standin
from tests.builders import BOT, CONFIG, LEADER, MAINTAINER, SERVICE
from tests.contract.jira_spec import SpecWatch, watched
from tests.contract.worlds import OTHER_PRODUCT, PRODUCT, ZONE, Watch

MODES: tuple[Mode, ...] = ("cloud", "dc")
# a form is gone once it was read; the description knows neither the gateway nor every fault
BEYOND_DESCRIPTION = (
    "/attachments 200: MissingRequiredRequestBody",
    "Server not found for",
    "Unknown response http status",
)
PROJECTS = {PRODUCT: "ERP", OTHER_PRODUCT: "MES"}
VERSIONS = ("5.1", "5.2")


def person(name: str, **more: Any) -> Person:
    return Person(name, f"测试 {name}", f"{name}@example.com", f"planted-token-of-{name}", **more)


PEOPLE = {
    one.name: one
    for one in (
        person(BOT),
        person(SERVICE),
        person(MAINTAINER, time_zone="Europe/Berlin"),
        person(LEADER, admin=True),
    )
}


@cache
def shipped(language: str = "zh") -> SiteMapping:
    """A shipped mapping for Jira."""
    reader = Reader(CONFIG)
    name = f"jira-{language}"
    file = reader.read(f"mappings/{name}.yaml", MappingFile)
    assert file is not None
    found = to_mapping(reader, name, file, PROJECTS)
    assert not reader.faults
    return found


def settings(url: str, mode: Mode, **more: Any) -> JiraSettings:
    cloud = mode == "cloud"
    given: dict[str, Any] = {
        "name": "main",
        "api_url": url,
        "browse_url": "https://jira.example.com/",
        "cloud": cloud,
        "api_key": PEOPLE[BOT].token,
        "email": PEOPLE[BOT].email if cloud else "",
        "language": "zh",
        "zone": ZONE,
        "mapping": shipped(),
        "accounts": {name: one.account_id for name, one in PEOPLE.items()} if cloud else {},
        "people": frozenset(PEOPLE),
    }
    return JiraSettings(**{**given, **more})


@dataclass
class JiraWorld:
    """People at a Jira: they use its REST directly, each with a token of their own."""

    url: str
    mode: Mode
    watch: Watch
    standin: Standin
    mapping: SiteMapping

    def __post_init__(self) -> None:
        self.site: Site = self.connect()
        self.http = requests.Session()
        self.fields = {one["name"]: one["id"] for one in self.ask(LEADER, "get", "/field")}
        self.fields |= {number: number for number in self.fields.values()}
        for name in VERSIONS:
            self.release(name)

    def connect(self, **more: Any) -> JiraSite:
        return JiraSite(settings(self.url, self.mode, **{"mapping": self.mapping, **more}))

    def ask(self, account: str, method: str, path: str, body: object = None, **parts: Any) -> Any:
        who = PEOPLE[account]
        auth = (who.email, who.token) if self.mode == "cloud" else None
        headers = {} if auth else {"Authorization": f"Bearer {who.token}"}
        headers |= parts.pop("headers", {})
        where = path if path.startswith("http") else f"{self.url}/rest/api/2{path}"
        answer = self.http.request(method, where, json=body, auth=auth, headers=headers, timeout=30, **parts)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content

    def user(self, account: str) -> dict[str, str]:
        return {"accountId": PEOPLE[account].account_id} if self.mode == "cloud" else {"name": account}

    def fault(self, **parts: Any) -> None:
        """Let something go wrong next."""
        self.standin.faults.plan(Fault(**parts))

    def now(self) -> datetime:
        return self.watch()

    def create(
        self,
        kind: IssueKind = IssueKind.SERVICE_REQUEST,
        title: str = "开票失败",
        *,
        author: str = SERVICE,
        fields: Mapping[Field, str] | None = None,
        assignee: str = "",
        description: str = "",
    ) -> IssueRef:
        body: dict[str, Any] = {
            "project": {"key": self.mapping.projects[PRODUCT]},
            "issuetype": {"name": self.mapping.kinds[kind].issue_type},
            "summary": title,
            **self.values(fields or {}),
            **({"assignee": self.user(assignee)} if assignee else {}),
            **({"description": description} if description else {}),
        }
        return IssueRef("main", str(self.ask(author, "post", "/issue", {"fields": body})["id"]))

    def values(self, fields: Mapping[Field, str]) -> dict[str, Any]:
        return {self.fields[self.mapping.fields[name]]: self.stored(name, fields[name]) for name in fields}

    def stored(self, name: Field, value: str) -> Any:
        label = self.mapping.to_site(name, value)
        if name is Field.FIXED_VERSION:
            return [{"name": value}]
        match FIELD_SPECS[name].type:
            case FieldType.CHOICE | FieldType.YES_NO:
                return {"value": label}
            case FieldType.PERSON:
                return self.user(value)
            case FieldType.NUMBER:
                return float(value)
            case FieldType.MOMENT:
                at = read_moment(value, ZONE)
                return at.strftime("%Y-%m-%dT%H:%M:%S.000%z") if at else value
            case _:
                return value

    def does(
        self,
        ref: IssueRef,
        account: str,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None:
        body: dict[str, Any] = {"fields": self.values(fields)} if fields else {}
        if note:
            only = {"visibility": {"type": "role", "value": "Service staff"}} if private else {}
            body["update"] = {"comment": [{"add": {"body": note, **only}}]}
        if stage is None:
            self.ask(account, "put", f"/issue/{ref.key}", body)
            return
        wanted = self.mapping.status_of(self.site.fetch(ref).kind, stage)
        moves = self.ask(account, "get", f"/issue/{ref.key}/transitions")["transitions"]
        number = next(one["id"] for one in moves if one["to"]["name"] == wanted)
        body["transition"] = {"id": number}
        self.ask(account, "post", f"/issue/{ref.key}/transitions", body)

    def book(self, ref: IssueRef, account: str, hours: float, on: date, activity: str) -> None:
        body = {
            "timeSpentSeconds": round(hours * 3600),
            "started": f"{on.isoformat()}T10:00:00.000+0800",
            "comment": activity,
        }
        self.ask(account, "post", f"/issue/{ref.key}/worklog", body)

    def release(self, name: str) -> None:
        self.ask(LEADER, "post", "/version", {"name": name, "project": PROJECTS[PRODUCT]})

    def content(self, ref: IssueRef, name: str) -> bytes:
        files = self.ask(SERVICE, "get", f"/issue/{ref.key}?fields=attachment")["fields"]["attachment"]
        found: bytes = self.ask(
            SERVICE, "get", next(one["content"] for one in files if one["filename"] == name)
        )
        return found

    def forbid_closing(self, ref: IssueRef) -> None:
        """Its workflow has no way there any more: Jira does not show such a transition to anybody."""
        issue = self.standin.state.issues[int(ref.key)]
        wanted = self.mapping.status_of(IssueKind.SERVICE_REQUEST, Stage.CLOSED)
        self.standin.faults.closed.add((issue.key, wanted))

    def same_second(self) -> contextlib.AbstractContextManager[None]:
        return self.watch.stop()

    def later(self, seconds: int) -> None:
        self.watch.ahead += timedelta(seconds=seconds)


def plan(known: SiteMapping, *with_screen: Stage) -> JiraPlan:
    """The usual Jira; moves to these stages have a screen too, as those to the final stages have."""
    made = plan_of(known, tuple(PEOPLE.values()), leads=(BOT,))
    names = {
        one.statuses[stage] for one in known.kinds.values() for stage in with_screen if stage in one.statuses
    }
    return replace(made, issue_types=tuple(_with_screens(one, names) for one in made.issue_types))


def _with_screens(one: IssueTypePlan, names: set[str]) -> IssueTypePlan:
    screen = next(move.screen for move in one.transitions if move.screen)
    moves = (replace(move, screen=screen) if move.to in names else move for move in one.transitions)
    return replace(one, transitions=tuple(moves))


@contextlib.contextmanager
def a_jira(
    mode: Mode, given: JiraPlan | None = None, known: SiteMapping | None = None, **more: Any
) -> Iterator[tuple[JiraWorld, list[str]]]:
    """A fresh Jira and the list of what our own account asks of it.

    On Cloud every exchange is held against Atlassian's own description.
    """
    known = known or shipped()
    asked: list[str] = []
    watch = Watch()
    app = create_app(given or plan(known, Stage.IN_WORK), mode, clock=watch, **more)

    @app.before_request
    def note_down() -> None:
        auth = request.authorization
        ours = auth is not None and PEOPLE[BOT].token in {auth.password, auth.token}
        if ours:
            asked.append(f"{request.method} {request.path.removeprefix('/rest/api/2')}")

    spec = watched(app, refused_too=False) if mode == "cloud" else SpecWatch()
    with serve(app) as served:
        yield JiraWorld(served.url, mode, watch, site_of(app), known), asked
    faults = [one for one in spec.violations if not any(known in one for known in BEYOND_DESCRIPTION)]
    assert not faults, faults


def without(*fields: Field) -> SiteMapping:
    known = shipped()
    return replace(known, fields={k: v for k, v in known.fields.items() if k not in fields})
