"""A small Jira for the tests: two types, four people, two projects."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from svc_plugin.standins.jira import Mode, Person, create_app, site_of
from svc_plugin.standins.jira.app import JiraApp
from svc_plugin.standins.jira.plan import (
    LEADING,
    WORKING,
    FieldPlan,
    HookPlan,
    IssueTypePlan,
    JiraPlan,
    Member,
    ProjectPlan,
    StatusPlan,
    TransitionPlan,
)
from svc_plugin.standins.jira.site import Site

V2 = "/rest/api/2"
CLOUD_ID = "11111111-2222-4333-8444-555555555555"
SCREEN = ("resolution", "assignee", "comment", "根本原因", "约定日期")


def person(name: str, **more: Any) -> Person:
    return Person(name, f"{name} 先生", f"{name}@example.com", f"t-{name}", **more)


def make_plan(*hooks: HookPlan) -> JiraPlan:
    """zhang leads, li works, kunde only looks, fremd sees another project alone; bot has a scoped token."""
    return JiraPlan(
        people=(
            person("zhang", admin=True, password="pw"),
            person("li", time_zone="Europe/Berlin"),
            person("kunde"),
            person("fremd"),
            person("bot", scoped=True),
        ),
        projects=(ProjectPlan("ERP", "财务"), ProjectPlan("CRM", "客户", service_desk=True)),
        statuses=(
            StatusPlan("已登记", "new"),
            StatusPlan("处理中"),
            StatusPlan("已关闭", "done"),
            StatusPlan("测试"),
        ),
        issue_types=(request_type(), work_type()),
        fields=(
            FieldPlan("要求种类", "select", ("请求", "投诉"), ("客户要求",)),
            FieldPlan("根本原因", "text"),
            FieldPlan("标记", "line"),
            FieldPlan("约定日期", "date"),
            FieldPlan("到达时间", "datetime"),
            FieldPlan("评分", "number"),
            FieldPlan("测试人", "user"),
            FieldPlan("内部", "line", issue_types=("维护要求",)),
        ),
        roles={"lead": LEADING, "staff": WORKING, "view": frozenset({"BROWSE_PROJECTS"})},
        members=(
            Member("ERP", "zhang", "lead"),
            Member("ERP", "li", "staff"),
            Member("ERP", "bot", "staff"),
            Member("ERP", "kunde", "view"),
            Member("CRM", "zhang", "lead"),
            Member("CRM", "fremd", "staff"),
        ),
        hooks=hooks,
    )


def request_type() -> IssueTypePlan:
    return IssueTypePlan(
        "客户要求",
        ("已登记", "处理中", "已关闭"),
        (
            TransitionPlan("开始", "处理中", ("已登记",), resolution=None),
            TransitionPlan(
                "关闭", "已关闭", ("处理中",), SCREEN, ("根本原因",), resolution="Done", event="issue_closed"
            ),
            TransitionPlan("重开", "处理中", ("已关闭",), resolution=None, event="issue_reopened"),
            TransitionPlan("作废", "已关闭", ("已登记",), roles=("lead",), resolution="Won't Do"),
        ),
    )


def work_type() -> IssueTypePlan:
    return IssueTypePlan(
        "维护要求",
        ("已登记", "处理中", "测试", "已关闭"),
        (TransitionPlan("测试", "测试"),),
        hidden=("标记",),
    )


@dataclass
class Clock:
    """A clock that a test moves; each look costs 10 ms."""

    now: datetime = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=10)
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Someone:
    """A REST client that acts with one account."""

    client: FlaskClient
    person: Person
    mode: Mode

    def headers(self) -> dict[str, str]:
        if self.mode == "dc":
            return {"Authorization": f"Bearer {self.person.token}"}
        coded = base64.b64encode(f"{self.person.email}:{self.person.token}".encode()).decode()
        return {"Authorization": f"Basic {coded}"}

    def get(self, path: str, **asked: object) -> TestResponse:
        return self.client.get(self._url(path), query_string=asked or None, headers=self.headers())

    def send(self, method: str, path: str, data: object = None) -> TestResponse:
        return self.client.open(self._url(path), method=method, json=data, headers=self.headers())

    def _url(self, path: str) -> str:
        door = f"/ex/jira/{CLOUD_ID}" if self.person.scoped and self.mode == "cloud" else ""
        return door + (path if path.startswith("/rest") else V2 + path)

    def ref(self) -> dict[str, str]:
        return {"name": self.person.name} if self.mode == "dc" else {"accountId": self.person.account_id}


@dataclass
class Jira:
    """A running stand-in and the people on it."""

    mode: Mode
    hooks: tuple[HookPlan, ...] = ()
    clock: Clock = field(default_factory=Clock)
    seconds: float = 0.0
    app: JiraApp = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(make_plan(*self.hooks), self.mode, clock=self.clock, pace=lambda: self.seconds)

    @property
    def site(self) -> Site:
        return site_of(self.app)

    def who(self, name: str) -> Someone:
        return Someone(self.app.test_client(), self.site.catalogue.people[name], self.mode)

    def field(self, name: str) -> str:
        return self.site.catalogue.field_id(name)

    def create(self, name: str = "li", kind: str = "客户要求", project: str = "ERP", **fields: object) -> str:
        given = {self.field(key): value for key, value in fields.items()}
        body = {"project": {"key": project}, "issuetype": {"name": kind}, "summary": "开票失败", **given}
        answer = self.who(name).send("POST", "/issue", {"fields": body})
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def fields(self, issue: str, name: str = "zhang") -> Any:
        answer = self.who(name).get(f"/issue/{issue}")
        assert answer.status_code == 200, answer.text
        return answer.json["fields"]

    def moves(self, issue: str, name: str = "zhang") -> dict[str, str]:
        answer = self.who(name).get(f"/issue/{issue}/transitions")
        return {one["name"]: one["id"] for one in answer.json["transitions"]}

    def move(self, issue: str, to: str, name: str = "zhang", **more: object) -> TestResponse:
        body = {"transition": {"id": self.moves(issue, name)[to]}, **more}
        return self.who(name).send("POST", f"/issue/{issue}/transitions", body)

    def changelog(self, issue: str) -> Any:
        if self.mode == "cloud":
            return self.who("zhang").get(f"/issue/{issue}/changelog").json["values"]
        answer = self.who("zhang").get(f"/issue/{issue}", expand="changelog", fields="summary")
        return answer.json["changelog"]["histories"]


@dataclass
class Receiver:
    """What arrived at the address of a webhook, and what to answer next (200 when nothing is left)."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    def names(self) -> list[str]:
        return [one["webhookEvent"] for one in self.events()]
