"""A person at a Jira: acts over REST with a token of their own, as people do by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import requests

from svc_plugin.demo.actor import Seen
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind, Stage
from svc_plugin.sites.jira.wiki import from_wiki
from svc_plugin.sites.mapping import SiteMapping

_TIMEOUT = (5, 30)
_OWN_VERSIONS = "fixVersions"


@dataclass(frozen=True, slots=True)
class Door:
    """One Jira as people use it, Cloud or Data Center.

    ``users`` are its names of people by account, ``role`` is that of those who read private notes, ``fields``
    are ids by name, read when first needed.
    """

    url: str
    cloud: bool
    mapping: SiteMapping
    zone: tzinfo
    users: Mapping[str, Mapping[str, str]]
    role: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class JiraActor:
    """One person with a token; the mapping translates the process's own choices."""

    door: Door
    email: str
    token: str = field(repr=False)
    http: requests.Session = field(default_factory=requests.Session, repr=False)

    @property
    def mapping(self) -> SiteMapping:
        """What this Jira calls things."""
        return self.door.mapping

    def create(
        self, kind: IssueKind, product: str, title: str, fields: Mapping[Field, str], assignee: str = ""
    ) -> int:
        """File an issue; return its id."""
        body: dict[str, Any] = {
            "project": {"key": self.mapping.projects[product]},
            "issuetype": {"name": self.mapping.kinds[kind].issue_type},
            "summary": title,
            **self._values(fields),
        }
        if assignee:
            body["assignee"] = self.door.users[assignee]
        return int(self._ask("POST", "/issue", {"fields": body})["id"])

    def change(
        self,
        number: int,
        kind: IssueKind,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None:
        """Move an issue and fill in fields: on the screen of the move what it shows, the rest before it."""
        values = self._values(fields or {})
        said: dict[str, Any] = {}
        if note:
            only = {"visibility": {"type": "role", "value": self.door.role}} if private else {}
            said = {"update": {"comment": [{"add": {"body": note, **only}}]}}
        status = self.mapping.status_of(kind, stage) if stage else ""
        self.move(number, status, values, said)

    def move(self, number: int, status: str, values: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        """Write field values and a comment, and move the issue to a status unless that is empty."""
        step: Mapping[str, Any] = self._step(number, status) if status else {}
        screen: Mapping[str, Any] = step.get("fields", {})
        before = {"fields": {name: value for name, value in values.items() if name not in screen}}
        body = {**(before if before["fields"] else {}), **said}
        if body:
            self._ask("PUT", f"/issue/{number}", body)
        if step:
            along = {name: value for name, value in values.items() if name in screen}
            self._ask(
                "POST", f"/issue/{number}/transitions", {"transition": {"id": step["id"]}, "fields": along}
            )

    def release(self, product: str, name: str) -> None:
        """Make a version of a product, unless it is there."""
        if name not in self.versions(product):
            self._ask("POST", "/version", {"name": name, "project": self.mapping.projects[product]})

    def versions(self, product: str) -> set[str]:
        """Read the names of a product's versions."""
        return {
            one["name"] for one in self._ask("GET", f"/project/{self.mapping.projects[product]}/versions")
        }

    def book(self, number: int, hours: float, at: datetime) -> None:
        """Book time that was spent on an issue."""
        body = {"timeSpentSeconds": round(hours * 3600), "started": _moment(at)}
        self._ask("POST", f"/issue/{number}/worklog", body)

    def look(self, number: int) -> Seen:
        """Read what the story is about."""
        found = self._ask("GET", f"/issue/{number}?fields=status,comment,issuelinks,attachment")["fields"]
        ends = [one.get("outwardIssue") or one["inwardIssue"] for one in found["issuelinks"]]
        return Seen(
            str(found["status"]["name"]),
            tuple(from_wiki(one["body"]) for one in found["comment"]["comments"]),
            {int(end["id"]): str(end["key"]) for end in ends},
            tuple(file["filename"] for file in found["attachment"]),
        )

    def _step(self, number: int, status: str) -> Mapping[str, Any]:
        path = f"/issue/{number}/transitions?expand=transitions.fields"
        for one in self._ask("GET", path)["transitions"]:
            if one["to"]["name"] == status:
                found: Mapping[str, Any] = one
                return found
        raise ValueError(f"issue {number}: nobody can move it to {status} now")

    def _values(self, fields: Mapping[Field, str]) -> dict[str, Any]:
        if fields and not self.door.fields:
            self.door.fields.update({one["name"]: one["id"] for one in self._ask("GET", "/field")})
        labels = {name: self.mapping.fields[name] for name in fields}
        return {
            self.door.fields.get(label, label): self._stored(name, label, fields[name])
            for name, label in labels.items()
        }

    def _stored(self, name: Field, label: str, value: str) -> Any:
        if label == _OWN_VERSIONS:
            return [{"name": value}] if value else []
        return self._written(FIELD_SPECS[name].type, name, value) if value else None

    def _written(self, kind: FieldType, name: Field, value: str) -> Any:
        stored: Any = value
        if kind in {FieldType.CHOICE, FieldType.YES_NO}:
            stored = {"value": self.mapping.to_site(name, value)}
        elif kind is FieldType.PERSON:
            stored = self.door.users[value]
        elif kind is FieldType.NUMBER:
            stored = float(value)
        elif kind is FieldType.MOMENT and (at := read_moment(value, self.door.zone)):
            stored = _moment(at)
        return stored

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        auth = (self.email, self.token) if self.door.cloud else None
        headers = {} if auth else {"Authorization": f"Bearer {self.token}"}
        where = f"{self.door.url}/rest/api/2{path}"
        answer = self.http.request(method, where, json=body, auth=auth, headers=headers, timeout=_TIMEOUT)
        if not answer.ok:
            said = f"{method} {path}: {answer.status_code} {answer.text}"
            raise requests.HTTPError(said, response=answer)
        return answer.json() if answer.content.strip() else None


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000%z")
