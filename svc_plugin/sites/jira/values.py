"""Field values: Jira's JSON on one side, the process's normalised texts on the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any, Final, cast

from svc_plugin.domain.errors import UnmappedError
from svc_plugin.domain.moments import read_moment, read_number
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, FieldType
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.directory import Directory, FieldInfo
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.plain import lines, tidy

# Jira has no field of yes and no: what a list of options usually calls them, the first of each is written
_YES_NO: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {"yes": (("是", "Yes"), ("true", "1")), "no": (("否", "No"), ("false", "0"))}
)
_SECONDS: Final = 1e11  # larger numbers are milliseconds
_DATED: Final = frozenset({"date", "datetime"})


def moment(text: object) -> datetime:
    """Read one of Jira's moments, e.g. ``2026-09-23T00:18:35.652+0530``.

    Changelogs read in bulk may have seconds since 1970 instead: so Atlassian's example, not its schema.
    """
    if isinstance(text, int | float):
        return datetime.fromtimestamp(text / 1000 if text > _SECONDS else text, UTC)
    return datetime.fromisoformat(str(text))


@dataclass(frozen=True, slots=True)
class Values:
    """Translates the values of mapped fields."""

    mapping: SiteMapping
    directory: Directory
    zone: tzinfo
    texts: Texts

    def infos(self) -> Mapping[Field, FieldInfo]:
        """Return the site's fields behind ours. Raises ``UnmappedError`` when one cannot be told."""
        return {name: self.directory.field(label) for name, label in self.mapping.fields.items()}

    def of_issue(self, raw: Json) -> Iterator[tuple[Field, str]]:
        """Walk the fields that have a value on an issue."""
        for name, info in self.infos().items():
            value = self.from_site(name, info, raw["fields"].get(info.id))
            if value:
                yield name, value

    def from_site(self, name: Field, info: FieldInfo, value: Any) -> str:
        """Return Jira's value as ours; several values of one field are joined by commas."""
        if isinstance(value, list):
            several = cast("list[object]", value)
            return ", ".join(self.from_site(name, info, one) for one in several)
        if info.element == "user":
            return self.directory.account(cast("Json | None", value))
        if isinstance(value, dict):
            option = cast("Json", value)
            value = option.get("value", option.get("name"))
        return self._plain(name, info, lines(value))

    def from_history(self, name: Field, info: FieldInfo, raw: object, text: object) -> str:
        """Return a value of a changelog as ours: ``raw`` is an id or a date, ``text`` what people saw."""
        if info.element == "user":
            return self.directory.account_of(lines(raw))
        return self._plain(name, info, lines(raw if info.type in _DATED and raw else text))

    def _plain(self, name: Field, info: FieldInfo, text: str) -> str:
        match FIELD_SPECS[name].type if text else None:
            case FieldType.CHOICE:
                return self.mapping.from_site(name, text)
            case FieldType.YES_NO:
                return self._yes_or_no(name, text)
            case FieldType.NUMBER:
                return tidy(text)
            case FieldType.MOMENT if info.type == "datetime":
                at = read_moment(text, self.zone)
                return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if at else text
            case _:
                return text

    def _yes_or_no(self, name: Field, text: str) -> str:
        mapped = self.mapping.from_site(name, text)
        for value, words in _YES_NO.items():
            if text.casefold() in {word.casefold() for pair in words for word in pair}:
                return value if mapped == text else mapped
        return mapped

    def to_site(self, name: Field, info: FieldInfo, value: str, project: str) -> Any:
        """Return our value as Jira takes it.

        Raises ``UnmappedError`` for a person or a version that it does not have.
        """
        if info.type == "array":
            return [self._element(name, info, value, project)] if value else []
        return self._element(name, info, value, project) if value else None

    def _element(self, name: Field, info: FieldInfo, value: str, project: str) -> Any:
        match info.element:
            case "user":
                return self.person(value)
            case "version":
                return self._version(value, project)
            case "option" | "priority":
                return {"value" if info.element == "option" else "name": self._label(name, value)}
            case "number":
                return read_number(value)
            case _:
                return self._text(name, info, value)

    def options(self, name: Field) -> Sequence[str]:
        """Return what the site calls the values of a field of choices; nothing for other fields."""
        spec = FIELD_SPECS[name]
        known = tuple(_YES_NO) if spec.type is FieldType.YES_NO else spec.choices
        return [self._label(name, choice) for choice in known]

    def person(self, account: str) -> Json | None:
        """Return a person as Jira takes one, None for nobody. Raises ``UnmappedError``."""
        return {self.directory.person_key: self.directory.user(account)} if account else None

    def _label(self, name: Field, value: str) -> str:
        label = self.mapping.to_site(name, value)
        if FIELD_SPECS[name].type is FieldType.YES_NO and label == value and value in _YES_NO:
            return _YES_NO[value][0][self.texts.language == "en"]
        return label

    def _text(self, name: Field, info: FieldInfo, value: str) -> str:
        at = read_moment(value, self.zone) if FIELD_SPECS[name].type is FieldType.MOMENT else None
        if at is None:
            return self._label(name, value)
        if info.type == "datetime":
            return at.strftime("%Y-%m-%dT%H:%M:%S.000%z")
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def _version(self, name: str, project: str) -> Json:
        if not self.directory.has_version(project, name):
            raise UnmappedError(self.texts.say("no_version", version=name, project=project))
        return {"name": name}
