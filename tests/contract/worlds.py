"""The same small world on every kind of site: people who act, and the site through which we look."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import requests

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Site
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.memory import MemorySite
from svc_plugin.sites.redmine import RedmineSettings, RedmineSite, blueprint
from tests.builders import BOT, LEADER, MAINTAINER, SERVICE, example

ROLES = {
    BOT: "服务机器人",
    SERVICE: "服务人员",
    MAINTAINER: "维护人员",
    LEADER: "机构领导",
}
PRODUCT, OTHER_PRODUCT = "erp", "mes"
ZONE = ZoneInfo("Asia/Shanghai")


class World(Protocol):
    """People and the site; ``now`` is the site's own time."""

    site: Site

    def now(self) -> datetime: ...
    def create(
        self,
        kind: IssueKind = ...,
        title: str = ...,
        *,
        author: str = ...,
        fields: Mapping[Field, str] | None = None,
        assignee: str = "",
        description: str = "",
    ) -> IssueRef: ...
    def does(
        self,
        ref: IssueRef,
        account: str,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None: ...
    def book(self, ref: IssueRef, account: str, hours: float, on: date, activity: str) -> None: ...
    def release(self, name: str) -> None: ...
    def content(self, ref: IssueRef, name: str) -> bytes: ...
    def forbid_closing(self, ref: IssueRef) -> None: ...
    def same_second(self) -> contextlib.AbstractContextManager[None]: ...
    def later(self, seconds: int) -> None: ...


@dataclass
class Watch:
    """Time as it passes, which a test may stop or push on."""

    ahead: timedelta = timedelta()
    stopped: datetime | None = None

    def __call__(self) -> datetime:
        return (self.stopped or datetime.now(UTC)) + self.ahead

    @contextlib.contextmanager
    def stop(self) -> Iterator[None]:
        self.stopped = datetime.now(UTC).replace(microsecond=0)
        yield
        self.stopped = None


class MemoryWorld:
    def __init__(self) -> None:
        self.watch = Watch()
        self.site = self.memory = MemorySite("main", self.watch, account=BOT)

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
        return self.memory.create(
            kind, PRODUCT, title, author=author, fields=fields, assignee=assignee, description=description
        )

    def does(self, ref: IssueRef, account: str, **acts: Any) -> None:
        self.memory.person_does(ref, account, **acts)

    def book(self, ref: IssueRef, account: str, hours: float, on: date, activity: str) -> None:
        self.memory.book(ref, account, hours, on, activity)

    def release(self, name: str) -> None:
        self.memory.release(PRODUCT, name)

    def content(self, ref: IssueRef, name: str) -> bytes:
        return self.memory.content(ref, name)

    def forbid_closing(self, ref: IssueRef) -> None:
        self.memory.deaf = frozenset({Stage.CLOSED})

    def same_second(self) -> contextlib.AbstractContextManager[None]:
        return self.watch.stop()

    def later(self, seconds: int) -> None:
        self.watch.ahead += timedelta(seconds=seconds)


def mapping(projects: Mapping[str, str]) -> SiteMapping:
    """The shipped Chinese mapping, on other projects."""
    shipped = example().sites["main"].mapping
    return SiteMapping(shipped.kinds, shipped.fields, shipped.choices, projects)


def settings(url: str, key: str, known: SiteMapping, **more: Any) -> RedmineSettings:
    return RedmineSettings("main", url, key, "zh", ZONE, known, **more)


def plan_of(known: SiteMapping) -> dict[str, Any]:
    """The blueprint with the people of this world, an administrator included."""
    plan = blueprint(known, "zh", {product: f"产品 {product}" for product in known.projects})
    people = [{"login": "admin", "admin": True}, *({"login": login} for login in ROLES)]
    plan["users"] = [
        {
            **one,
            "firstname": "测试",
            "lastname": str(one["login"]),
            "mail": f"{one['login']}@example.com",
            "password": f"planted-{one['login']}-1",
            "api_key": api_key(str(one["login"])),
        }
        for one in people
    ]
    plan["memberships"] = [
        {"project": project, "login": login, "roles": [role]}
        for project in known.projects.values()
        for login, role in ROLES.items()
    ]
    return plan


def api_key(login: str) -> str:
    return f"planted-key-of-{login}".ljust(40, "0")


@dataclass
class RedmineWorld:
    """People at a Redmine: they use its REST directly, each with a key of their own."""

    url: str
    keys: Mapping[str, str]
    mapping: SiteMapping
    watch: Watch = field(default_factory=Watch)

    def __post_init__(self) -> None:
        self.site: Site = RedmineSite(settings(self.url, self.keys[BOT], self.mapping))
        self.http = requests.Session()
        self.ids = {
            "trackers": self._ids("/trackers.json", "trackers"),
            "statuses": self._ids("/issue_statuses.json", "issue_statuses"),
            "fields": self._ids("/custom_fields.json", "custom_fields"),
            "activities": self._ids("/enumerations/time_entry_activities.json", "time_entry_activities"),
        }
        people = self.ask("admin", "get", "/users.json?limit=100")["users"]
        self.users: dict[str, int] = {one["login"]: one["id"] for one in people}

    def ask(self, account: str, method: str, path: str, body: object = None) -> Any:
        answer = self.http.request(
            method,
            f"{self.url}{path}",
            json=body,
            headers={"X-Redmine-API-Key": self.keys[account]},
            timeout=30,
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content.strip() else None

    def _ids(self, path: str, name: str) -> dict[str, int]:
        return {one["name"]: one["id"] for one in self.ask("admin", "get", path)[name]}

    def _project(self) -> str:
        return self.mapping.projects[PRODUCT]

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
        body = {
            "project_id": self._project(),
            "tracker_id": self.ids["trackers"][self.mapping.kinds[kind].issue_type],
            "subject": title,
            "description": description,
            "custom_fields": self._values(fields or {}),
            **({"assigned_to_id": self.users[assignee]} if assignee else {}),
        }
        made = self.ask(author, "post", "/issues.json", {"issue": body})
        return IssueRef("main", str(made["issue"]["id"]))

    def _values(self, fields: Mapping[Field, str]) -> list[dict[str, object]]:
        return [
            {"id": self.ids["fields"][self.mapping.fields[name]], "value": self._stored(name, value)}
            for name, value in fields.items()
        ]

    def _stored(self, name: Field, value: str) -> str:
        known = {"yes": "1", "no": "0", **{login: str(number) for login, number in self.users.items()}}
        return known.get(value, self.mapping.to_site(name, value))

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
        body: dict[str, object] = {"notes": note, "private_notes": private} if note else {}
        if fields:
            body["custom_fields"] = self._values(fields)
        if stage:
            kind = self.site.fetch(ref).kind
            body["status_id"] = self.ids["statuses"][self.mapping.status_of(kind, stage)]
        self.ask(account, "put", f"/issues/{ref.key}.json", {"issue": body})

    def book(self, ref: IssueRef, account: str, hours: float, on: date, activity: str) -> None:
        body = {
            "issue_id": int(ref.key),
            "hours": hours,
            "spent_on": on.isoformat(),
            "activity_id": self.ids["activities"][activity],
        }
        self.ask(account, "post", "/time_entries.json", {"time_entry": body})

    def release(self, name: str) -> None:
        self.ask(LEADER, "post", f"/projects/{self._project()}/versions.json", {"version": {"name": name}})

    def content(self, ref: IssueRef, name: str) -> bytes:
        files = self.ask(SERVICE, "get", f"/issues/{ref.key}.json?include=attachments")["issue"][
            "attachments"
        ]
        url = next(one["content_url"] for one in files if one["filename"] == name)
        path = url.partition("/attachments/")[2]
        return self.http.get(
            f"{self.url}/attachments/{path}", headers={"X-Redmine-API-Key": self.keys[SERVICE]}, timeout=30
        ).content

    def forbid_closing(self, ref: IssueRef) -> None:
        """An open issue that blocks another one keeps it open: Redmine answers 204 and leaves it."""
        blocker = self.create(title="先做这个")
        body = {"relation": {"issue_to_id": int(ref.key), "relation_type": "blocks"}}
        self.ask(SERVICE, "post", f"/issues/{blocker.key}/relations.json", body)

    def same_second(self) -> contextlib.AbstractContextManager[None]:
        return self.watch.stop()

    def later(self, seconds: int) -> None:
        self.watch.ahead += timedelta(seconds=seconds)
