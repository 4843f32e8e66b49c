from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

STAFF = [
    "view_issues", "add_issues", "edit_issues", "add_issue_notes", "view_time_entries", "log_time",
    "manage_issue_relations", "manage_subtasks", "edit_own_issue_notes", "view_private_notes",
    "view_issue_watchers", "add_issue_watchers", "delete_issue_watchers", "manage_versions",
]  # fmt: skip
MOVES = [
    ["", "已登记"],
    ["已登记", "处理中"],
    ["处理中", "已答复"],
    ["已答复", "已关闭"],
    ["已关闭", "处理中"],
]


def make_blueprint(hook_url: str = "") -> dict[str, object]:
    """Two projects, two trackers, five people; zhang hides notes and deletes, li sees no hidden ones."""
    return {
        **tracking(),
        "roles": [
            role("服务", [*STAFF, "set_notes_private", "delete_issues", "edit_issue_notes"]),
            role("维护", [permission for permission in STAFF if permission != "view_private_notes"]),
            {"name": "客户", "permissions": ["view_issues", "add_issues", "add_issue_notes"]},
        ],
        "workflow": [
            {"role": "服务", "tracker": "客户要求", "moves": MOVES},
            {"role": "服务", "tracker": "维护要求", "moves": [["", "已登记"], ["已登记", "已关闭"]]},
            {"role": "维护", "tracker": "维护要求", "moves": [["", "已登记"], ["已登记", "处理中"]]},
            {"role": "客户", "tracker": "客户要求", "moves": [["", "已登记"]]},
        ],
        "activities": ["维护", "现场"],
        "projects": [{"identifier": "erp", "name": "ERP"}, {"identifier": "crm", "name": "CRM"}],
        "users": [
            user("admin", "管理", "员", admin=True),
            user("zhang", "服务", "张", password="pw"),
            user("li", "维护", "李"),
            user("kunde", "客户", "王"),
            user("fremd", "外", "人"),
        ],
        "memberships": [
            {"project": "erp", "login": "zhang", "roles": ["服务"]},
            {"project": "erp", "login": "li", "roles": ["维护"]},
            {"project": "erp", "login": "kunde", "roles": ["客户"]},
            {"project": "crm", "login": "fremd", "roles": ["服务"]},
        ],
        "hooks": [{"url": hook_url, "secret": "geheim", "login": "li"}] if hook_url else [],
    }


def tracking() -> dict[str, object]:
    return {
        "statuses": [
            {"name": name, "is_closed": name == "已关闭"} for name in ("已登记", "处理中", "已答复", "已关闭")
        ],
        "trackers": [
            {
                "name": "客户要求",
                "default_status": "已登记",
                "statuses": ["已登记", "处理中", "已答复", "已关闭"],
            },
            {"name": "维护要求", "default_status": "已登记", "statuses": ["已登记", "处理中", "已关闭"]},
        ],
        "custom_fields": [
            custom_field("要求种类", "list", possible_values=["请求", "投诉"]),
            custom_field("外部编号", "string", regexp="\\A[A-Z]-\\d+\\z"),
            custom_field("内部备注", "text", is_filter=False),
            custom_field("约定日期", "date"),
            custom_field("需现场", "bool"),
            custom_field("测试人", "user", trackers=["维护要求"]),
        ],
    }


def custom_field(name: str, kind: str, **more: object) -> dict[str, object]:
    return {"name": name, "format": kind, "trackers": ["客户要求"], "is_filter": True, **more}


def role(name: str, permissions: list[str]) -> dict[str, object]:
    return {"name": name, "permissions": permissions, "assignable": True}


def user(login: str, first: str, last: str, **more: object) -> dict[str, object]:
    mail = f"{login[0]}@example.com"
    return {
        "login": login,
        "firstname": first,
        "lastname": last,
        "mail": mail,
        "api_key": f"k-{login}",
        **more,
    }


@dataclass
class Clock:
    """A clock that a test moves; each look costs 10 ms, as real requests have fractions of seconds."""

    now: datetime = datetime(2026, 3, 2, 9, 0, 0, 500000, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=10)
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Person:
    """A REST client that acts with one key."""

    client: FlaskClient
    key: str

    def get(self, url: str, **query: object) -> TestResponse:
        return self.client.get(url, query_string=query or None, headers={"X-Redmine-API-Key": self.key})

    def send(self, method: str, url: str, data: object = None, **headers: str) -> TestResponse:
        wanted = {"X-Redmine-API-Key": self.key, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.client.open(url, method=method, json=data, headers=wanted)

    def new(self, subject: str = "登录失败", **attrs: object) -> dict[str, Any]:
        issue = {"project_id": "erp", "tracker_id": 1, "subject": subject, **attrs}
        answer = self.send("POST", "/issues.json", {"issue": issue})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()["issue"]

    def put(self, issue_id: int, **attrs: object) -> int:
        return self.send("PUT", f"/issues/{issue_id}.json", {"issue": attrs}).status_code

    def issue(self, issue_id: int, *includes: str) -> dict[str, Any]:
        return self.get(f"/issues/{issue_id}.json", include=",".join(includes)).get_json()["issue"]

    def subjects(self, **query: object) -> list[str]:
        return [one["subject"] for one in self.get("/issues.json", **query).get_json()["issues"]]


@dataclass
class Receiver:
    """A small HTTP server that keeps what webhooks bring."""

    url: str
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]
