"""Screens: which of them issues of ours are created and edited on, and what they lack."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from svc_plugin.domain.vocabulary import FIELD_SPECS
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.setup.steps import Ground, Item, Place, Step

_OWN: Final = ("assignee", "issuelinks")  # fields of Jira's own that we write, by their ids
_USES: Final = ("create", "edit")
_MANY: Final = 1000


@dataclass(frozen=True, slots=True)
class Screens:
    """Plans what goes onto which screen; ``shown`` are the create screens of the places.

    Cloud tells which screens a type of a project uses. Data Center does not: there its administrator names
    them, or their names begin with the project's key, as those do that Jira made for it.
    """

    ground: Ground
    shown: Mapping[Place, Mapping[str, Json]]

    def items(self) -> Iterator[Item]:
        """Walk what the screens lack."""
        screens = self._all()
        used: dict[str, set[str]] = {}
        places = tuple(self.shown)
        pairs = self._by_schemes(places) if self.ground.settings.cloud else self._by_name(screens, places)
        for place, screen in pairs:
            used.setdefault(screen, set()).update(self._labels((place,)))
        unplaced = [one for one in places if one not in {place for place, _ in pairs}]
        for name in self.ground.wishes.screens:
            found = [number for number, known in screens.items() if known == name]
            if not found:
                known = ", ".join(sorted(screens.values()))
                yield self.ground.say("no_screen", name=name, known=known)
            for number in found:
                used.setdefault(number, set()).update(self._labels(places))
                unplaced = []
        for number, labels in used.items():
            yield from self._screen(number, screens.get(number, number), labels)
        yield from self._by_hand(unplaced)

    def _all(self) -> Mapping[str, str]:
        """Return the names of all screens by id."""
        client = self.ground.reader.client
        rows: Any = (
            list(client.pages("/screens", "values"))
            if client.cloud
            else client.get("/screens", maxResults=_MANY)
        )
        return {str(row["id"]): str(row["name"]) for row in rows}

    def _labels(self, places: Sequence[Place]) -> set[str]:
        kinds = {place.kind for place in places}
        mapped = self.ground.reader.mapping.fields.items()
        return {*_OWN, *(label for name, label in mapped if kinds & set(FIELD_SPECS[name].kinds))}

    def _by_schemes(self, places: Sequence[Place]) -> list[tuple[Place, str]]:
        """Follow project, scheme of types, scheme of screens, screen."""
        client = self.ground.reader.client
        projects = list(dict.fromkeys(place.project_id for place in places))
        if not projects:
            return []
        scheme_of: dict[str, str] = {}
        for row in client.pages("/issuetypescreenscheme/project", "values", projectId=projects):
            scheme_of |= dict.fromkeys(map(str, row["projectIds"]), str(row["issueTypeScreenScheme"]["id"]))
        types: dict[tuple[str, str], str] = {}
        schemes = sorted(set(scheme_of.values()))
        asked = {"issueTypeScreenSchemeId": schemes}
        for row in client.pages("/issuetypescreenscheme/mapping", "values", **asked) if schemes else ():
            key = (str(row["issueTypeScreenSchemeId"]), str(row["issueTypeId"]))
            types[key] = str(row["screenSchemeId"])
        screens: dict[str, Json] = {}
        for row in client.pages("/screenscheme", "values", id=sorted(set(types.values()))) if types else ():
            screens[str(row["id"])] = row.get("screens") or {}
        found: list[tuple[Place, str]] = []
        for place in places:
            scheme = scheme_of.get(place.project_id, "")
            used = screens.get(types.get((scheme, place.type_id), types.get((scheme, "default"), "")), {})
            found += [(place, str(used.get(use, used["default"]))) for use in _USES if "default" in used]
        return found

    def _by_name(self, screens: Mapping[str, str], places: Sequence[Place]) -> list[tuple[Place, str]]:
        return [
            (place, number)
            for place in places
            for number, name in screens.items()
            if name.startswith(f"{place.project}:")
        ]

    def _screen(self, number: str, name: str, labels: set[str]) -> Iterator[Item]:
        there = self._on(number)
        missing = [label for label in sorted(labels) if not self._stands(label, there)]
        if missing:
            said = self.ground.say("screen", screen=name, fields=", ".join(missing))
            yield Step(said, partial(self._put, number, missing))

    def _on(self, number: str) -> set[str]:
        """Return the ids of the fields on a screen."""
        client = self.ground.reader.client
        tabs: Sequence[Json] = client.get(f"/screens/{number}/tabs")
        found = (client.get(f"/screens/{number}/tabs/{tab['id']}/fields") for tab in tabs)
        return {str(row["id"]) for rows in found for row in rows}

    def _stands(self, label: str, ids: set[str]) -> bool:
        """Tell whether a field stands among these; one that cannot be told is not our concern here."""
        directory = self.ground.reader.directory
        if directory.same_named(label) == 1:
            return directory.field(label).id in ids
        return directory.same_named(label) > 1 or label.startswith("customfield_")

    def _put(self, number: str, labels: Sequence[str]) -> None:
        """Put fields on the screen's first tab."""
        client, directory = self.ground.reader.client, self.ground.reader.directory
        tab = client.get(f"/screens/{number}/tabs")[0]["id"]
        there = self._on(number)
        for label in labels:
            field = directory.field(label).id
            if field not in there:
                client.send("POST", f"/screens/{number}/tabs/{tab}/fields", {"fieldId": field})

    def _by_hand(self, places: Sequence[Place]) -> Iterator[str]:
        """Say what the create screens of places lack whose screens could not be told."""
        key = "screens_team" if self.ground.settings.cloud else "screens_by_hand"
        for place in places:
            labels = sorted(self._labels((place,)))
            missing = [label for label in labels if not self._stands(label, set(self.shown[place]))]
            if missing:
                told = {"type": place.type_name, "project": place.project, "fields": ", ".join(missing)}
                yield self.ground.say(key, **told)
