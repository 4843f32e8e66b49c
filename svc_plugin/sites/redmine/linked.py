"""The one issue that a rule makes for another: found by its origin marker, made once, and related."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from svc_plugin.domain.errors import ChangeRefusedError, UnmappedError
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field
from svc_plugin.sites.plain import subject
from svc_plugin.sites.redmine.client import Client, Json
from svc_plugin.sites.redmine.directory import Project
from svc_plugin.sites.redmine.reader import Reader, related


@dataclass(frozen=True, slots=True)
class LinkedIssues:
    """Finds and makes issues by origin; two threads of one process never make the same one twice."""

    reader: Reader
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ensure(self, owner: Json, wanted: EnsureIssue) -> None:
        """See to it that exactly one issue has the origin and is related to ``owner`` (an issue's JSON).

        Raises ``UnmappedError`` when that could not be kept to one, before anything is made.
        """
        with self._lock:
            found = self._found_or_made(owner, wanted, self.reader.client)
        self._relate(owner, found)

    def file(self, wanted: EnsureIssue, maker: Client) -> int:
        """See to it that exactly one issue has the origin, made through ``maker``; return its number.

        Its caller keeps two from asking for one origin at a time. Raises as ``ensure`` does.
        """
        return self._found_or_made({}, wanted, maker)

    def _found_or_made(self, owner: Json, wanted: EnsureIssue, maker: Client) -> int:
        found = self._search_or_make(owner, wanted, maker)
        if len(found) > 1:
            structlog.get_logger(__name__).warning("origin.doubled", origin=wanted.origin, keys=found)
        return found[0]

    def _search_or_make(self, owner: Json, wanted: EnsureIssue, maker: Client) -> Sequence[int]:
        place = self._place(wanted)
        numbers = self._mapped(place.fields) | self._fields_of(owner)
        searched = Field.ORIGIN in numbers
        found = self._find(numbers, wanted.origin)
        if found:
            return found
        tracker = self._tracker(wanted, place)
        sample = self.reader.sample(tracker, place.id) or (None if owner else self.reader.sample(tracker))
        if sample:
            # it tells exactly which fields such an issue has, the owner and the project only nearly
            numbers = self._fields_of(sample)
        if Field.ORIGIN not in numbers:
            raise self._no_origin(wanted)
        found = () if searched else self._find(numbers, wanted.origin)
        if not found:
            self._create(wanted, place, tracker, numbers, maker)
            found = self._find(numbers, wanted.origin)
        if not found:
            raise ChangeRefusedError(self._say("not_found_again", origin=wanted.origin))
        return found

    def _say(self, key: str, /, **facts: object) -> str:
        return self.reader.values.texts.say(key, **facts)

    def _place(self, wanted: EnsureIssue) -> Project:
        identifier = self.reader.mapping.projects.get(wanted.product, "")
        place = self.reader.directory.project(identifier) if identifier else None
        if place is None:
            raise UnmappedError(self._say("no_project", product=wanted.product, project=identifier or "-"))
        return place

    def _tracker(self, wanted: EnsureIssue, place: Project) -> int:
        # an unknown tracker is not refused: the issue would get the project's first one
        known = self.reader.mapping.kinds.get(wanted.kind)
        name = known.issue_type if known else ""
        trackers = place.trackers
        if name not in trackers:
            again = self.reader.directory.reread_project(place.identifier)
            trackers = again.trackers if again else dict[str, int]()
        if name in trackers:
            return trackers[name]
        raise UnmappedError(self._say("no_tracker", tracker=name or wanted.kind, project=place.identifier))

    def _fields_of(self, raw: Json) -> dict[Field, int]:
        return self._mapped({str(one["name"]): int(one["id"]) for one in raw.get("custom_fields", ())})

    def _mapped(self, numbers: Mapping[str, int]) -> dict[Field, int]:
        mapped = self.reader.mapping.fields.items()
        return {name: numbers[label] for name, label in mapped if label in numbers}

    def _no_origin(self, wanted: EnsureIssue) -> UnmappedError:
        label = self.reader.mapping.fields.get(Field.ORIGIN, "-")
        known = self.reader.mapping.kinds.get(wanted.kind)
        return UnmappedError(
            self._say("no_origin", label=label, tracker=known.issue_type if known else wanted.kind)
        )

    def _find(self, numbers: Mapping[Field, int], origin: str) -> Sequence[int]:
        """Return the issues with this origin, eldest first, none while the field's number is unknown.

        Every hit is looked at: Redmine ignores a filter that it does not know and answers with all issues.
        """
        number = numbers.get(Field.ORIGIN)
        if number is None:
            return ()
        rows = self.reader.client.get(
            "/issues.json", **{f"cf_{number}": f"={origin}"}, status_id="*", sort="id:asc", limit=100
        )["issues"]
        hits = [(int(row["id"]), self._value(row, number)) for row in rows]
        if any(value.casefold() != origin.casefold() for _, value in hits):
            raise UnmappedError(self._say("no_filter", label=self.reader.mapping.fields[Field.ORIGIN]))
        return sorted(key for key, value in hits if value == origin)

    @staticmethod
    def _value(row: Json, number: int) -> str:
        values = (one.get("value") for one in row.get("custom_fields", ()) if one["id"] == number)
        return str(next(values, None) or "")

    def _create(
        self,
        wanted: EnsureIssue,
        place: Project,
        tracker: int,
        numbers: Mapping[Field, int],
        maker: Client,
    ) -> None:
        values = self.reader.values
        texts = {
            name: values.to_site(name, value, place.id)
            for name, value in ((Field.ORIGIN, wanted.origin), *wanted.fields)
        }
        body: Json = {
            "project_id": place.id,
            "tracker_id": tracker,
            "subject": subject(wanted.title),
            "description": wanted.description,
            # Redmine would begin it today, and refuse one that was due before
            "start_date": "",
            **self._attributes(texts, numbers),
        }
        if wanted.assignee:
            body["assigned_to_id"] = values.user(wanted.assignee, place.id)
        made: Json = maker.send("post", "/issues.json", {"issue": body})["issue"]
        late = {name: text for name, text in texts.items() if name not in numbers}
        if maker is not self.reader.client:
            # what the person's role may not fill in, Redmine drops without a word: that is ours to write
            made = self.reader.client.get(f"/issues/{made['id']}.json")["issue"]
            late = self._lost(made, texts)
        elif self._value(made, numbers[Field.ORIGIN]) != wanted.origin:
            raise self._no_origin(wanted)
        rest = self._attributes(late, self._fields_of(made))
        if rest.get("custom_fields"):
            self.reader.client.send("put", f"/issues/{made['id']}.json", {"issue": rest})

    def _lost(self, made: Json, texts: Mapping[Field, str]) -> dict[Field, str]:
        numbers = self._fields_of(made)
        found = {name: self._value(made, numbers[name]) for name in texts if name in numbers}
        return {name: text for name, text in texts.items() if name in found and found[name] != text}

    def _attributes(self, texts: Mapping[Field, str], numbers: Mapping[Field, int]) -> Json:
        """Return field values as Redmine takes them; a field without a known number is left out."""
        custom: list[Json] = []
        body: Json = {"custom_fields": custom}
        for name, text in texts.items():
            own = self.reader.values.built_in(name)
            if own:
                body[own[1]] = text
            elif name in numbers:
                custom.append({"id": numbers[name], "value": text})
        return body

    def _relate(self, owner: Json, number: int) -> None:
        if number in related(owner):
            return
        path = f"/issues/{owner['id']}/relations.json"
        body = {"relation": {"issue_to_id": number, "relation_type": "relates"}}
        try:
            self.reader.client.send("post", path, body)
        except ChangeRefusedError:
            # somebody was faster: what counts is that the relation is there
            rows = self.reader.client.get(path)["relations"]
            if number not in related({"id": owner["id"], "relations": rows}):
                raise
