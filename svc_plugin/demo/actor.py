"""A person of the story: acts on a Redmine over REST with an API key of their own, as people do by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.mapping import SiteMapping

_TIMEOUT = (5, 30)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids behind a Redmine's names, read once with an administrator's key."""

    trackers: Mapping[str, int]
    statuses: Mapping[str, int]
    fields: Mapping[str, int]

    @classmethod
    def read(cls, url: str, admin_key: str) -> "Names":
        """Ask the Redmine at ``url``."""
        trackers = _get(url, admin_key, "/trackers.json")["trackers"]
        statuses = _get(url, admin_key, "/issue_statuses.json")["issue_statuses"]
        fields = _get(url, admin_key, "/custom_fields.json")["custom_fields"]
        return cls(
            {entry["name"]: entry["id"] for entry in trackers},
            {entry["name"]: entry["id"] for entry in statuses},
            {entry["name"]: entry["id"] for entry in fields},
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """One person with an API key; ``user_id`` is what a field for persons takes.

    Field values are the process's own choices; the mapping translates.
    """

    url: str
    key: str = field(repr=False)
    names: Names
    mapping: SiteMapping
    user_id: str = ""

    def create(self, kind: IssueKind, project: str, title: str, fields: Mapping[Field, str]) -> int:
        """File an issue; return its number."""
        body = {
            "project_id": project,
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

    def release(self, project: str, name: str) -> None:
        """Make a version of a project, unless it is there."""
        path = f"/projects/{project}/versions.json"
        if name not in {one["name"] for one in _get(self.url, self.key, path)["versions"]}:
            self._send("POST", path, {"version": {"name": name}})

    def read(self, number: int) -> dict[str, Any]:
        """Read an issue with its notes, relations and files."""
        issue: dict[str, Any] = _get(
            self.url, self.key, f"/issues/{number}.json?include=journals,relations,attachments"
        )["issue"]
        return issue

    def _custom(self, fields: Mapping[Field, str]) -> list[dict[str, Any]]:
        return [
            {"id": self.names.fields[self.mapping.fields[name]], "value": self.mapping.to_site(name, value)}
            for name, value in fields.items()
        ]

    def _send(self, method: str, path: str, body: dict[str, Any]) -> requests.Response:
        headers = {"X-Redmine-API-Key": self.key}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=_TIMEOUT)
        answer.raise_for_status()
        return answer


def user_id(url: str, key: str) -> str:
    """Return the number under which a Redmine knows the owner of a key."""
    return str(_get(url, key, "/users/current.json")["user"]["id"])


def _get(url: str, key: str, path: str) -> dict[str, Any]:
    answer = requests.get(url + path, headers={"X-Redmine-API-Key": key}, timeout=_TIMEOUT)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
