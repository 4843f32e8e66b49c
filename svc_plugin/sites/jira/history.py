"""What an issue's changelog and comments prove: who did what, oldest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.model import FieldChange, HistoryEntry
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.comments import is_ours, is_private
from svc_plugin.sites.jira.directory import FieldInfo
from svc_plugin.sites.jira.values import Values, moment
from svc_plugin.sites.plain import lines

# what a changelog calls Jira's own fields where it gives no id
_CHANGED_AS: Final[Mapping[str, str]] = MappingProxyType(
    {"fixVersions": "fix version", "versions": "version", "duedate": "duedate"}
)
_ONE_ACT: Final = timedelta(seconds=1)  # one request's change and comment are dated almost alike


@dataclass(frozen=True, slots=True)
class History:
    """The history of one issue of one kind."""

    values: Values
    raw: Json
    kind: IssueKind | None

    def entries(self, changes: Sequence[Json], comments: Sequence[Json]) -> tuple[HistoryEntry, ...]:
        """Return every act that changed a mapped field, moved the issue or said something."""
        infos = self.values.infos()
        acts = [self._act(row, infos) for row in sorted(changes, key=_order)]
        alone: list[HistoryEntry] = []
        said: set[int] = set()
        for row in sorted(comments, key=_order):
            if is_ours(row, self.values.directory):
                continue
            entry = self._said(row)
            place = _same_act(acts, said, entry)
            if place is None:
                alone.append(entry)
            else:
                said.add(place)
                acts[place] = replace(acts[place], note=entry.note, private=entry.private)
        told = (e for e in acts if e.moved_from or e.moved_to or e.changes or e.note or e.private)
        return tuple(sorted((*told, *alone), key=lambda entry: entry.at))

    def _said(self, row: Json) -> HistoryEntry:
        private = is_private(row)
        return HistoryEntry(
            at=moment(row["created"]),
            account=self.values.directory.account(row.get("author")),
            note="" if private else lines(row.get("body")),
            private=private,
        )

    def _act(self, row: Json, infos: Mapping[Field, FieldInfo]) -> HistoryEntry:
        items: Sequence[Json] = row.get("items", ())
        left, entered = self._move(items)
        return HistoryEntry(
            at=moment(row["created"]),
            account=self.values.directory.account(row.get("author")),
            moved_from=left,
            moved_to=entered,
            changes=tuple(self._changes(items, infos)),
        )

    def _move(self, items: Sequence[Json]) -> tuple[Stage | None, Stage | None]:
        for item in items:
            if _is_field(item, "status", "status"):
                return self._stage(item, "from"), self._stage(item, "to")
        return None, None

    def _stage(self, item: Json, end: str) -> Stage | None:
        fields = self.raw["fields"]
        project, issue_type = str(fields["project"]["key"]), str(fields["issuetype"]["name"])
        today = self.values.directory.status_name(project, issue_type, str(item.get(end)))
        return self.values.mapping.stage_of(self.kind, today or str(item.get(f"{end}String")))

    def _changes(self, items: Sequence[Json], infos: Mapping[Field, FieldInfo]) -> Iterator[FieldChange]:
        for item in items:
            for name, info in infos.items():
                if self._is_about(item, info):
                    old = self.values.from_history(name, info, item.get("from"), item.get("fromString"))
                    new = self.values.from_history(name, info, item.get("to"), item.get("toString"))
                    yield FieldChange(name, old, new)

    def _is_about(self, item: Json, info: FieldInfo) -> bool:
        # a name that several fields have proves nothing
        told = item.get("fieldId") or self.values.directory.same_named(info.name) == 1
        return bool(told) and _is_field(item, info.id, _CHANGED_AS.get(info.id, info.name))


def _is_field(item: Json, id_: str, name: str) -> bool:
    """Tell whether an item is about a field: Cloud gives its id, Data Center only a name in any case."""
    if item.get("fieldId"):
        return bool(item["fieldId"] == id_)
    custom = id_.startswith("customfield_")
    return (item.get("fieldtype") == "custom") == custom and str(item["field"]).casefold() == name.casefold()


def _order(row: Json) -> tuple[object, int]:
    return moment(row["created"]), int(row["id"])


def _same_act(acts: Sequence[HistoryEntry], taken: set[int], said: HistoryEntry) -> int | None:
    """Return which act a comment belongs to: the nearest of the same person, within a second."""
    near = [
        (abs(act.at - said.at), place)
        for place, act in enumerate(acts)
        if act.account == said.account and place not in taken and abs(act.at - said.at) <= _ONE_ACT
    ]
    return min(near)[1] if near else None
