"""Custom fields: making them, where they hold (contexts), and their options."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType
from svc_plugin.sites.jira.checks import TYPES
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.directory import FieldInfo, field_info
from svc_plugin.sites.jira.setup.steps import Ground, Item, Place, Step

_PREFIX: Final = "com.atlassian.jira.plugin.system.customfieldtypes:"
# a type of Jira's and how it is searched; without a searcher no field can be found again by its value
_MADE: Final[Mapping[FieldType, tuple[str, str]]] = MappingProxyType(
    {
        FieldType.LINE: ("textfield", "textsearcher"),
        FieldType.TEXT: ("textarea", "textsearcher"),
        FieldType.CHOICE: ("select", "multiselectsearcher"),
        FieldType.DATE: ("datepicker", "daterange"),
        FieldType.MOMENT: ("datetime", "datetimerange"),
        FieldType.NUMBER: ("float", "exactnumber"),
        FieldType.YES_NO: ("select", "multiselectsearcher"),
        FieldType.PERSON: ("userpicker", "userpickergroupsearcher"),
    }
)
_ID: Final = re.compile(r"customfield_\d+")
_PAIRS: Final = 50  # of project and type in one request


@dataclass(frozen=True, slots=True)
class Fields:
    """Plans the fields of the mapping; ``shown`` are the create screens of the places where issues can be."""

    ground: Ground
    shown: Mapping[Place, Mapping[str, Json]]

    def items(self, name: Field, label: str) -> Iterator[Item]:
        """Walk what one field lacks."""
        directory = self.ground.reader.directory
        if not directory.same_named(label) and not _ID.fullmatch(label):
            yield from self._new(name, label)
            return
        try:
            info = directory.field(label)
        except UnmappedError as error:
            yield str(error)  # several of the name, or an id that is not there
            return
        kind = FIELD_SPECS[name].type
        if info.element not in TYPES[kind]:
            yield self.ground.told("check.format", label=label, found=info.element, wanted=TYPES[kind][0])
        elif _ID.fullmatch(info.id) and not self._complete_everywhere(name, info):
            yield from self._on_cloud(name, info) if self.ground.settings.cloud else self._offers(name, info)

    def _new(self, name: Field, label: str) -> Iterator[Item]:
        made = _MADE[FIELD_SPECS[name].type][0]
        said = self.ground.say("field", label=label, type=self.ground.say(f"type.{made}"))
        yield Step(said, partial(self._make, name, label))
        options = self._options(name)
        if options and not self.ground.settings.cloud:
            yield self.ground.told("check.choices", label=label, missing=", ".join(options))
        elif options:
            said = self.ground.say("options", label=label, options=", ".join(options))
            yield Step(said, partial(self._complete, name, label))

    def _make(self, name: Field, label: str) -> None:
        known, searcher = _MADE[FIELD_SPECS[name].type]
        body = {"name": label, "type": f"{_PREFIX}{known}", "searcherKey": f"{_PREFIX}{searcher}"}
        directory, client = self.ground.reader.directory, self.ground.reader.client
        directory.read_fields()
        if directory.same_named(label):
            return
        told = self.ground.written("description", name=name)
        made = client.send("POST", "/field", {**body, "description": told})
        if client.cloud:
            self._hold(name, field_info(made))

    def _options(self, name: Field) -> Sequence[str]:
        return self.ground.reader.values.options(name)

    def _wanted(self, name: Field) -> Sequence[Place]:
        return [place for place in self.shown if place.kind in FIELD_SPECS[name].kinds]

    def _contexts(self, name: Field, info: FieldInfo) -> Mapping[Place, str | None]:
        """Return which context counts at each place."""
        wanted, found = self._wanted(name), dict[Place, str | None]()
        for start in range(0, len(wanted), _PAIRS):
            part = wanted[start : start + _PAIRS]
            pairs = [{"projectId": one.project_id, "issueTypeId": one.type_id} for one in part]
            path = f"/field/{info.id}/context/mapping?maxResults={_PAIRS}"
            rows = self.ground.reader.client.send("POST", path, {"mappings": pairs})["values"]
            known = {(str(row["projectId"]), str(row["issueTypeId"])): row.get("contextId") for row in rows}
            found |= {one: known.get((one.project_id, one.type_id)) for one in part}
        return found

    def _complete_everywhere(self, name: Field, info: FieldInfo) -> bool:
        """Tell whether every create screen shows the field with all its options: then nothing is missing."""
        return all(
            info.id in self.shown[place] and not self._not_offered(name, info, [place])
            for place in self._wanted(name)
        )

    def _on_cloud(self, name: Field, info: FieldInfo) -> Iterator[Item]:
        """Say where the field is not, by its contexts, and which options these lack."""
        missing = [place for place, context in self._contexts(name, info).items() if context is None]
        lacking = {one for found in self._lacking(name, info).values() for one in found}
        if missing:
            where = ", ".join(f"{one.project}: {one.type_name}" for one in missing)
            common, own = self._projects(info)
            if common and any(place.project_id not in own for place in missing):
                # a context of the project's own would hide the one for all, and with it what others see
                yield self.ground.say("context_by_hand", label=info.name, places=where)
                return
            said = self.ground.say("context", label=info.name, places=where)
            yield Step(said, partial(self._hold, name, info))
            if any(place.project_id not in own for place in missing):
                lacking = set(self._choices(name, info))  # a new context begins without any
        if lacking:
            told = ", ".join(one for one in self._options(name) if one in lacking)
            said = self.ground.say("options", label=info.name, options=told)
            yield Step(said, partial(self._complete, name, info.name))

    def _projects(self, info: FieldInfo) -> tuple[bool, Mapping[str, str]]:
        """Return whether there is a context for all projects, and those of single ones by project id."""
        rows = list(self.ground.reader.client.pages(f"/field/{info.id}/context/projectmapping", "values"))
        own = {str(row["projectId"]): str(row["contextId"]) for row in rows if row.get("projectId")}
        return any(row.get("isGlobalContext") for row in rows), own

    def _hold(self, name: Field, info: FieldInfo) -> None:
        """Let the field hold where it does not: in a project's own context, else in one made for it."""
        client = self.ground.reader.client
        missing = [place for place, context in self._contexts(name, info).items() if context is None]
        if not missing:
            return
        common, own = self._projects(info)
        for project in dict.fromkeys(place.project_id for place in missing if place.project_id in own):
            types = [place.type_id for place in missing if place.project_id == project]
            client.send("PUT", f"/field/{info.id}/context/{own[project]}/issuetype", {"issueTypeIds": types})
        bare = list(dict.fromkeys(place.project_id for place in missing if place.project_id not in own))
        if bare and not common:
            body = {"name": self.ground.written("context"), "projectIds": bare, "issueTypeIds": []}
            client.send("POST", f"/field/{info.id}/context", body)

    def _lacking(self, name: Field, info: FieldInfo) -> Mapping[str, Sequence[str]]:
        """Return the options that the contexts lack, by context."""
        found: dict[str, Sequence[str]] = {}
        if not self._choices(name, info):
            return found
        for context in {one for one in self._contexts(name, info).values() if one}:
            rows = self.ground.reader.client.pages(f"/field/{info.id}/context/{context}/option", "values")
            known = {str(row["value"]) for row in rows}
            missing = [one for one in self._options(name) if one not in known]
            if missing:
                found[context] = missing
        return found

    def _complete(self, name: Field, label: str) -> None:
        info = self.ground.reader.directory.field(label)
        for context, missing in self._lacking(name, info).items():
            body = {"options": [{"value": one} for one in missing]}
            self.ground.reader.client.send("POST", f"/field/{info.id}/context/{context}/option", body)

    def _offers(self, name: Field, info: FieldInfo) -> Iterator[str]:
        """Say what create screens do not offer: all that Data Center shows of options."""
        there = [place for place in self._wanted(name) if info.id in self.shown[place]]
        missing = self._not_offered(name, info, there) if there else self._choices(name, info)
        if missing:
            yield self.ground.told("check.choices", label=info.name, missing=", ".join(missing))

    def _choices(self, name: Field, info: FieldInfo) -> Sequence[str]:
        """Return the options that a field needs, none where it is no list of options."""
        return self._options(name) if info.element == "option" else ()

    def _not_offered(self, name: Field, info: FieldInfo, places: Sequence[Place]) -> Sequence[str]:
        rows: Sequence[Json] = [self.shown[place].get(info.id, {}) for place in places]
        offered = [{str(one.get("value")) for one in row.get("allowedValues", ())} for row in rows]
        return [one for one in self._choices(name, info) if not all(one in known for known in offered)]
