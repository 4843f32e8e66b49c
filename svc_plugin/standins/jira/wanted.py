"""Reading what a create, edit or transition asks for, checked against the screen before anything is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from svc_plugin.standins.jira.catalogue import IssueType
from svc_plugin.standins.jira.comments import check_comment
from svc_plugin.standins.jira.errors import Refused, Unknown
from svc_plugin.standins.jira.json_values import listing, mapping
from svc_plugin.standins.jira.links import check_link_from
from svc_plugin.standins.jira.plan import Person
from svc_plugin.standins.jira.site import Site
from svc_plugin.standins.jira.system_fields import BEYOND, FieldDef
from svc_plugin.standins.jira.values import off_screen, parse

_OPERATIONS: Final = frozenset({"set", "add", "remove", "edit"})
# on every create and edit screen; status and the like never are
EDITABLE: Final = (
    "summary",
    "description",
    "priority",
    "assignee",
    "reporter",
    "labels",
    "fixVersions",
    "duedate",
)
_PERMISSIONS: Final = MappingProxyType(
    {"assignee": "ASSIGN_ISSUES", "reporter": "MODIFY_REPORTER", "duedate": "SCHEDULE_ISSUES"}
)


def screen_of(site: Site, kind: IssueType, project: str) -> list[str]:
    """The ids of the fields that may be set when an issue of this type is created or edited in a project."""
    hidden = {site.catalogue.field_id(name) for name in kind.plan.hidden}
    custom = [one.id for one in site.catalogue.fields_of(kind.id, project) if one.custom and one.on_screens]
    return [name for name in (*EDITABLE, *custom, "comment", "issuelinks") if name not in hidden]


@dataclass(slots=True)
class Wanted:
    """What a request asks for, already checked."""

    values: dict[str, object] = field(default_factory=dict[str, object])
    comments: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])
    links: list[Mapping[str, object]] = field(default_factory=list[Mapping[str, object]])


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads bodies of one person about one project: ``screen`` is what may be set, ``before`` what stands."""

    site: Site
    person: Person
    project: str
    screen: Collection[str]
    before: Mapping[str, object] = field(default_factory=dict[str, object])

    def read(self, body: Mapping[str, object]) -> Wanted:
        """Check what a body asks for. Raises ``Refused`` (400) with the fault of every field."""
        wanted = Wanted()
        fields, update = mapping(body.get("fields")), mapping(body.get("update"))
        faults = {
            name: f"Field '{name}' cannot appear in both 'fields' and 'update'"
            for name in fields.keys() & update.keys()
        }
        asked: list[tuple[str, Sequence[object]]] = [
            (name, [{"set": value}]) for name, value in fields.items()
        ]
        asked += [(name, listing(operations)) for name, operations in update.items()]
        for name, operations in asked:
            try:
                self._take(name, operations, wanted)
            except Refused as refused:
                if not refused.errors:
                    raise
                faults |= refused.errors
        if faults:
            raise Refused(400, errors=faults)
        return wanted

    def _take(self, name: str, operations: Sequence[object], wanted: Wanted) -> None:
        if name in BEYOND or (name not in self.site.catalogue.fields and not name.startswith("customfield_")):
            raise Unknown(f"field {name!r}")
        permission = _PERMISSIONS.get(name)
        allowed = permission is None or self.site.may(self.person, permission, self.project)
        if name not in self.screen or not allowed:
            raise Refused(400, errors={name: off_screen(name)})
        known = self.site.catalogue.fields[name]
        for one in operations:
            data = mapping(one)
            if len(data) != 1 or not data.keys() <= _OPERATIONS:
                raise Unknown(f"operation {sorted(data)} on field {name!r}")
            ((verb, value),) = data.items()
            self._operate(known, verb, value, wanted)

    def _operate(self, known: FieldDef, verb: str, value: object, wanted: Wanted) -> None:
        if known.kind == "comment" and verb == "add":
            check_comment(self.site, self.person, self.project, mapping(value))
            wanted.comments.append(mapping(value))
        elif known.kind == "links" and verb == "add":
            check_link_from(self.site, self.person, mapping(value))
            wanted.links.append(mapping(value))
        elif known.kind in {"comment", "links"}:
            raise Unknown(f"operation {verb!r} on field {known.id!r}")
        elif verb == "set":
            wanted.values[known.id] = parse(self.site, self.project, known, value)
        elif known.kind in {"labels", "versions"} and verb in {"add", "remove"}:
            now = cast("tuple[str, ...]", wanted.values.get(known.id, self.before.get(known.id)) or ())
            (part,) = cast("tuple[str, ...]", parse(self.site, self.project, known, [value]))
            rest = tuple(item for item in now if item != part)
            wanted.values[known.id] = (*rest, part) if verb == "add" else rest
        else:
            raise Unknown(f"operation {verb!r} on field {known.id!r}")
