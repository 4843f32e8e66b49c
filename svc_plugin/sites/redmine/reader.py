"""From Redmine's JSON to the issue of the domain, with the history it can prove."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from svc_plugin.domain.errors import IssueNotFoundError
from svc_plugin.domain.model import FieldChange, HistoryEntry, Issue, IssueRef, TimeEntry
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.errors import naming
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.plain import lines
from svc_plugin.sites.redmine.client import Client, Json
from svc_plugin.sites.redmine.comments import is_ours, own_comments
from svc_plugin.sites.redmine.directory import Directory
from svc_plugin.sites.redmine.values import BUILT_IN, Values

_INCLUDES: Final = "journals,relations,attachments,watchers"


def moment(text: object) -> datetime:
    """Read one of Redmine's moments, e.g. ``2026-11-22T22:03:58Z``."""
    return datetime.fromisoformat(str(text))


def related(raw: Json) -> frozenset[int]:
    """Return the numbers of the issues that this one is related to, in whatever way and direction."""
    ends = ((int(one["issue_id"]), int(one["issue_to_id"])) for one in raw.get("relations", ()))
    return frozenset(number for pair in ends for number in pair) - {int(raw["id"])}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads issues of one site, called ``name``: two requests at most once the directory is filled."""

    name: str
    client: Client
    directory: Directory
    mapping: SiteMapping
    values: Values

    def raw(self, ref: IssueRef) -> Json:
        """Read an issue's JSON. Raises ``IssueNotFoundError`` or ``TransientError``."""
        if not ref.key.isdecimal():
            raise IssueNotFoundError(f"{ref}: Redmine's issues have numbers")
        with naming(ref):
            found: Json = self.client.get(f"/issues/{ref.key}.json", include=_INCLUDES)["issue"]
        return found

    def sample(self, tracker: int, project: int | None = None) -> Json | None:
        """Read any issue of a tracker, in a project or anywhere; None when there is none yet."""
        where: Json = {"project_id": project, "subproject_id": "!*"} if project is not None else {}
        rows: Sequence[Json] = self.client.get(
            "/issues.json", tracker_id=tracker, status_id="*", limit=1, **where
        )["issues"]
        return rows[0] if rows else None

    def kind_of(self, raw: Json) -> IssueKind | None:
        """Return the kind that the issue's tracker stands for."""
        return self.mapping.kind_of(str(raw["tracker"]["name"]))

    def issue(self, ref: IssueRef) -> Issue:
        """Read an issue whole. Raises ``IssueNotFoundError`` or ``TransientError``."""
        raw = self.raw(ref)
        kind = self.kind_of(raw)
        project = self.directory.project(str(raw["project"]["id"]))
        entries = self._time_entries(raw)
        me = self.directory.me()
        return Issue(
            ref=ref,
            kind=kind,
            stage=self.mapping.stage_of(kind, str(raw["status"]["name"])),
            status=str(raw["status"]["name"]),
            title=str(raw["subject"]),
            created_at=moment(raw["created_on"]),
            # hours do not touch the issue's own moment, and are a change all the same
            updated_at=max(moment(one["updated_on"]) for one in (raw, *entries)),
            author=self._account(raw, "author"),
            assignee=self._account(raw, "assigned_to"),
            product=self.mapping.product_of(project.identifier) if project else "",
            description=lines(raw.get("description")),
            fields=dict(self.values.of_issue(raw)),
            comments={marker: one.text for marker, one in own_comments(raw, me).items()},
            history=tuple(_History(self, raw, kind, me).entries()),
            links=frozenset(IssueRef(self.name, str(number)) for number in related(raw)),
            watchers=frozenset(self.directory.login(user) for user in raw.get("watchers", ())),
            attachments=tuple(str(one["filename"]) for one in raw.get("attachments", ())),
            time_entries=tuple(self._time_entry(one) for one in entries),
            url=f"{self.client.url}/issues/{ref.key}",
        )

    def _account(self, raw: Json, role: str) -> str:
        return self.directory.login(raw[role]) if raw.get(role) else ""

    def _time_entries(self, raw: Json) -> Sequence[Json]:
        # Redmine tells the sum with the issue: most issues need no second request
        if not raw.get("spent_hours"):
            return ()
        rows = self.client.pages(
            "/time_entries.json", "time_entries", issue_id=raw["id"], sort="spent_on:asc"
        )
        # a filter by issue may take in its subtasks
        own = (row for row in rows if row.get("issue", {}).get("id") == raw["id"])
        return sorted(own, key=lambda row: (str(row["spent_on"]), int(row["id"])))

    def _time_entry(self, row: Json) -> TimeEntry:
        return TimeEntry(
            id=str(row["id"]),
            account=self._account(row, "user"),
            spent_on=date.fromisoformat(str(row["spent_on"])),
            hours=float(row["hours"]),
            activity=str(row.get("activity", {}).get("name", "")),
        )


@dataclass(frozen=True, slots=True)
class _History:
    """The journals of one issue as entries."""

    reader: Reader
    raw: Json
    kind: IssueKind | None
    me: int

    def entries(self) -> Iterator[HistoryEntry]:
        for journal in sorted(self.raw.get("journals", ()), key=lambda one: (one["created_on"], one["id"])):
            entry = self._entry(journal)
            moved = entry.moved_from is not None or entry.moved_to is not None
            if moved or entry.changes or entry.note or entry.private:
                yield entry

    def _entry(self, journal: Json) -> HistoryEntry:
        details: Sequence[Json] = journal.get("details", ())
        left, entered = self._move(details)
        private = bool(journal.get("private_notes", False)) and bool(journal.get("notes"))
        silent = private or is_ours(journal, self.me)
        return HistoryEntry(
            at=moment(journal["created_on"]),
            account=self.reader.directory.login(journal["user"]) if journal.get("user") else "",
            moved_from=left,
            moved_to=entered,
            changes=tuple(self._changes(details)),
            note="" if silent else lines(journal.get("notes")),
            private=private,
        )

    def _move(self, details: Sequence[Json]) -> tuple[Stage | None, Stage | None]:
        for one in details:
            if (one["property"], one["name"]) == ("attr", "status_id"):
                return self._stage(one.get("old_value")), self._stage(one.get("new_value"))
        return None, None

    def _stage(self, number: object) -> Stage | None:
        text = str(number)
        status = self.reader.directory.status_name(int(text)) if text.isdecimal() else ""
        return self.reader.mapping.stage_of(self.kind, status)

    def _changes(self, details: Sequence[Json]) -> Iterator[FieldChange]:
        values, project = self.reader.values, int(self.raw["project"]["id"])
        for one in details:
            name = self._field(str(one["property"]), str(one["name"]))
            if name is not None:
                old = values.from_site(name, one.get("old_value"), project)
                yield FieldChange(name, old, values.from_site(name, one.get("new_value"), project))

    def _field(self, family: str, detail: str) -> Field | None:
        if family == "cf":
            labels = {str(one["id"]): str(one["name"]) for one in self.raw.get("custom_fields", ())}
            mapped = self.reader.mapping.fields.items()
            return next((name for name, label in mapped if label == labels.get(detail)), None)
        own = (name for name, (_, column) in BUILT_IN.items() if column == detail and family == "attr")
        return next((name for name in own if self.reader.values.built_in(name)), None)
