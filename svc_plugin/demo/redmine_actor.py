"""A person of the story at a Redmine: acts over REST with an API key of their own, as people do by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from svc_plugin.demo.actor import Seen
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType, IssueKind, Stage
from svc_plugin.sites.mapping import SiteMapping

_TIMEOUT = (5, 30)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids behind a Redmine's names, read once with an administrator's key."""

    trackers: Mapping[str, int]
    statuses: Mapping[str, int]
    fields: Mapping[str, int]
    users: Mapping[str, int]

    @classmethod
    def read(cls, url: str, admin_key: str) -> "Names":
        """Ask the Redmine at ``url``."""
        trackers = _get(url, admin_key, "/trackers.json")["trackers"]
        statuses = _get(url, admin_key, "/issue_statuses.json")["issue_statuses"]
        fields = _get(url, admin_key, "/custom_fields.json")["custom_fields"]
        users = _get(url, admin_key, "/users.json?limit=100")["users"]
        return cls(
            {entry["name"]: entry["id"] for entry in trackers},
            {entry["name"]: entry["id"] for entry in statuses},
            {entry["name"]: entry["id"] for entry in fields},
            {entry["login"]: entry["id"] for entry in users},
        )


@dataclass(frozen=True, slots=True)
class RedmineActor:
    """One person with an API key; the mapping translates the process's own choices."""

    url: str
    key: str = field(repr=False)
    names: Names
    mapping: SiteMapping

    def create(self, kind: IssueKind, product: str, title: str, fields: Mapping[Field, str]) -> int:
        """File an issue; return its number."""
        body = {
            "project_id": self.mapping.projects[product],
            "tracker_id": self.names.trackers[self.mapping.kinds[kind].issue_type],
            "subject": title,
            "custom_fields": self._custom(fields),
        }
        answer = self._send("POST", "/issues.json", {"issue": body})
        number: int = answer.json()["issue"]["id"]
        return number

    def change(
        self,
        number: int,
        kind: IssueKind,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
    ) -> None:
        """Move an issue and fill in fields, in one go."""
        body: dict[str, Any] = {"custom_fields": self._custom(fields or {})}
        if stage:
            body["status_id"] = self.names.statuses[self.mapping.status_of(kind, stage)]
        self._send("PUT", f"/issues/{number}.json", {"issue": body})

    def release(self, product: str, name: str) -> None:
        """Make a version of a product, unless it is there."""
        path = f"/projects/{self.mapping.projects[product]}/versions.json"
        if name not in {one["name"] for one in _get(self.url, self.key, path)["versions"]}:
            self._send("POST", path, {"version": {"name": name}})

    def read(self, number: int) -> dict[str, Any]:
        """Read an issue with its notes, relations and files."""
        issue: dict[str, Any] = _get(
            self.url, self.key, f"/issues/{number}.json?include=journals,relations,attachments"
        )["issue"]
        return issue

    def look(self, number: int) -> Seen:
        """Read what the story is about."""
        issue = self.read(number)
        ends = {end for one in issue.get("relations", ()) for end in (one["issue_id"], one["issue_to_id"])}
        return Seen(
            str(issue["status"]["name"]),
            tuple(journal["notes"] for journal in issue["journals"] if journal.get("notes")),
            {end: f"#{end}" for end in sorted(ends - {number})},
            tuple(file["filename"] for file in issue.get("attachments", ())),
        )

    def _custom(self, fields: Mapping[Field, str]) -> list[dict[str, Any]]:
        return [
            {"id": self.names.fields[self.mapping.fields[name]], "value": self._stored(name, value)}
            for name, value in fields.items()
        ]

    def _stored(self, name: Field, value: str) -> str:
        if value and FIELD_SPECS[name].type is FieldType.PERSON:
            return str(self.names.users[value])
        return self.mapping.to_site(name, value)

    def _send(self, method: str, path: str, body: dict[str, Any]) -> requests.Response:
        headers = {"X-Redmine-API-Key": self.key}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=_TIMEOUT)
        answer.raise_for_status()
        return answer


def _get(url: str, key: str, path: str) -> dict[str, Any]:
    answer = requests.get(url + path, headers={"X-Redmine-API-Key": key}, timeout=_TIMEOUT)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
