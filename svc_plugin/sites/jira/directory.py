"""Jira's ids and names: read when first asked for, kept, and read again when one is missing."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.texts import Texts
from svc_plugin.sites.errors import ForbiddenError, NotThereError
from svc_plugin.sites.jira.client import Client, Json
from svc_plugin.sites.jira.settings import JiraSettings


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field: its id, its name, and the type of its values (``items`` is that of a list's elements)."""

    id: str
    name: str
    type: str
    items: str = ""

    @property
    def element(self) -> str:
        """The type of one value."""
        return self.items or self.type


def field_info(row: Json) -> FieldInfo:
    """Read a field as Jira describes it."""
    schema: Json = row.get("schema") or {}
    return FieldInfo(
        str(row["id"]), str(row["name"]), str(schema.get("type", "")), str(schema.get("items", ""))
    )


@dataclass(frozen=True, slots=True)
class IssueType:
    """An issue type of a project with the ids of its statuses by name."""

    id: str
    statuses: Mapping[str, str]


class Directory:
    """Ids to names and back. Safe for threads: one of them asks, the others wait."""

    def __init__(self, client: Client, settings: JiraSettings, texts: Texts) -> None:
        self._client = client
        self._texts = texts
        self._to_site = dict(settings.accounts)
        self._from_site = {known: account for account, known in settings.accounts.items()}
        self._lock = threading.RLock()
        self._myself: Json = {}
        self._fields: dict[str, list[FieldInfo]] = {}
        self._types: dict[str, dict[str, IssueType]] = {}
        self._versions: dict[str, frozenset[str]] = {}
        self._names: dict[str, str] = {}

    def myself(self) -> Json:
        """Return our own account as Jira describes it."""
        with self._lock:
            if not self._myself:
                self._myself = self._client.get("/myself")
            return self._myself

    def zone(self) -> tzinfo:
        """Return the time zone of our account: moments in searches are meant in it."""
        try:
            return ZoneInfo(str(self.myself()["timeZone"]))
        except (KeyError, ValueError, ZoneInfoNotFoundError):
            return UTC

    @property
    def person_key(self) -> str:
        """By which attribute the edition knows people."""
        return "accountId" if self._client.cloud else "name"

    def is_me(self, user: Json | None) -> bool:
        """Tell whether a user of an answer is our own account."""
        mine = self.myself().get(self.person_key)
        return user is not None and mine is not None and user.get(self.person_key) == mine

    def account(self, user: Json | None) -> str:
        """Return our name for a user of an answer, "" for none; a stranger keeps the id that Jira gives."""
        if not user:
            return ""
        known = str(user.get(self.person_key) or user.get("key") or user.get("displayName", ""))
        if user.get("key") and user.get("name"):
            self._names[str(user["key"])] = str(user["name"])
        return self._from_site.get(known, known)

    def account_of(self, raw: str) -> str:
        """Return our name for an id in a changelog: Data Center writes the user's lasting key there."""
        if self._client.cloud or not raw:
            return self._from_site.get(raw, raw)
        with self._lock:
            if raw not in self._names:
                self._names[raw] = self._read_name(raw)
            name = self._names[raw]
        return self._from_site.get(name, name)

    def _read_name(self, key: str) -> str:
        try:
            return str(self._client.get("/user", key=key)["name"])
        except (NotThereError, ForbiddenError):
            return key

    def user(self, account: str) -> str:
        """Return by what the site knows an account. Raises ``UnmappedError`` where it must be configured."""
        known = self._to_site.get(account, "" if self._client.cloud else account)
        if not known:
            raise UnmappedError(self._texts.say("no_account", account=account))
        return known

    def field(self, label: str) -> FieldInfo:
        """Return the field with this id or this name.

        Raises ``UnmappedError`` when there is none or more than one: values in a wrong field do harm.
        """
        with self._lock:
            if len(self._fields.get(label, ())) != 1:
                self.read_fields()
            found = self._fields.get(label, [])
        if len(found) == 1:
            return found[0]
        ids = ", ".join(one.id for one in found)
        key = "field_ambiguous" if found else "field_unknown"
        raise UnmappedError(self._texts.say(key, label=label, ids=ids))

    def read_fields(self) -> None:
        """Read all fields anew."""
        with self._lock:
            self._fields.clear()
            for row in self._client.get("/field"):
                one = field_info(row)
                for label in {one.id, one.name}:
                    self._fields.setdefault(label, []).append(one)

    def same_named(self, label: str) -> int:
        """Count the fields with this id or name, as they were read last."""
        return len(self._fields.get(label, ()))

    def types(self, project: str, *, fresh: bool = False) -> Mapping[str, IssueType]:
        """Return the issue types of a project by name. Raises ``NotThereError``, ``ForbiddenError``."""
        with self._lock:
            if fresh or project not in self._types:
                self._types[project] = {
                    str(row["name"]): IssueType(
                        str(row["id"]), {str(one["name"]): str(one["id"]) for one in row["statuses"]}
                    )
                    for row in self._client.get(f"/project/{project}/statuses")
                }
            return self._types[project]

    def status_id(self, project: str, issue_type: str, name: str) -> str | None:
        """Return the id of a status that issues of the type can have in a project, None for none."""
        for fresh in (False, True):
            known = self.types(project, fresh=fresh).get(issue_type)
            if known and name in known.statuses:
                return known.statuses[name]
        return None

    def status_name(self, project: str, issue_type: str, number: str) -> str:
        """Return what a status is called today, "" when the project does not have it any more."""
        known = self.types(project).get(issue_type)
        return next((name for name, id_ in known.statuses.items() if id_ == number), "") if known else ""

    def has_version(self, project: str, name: str) -> bool:
        """Tell whether a project has a version of this name."""
        with self._lock:
            if name not in self._versions.get(project, ()):
                rows = self._client.get(f"/project/{project}/versions")
                self._versions[project] = frozenset(str(row["name"]) for row in rows)
            return name in self._versions[project]

    def create_fields(self, project: str, type_id: str) -> Mapping[str, Json]:
        """Return the fields of the create screen by id, as Jira describes them."""
        path, name = f"/issue/createmeta/{project}/issuetypes/{type_id}", "fields"
        rows: list[Json] = []
        while True:
            answer: Json = self._client.get(path, startAt=len(rows), maxResults=100)
            name = name if name in answer else "values"  # as Data Center calls it
            rows += answer[name]
            if not answer[name] or len(rows) >= int(answer.get("total", 0)):
                return {str(row["fieldId"]): row for row in rows}
