"""Redmine's numbers and names: read when first asked for, kept, and read again when one is missing."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from svc_plugin.sites.errors import ForbiddenError, NotThereError
from svc_plugin.sites.redmine.client import Client, Json

_VERSIONS_KEPT: Final = 60.0  # seconds: people make versions, and expect them to be seen


@dataclass(frozen=True, slots=True)
class Project:
    """A project, the trackers enabled in it, and those custom fields that Redmine lists with it (by name).

    Redmine 5.0 does not list the fields that are "for all projects" here.
    """

    id: int
    identifier: str
    trackers: Mapping[str, int]
    fields: Mapping[str, int]


class Directory:
    """Names to numbers and back. Safe for threads: one of them asks, the others wait."""

    def __init__(self, client: Client, people: Mapping[str, str]) -> None:
        self._client = client
        self._people = people
        self._lock = threading.RLock()
        self._statuses: dict[str, int] = {}
        self._projects: dict[str, Project] = {}
        self._versions: dict[int, tuple[float, Sequence[Json]]] = {}
        self._logins: dict[int, str] = {}
        self._me: int | None = None

    def me(self) -> int:
        """Return the number of our own account."""
        with self._lock:
            if self._me is None:
                user = self._client.get("/users/current.json")["user"]
                self._me = int(user["id"])
                self._logins[self._me] = str(user["login"])
            return self._me

    def status_id(self, name: str) -> int | None:
        """Return the number of a status, None when there is no such status."""
        return self._known(self._statuses, lambda known: name in known).get(name)

    def status_name(self, number: int) -> str:
        """Return the name of a status, "" when it is gone."""
        known = self._known(self._statuses, lambda known: number in known.values())
        return next((name for name, known_id in known.items() if known_id == number), "")

    def _known(self, names: dict[str, int], enough: Callable[[dict[str, int]], bool]) -> dict[str, int]:
        with self._lock:
            if not enough(names):
                names.clear()
                names.update(_numbers(self._client.get("/issue_statuses.json")["issue_statuses"]))
            return names

    def project(self, key: str) -> Project | None:
        """Return a project by identifier or number (as text); None when it is unknown or not ours to see."""
        with self._lock:
            if key not in self._projects:
                found = self._read_project(key)
                if found is None:
                    return None
                self._projects[str(found.id)] = self._projects[found.identifier] = found
            return self._projects[key]

    def reread_project(self, key: str) -> Project | None:
        """Return a project as it is now, for when something is missing in what was known of it."""
        with self._lock:
            self._projects.pop(key, None)
            return self.project(key)

    def _read_project(self, key: str) -> Project | None:
        try:
            raw = self._client.get(f"/projects/{key}.json", include="trackers,issue_custom_fields")["project"]
        except (NotThereError, ForbiddenError):
            return None
        fields = _numbers(raw.get("issue_custom_fields", ()))
        return Project(int(raw["id"]), str(raw["identifier"]), _numbers(raw.get("trackers", ())), fields)

    def login(self, user: Json) -> str:
        """Return the login behind ``{"id": ..., "name": ...}``.

        An account that Redmine hides is looked up by its name; when that fails too, and for a group,
        the name itself is returned.
        """
        number, name = int(user["id"]), str(user.get("name", user["id"]))
        with self._lock:
            if number not in self._logins:
                found = self._read_login(number) or self._by_name(name)
                if found == str(number):
                    return found  # a field's value comes without a name: a history may bring one
                self._logins[number] = found
            return self._logins[number]

    def _read_login(self, number: int) -> str:
        try:
            return str(self._client.get(f"/users/{number}.json")["user"].get("login", ""))
        except (NotThereError, ForbiddenError):
            return ""

    def _by_name(self, name: str) -> str:
        # the family name may stand first or last, with or without a space: 王芳, 王 芳, 芳 王
        parts = name.split()
        spellings = {"".join(parts), "".join(reversed(parts))}
        logins = (login for person, login in self._people.items() if "".join(person.split()) in spellings)
        return next(logins, name)

    def user_id(self, login: str, project: int) -> int | None:
        """Return the number of a member of the project by login; None when there is no such member."""
        with self._lock:
            known = self._user_known(login)
            if known is None:
                path = f"/projects/{project}/memberships.json"
                for member in self._client.pages(path, "memberships"):
                    if "user" in member and self.login(member["user"]) == login:
                        return int(member["user"]["id"])
            return known

    def _user_known(self, login: str) -> int | None:
        return next((number for number, known in self._logins.items() if known == login), None)

    def version_id(self, name: str, project: int) -> int | None:
        """Return the number of a version that issues of the project can have; None when there is none."""
        return _numbers(self.versions(project, lambda rows: name in _numbers(rows))).get(name)

    def version_name(self, text: str, project: int) -> str:
        """Return the name of the version whose number ``text`` is; ``text`` itself when it is none."""
        known = self.versions(project, lambda rows: int(text) in _numbers(rows).values())
        return next((name for name, number in _numbers(known).items() if number == int(text)), text)

    def versions(self, project: int, enough: Callable[[Sequence[Json]], bool]) -> Sequence[Json]:
        """Return the versions that issues of the project can have.

        They are remembered for a minute, and read again when what is remembered is not ``enough``.
        """
        with self._lock:
            read_at, rows = self._versions.get(project, (float("-inf"), ()))
            now = time.monotonic()
            if now - read_at > _VERSIONS_KEPT or not enough(rows):
                rows = self._client.get(f"/projects/{project}/versions.json")["versions"]
                self._versions[project] = (now, rows)
            return rows


def _numbers(*lists: Sequence[Json]) -> dict[str, int]:
    return {str(row["name"]): int(row["id"]) for row in chain(*lists)}
