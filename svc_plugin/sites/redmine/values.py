"""Field values: Redmine's texts and numbers on one side, the process's normalised texts on the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, Final, cast

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.moments import read_moment
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.plain import lines, tidy
from svc_plugin.sites.redmine.client import Json
from svc_plugin.sites.redmine.directory import Directory

# fields that Redmine has by itself: what an issue calls them, and what a write and the history call them
BUILT_IN: Final[Mapping[Field, tuple[str, str]]] = MappingProxyType(
    {
        Field.FIXED_VERSION: ("fixed_version", "fixed_version_id"),
        Field.ESTIMATE_HOURS: ("estimated_hours", "estimated_hours"),
        Field.DUE_ON: ("due_date", "due_date"),
    }
)
_VERSIONS = frozenset({Field.BASE_VERSION, Field.FIXED_VERSION})
_TO_YES_NO: Final = MappingProxyType({"1": "yes", "0": "no"})
_FROM_YES_NO: Final = MappingProxyType({"yes": "1", "no": "0"})


@dataclass(frozen=True, slots=True)
class Values:
    """Translates the values of mapped fields; ``project`` is always the number of the issue's project."""

    mapping: SiteMapping
    directory: Directory
    zone: tzinfo
    texts: Texts

    def built_in(self, name: Field) -> tuple[str, str] | None:
        """Return Redmine's own attribute for a field that is mapped to no custom field."""
        return None if name in self.mapping.fields else BUILT_IN.get(name)

    def of_issue(self, raw: Json) -> Iterator[tuple[Field, str]]:
        """Walk the fields that have a value on an issue."""
        project = int(raw["project"]["id"])
        stored = {str(one["name"]): one.get("value") for one in raw.get("custom_fields", ())}
        for name in FIELD_SPECS:
            value = self.from_site(name, self._raw_value(raw, stored, name), project)
            if value:
                yield name, value

    def _raw_value(self, raw: Json, stored: Mapping[str, object], name: Field) -> object:
        own = self.built_in(name)
        if own is None:
            return stored.get(self.mapping.fields.get(name, ""))
        found = raw.get(own[0])
        return cast("Json", found).get("name") if isinstance(found, dict) else found

    def from_site(self, name: Field, value: Any, project: int) -> str:
        """Return Redmine's value as ours; several values of one field are joined by commas."""
        if isinstance(value, list):
            several = cast("list[object]", value)
            return ", ".join(self.from_site(name, one, project) for one in several)
        text = lines(value)
        if text.isdecimal() and (FIELD_SPECS[name].type is FieldType.PERSON or name in _VERSIONS):
            return self._named(name, text, project)
        match FIELD_SPECS[name].type:
            case FieldType.CHOICE:
                return self.mapping.from_site(name, text)
            case FieldType.YES_NO:
                return _TO_YES_NO.get(text, text)
            case FieldType.NUMBER:
                return tidy(text)
            case _:
                return text

    def _named(self, name: Field, number: str, project: int) -> str:
        """Return who or what a number stands for in a field of people or versions."""
        if name in _VERSIONS:
            return self.directory.version_name(number, project)
        return self.directory.login({"id": int(number), "name": number})

    def to_site(self, name: Field, value: str, project: int) -> str:
        """Return our value as Redmine's.

        Raises ``UnmappedError`` for a person or a version that it does not have.
        """
        if value and self.built_in(name) and name is Field.FIXED_VERSION:
            return self._version(value, project)
        match FIELD_SPECS[name].type if value else None:
            case FieldType.CHOICE:
                return self.mapping.to_site(name, value)
            case FieldType.YES_NO:
                return _FROM_YES_NO.get(value, value)
            case FieldType.PERSON:
                return str(self.user(value, project))
            case FieldType.MOMENT:
                moment = read_moment(value, self.zone)
                return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if moment else value
            case _:
                return value

    def user(self, account: str, project: int) -> int:
        """Return the number of a member of the project by login. Raises ``UnmappedError``."""
        found = self.directory.user_id(account, project)
        if found is None:
            known = self.directory.project(str(project))
            where = known.identifier if known else str(project)
            raise UnmappedError(self.texts.say("no_member", account=account, project=where))
        return found

    def _version(self, name: str, project: int) -> str:
        found = self.directory.version_id(name, project)
        if found is None:
            raise UnmappedError(self.texts.say("no_version", version=name, project=project))
        return str(found)
