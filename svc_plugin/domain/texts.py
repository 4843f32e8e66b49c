"""Sentences for people, as data: the catalogue is loaded outside and handed in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from string import Formatter

from svc_plugin.domain.vocabulary import Field, Stage


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's sentences by key, with ``{name}`` places for facts."""

    language: str
    entries: Mapping[str, str]

    def say(self, key: str, /, **facts: object) -> str:
        """Return the sentence for ``key`` with ``facts`` put in. Raises ``KeyError`` for an unknown key."""
        return self.entries[key].format_map(facts)

    def heard(self, key: str, text: str) -> Mapping[str, str] | None:
        """Return the facts with which the sentence for ``key`` stands in ``text``; None when it does not.

        Every place must stand between words: they tell where its fact begins and ends.
        """
        parts = Formatter().parse(self.entries[key])
        pattern = "".join(
            re.escape(words) + (f"(?P<{name}>.+?)" if name else "") for words, name, *_ in parts
        )
        found = re.search(pattern, text)
        return found.groupdict() if found else None

    def stage(self, stage: Stage | None) -> str:
        """Name a stage; "?" for a status that is not mapped."""
        return self.say(f"stage.{stage}") if stage else "?"

    def field(self, name: Field) -> str:
        """Name a logical field."""
        return self.say(f"field.{name}")

    def choice(self, name: Field, value: str) -> str:
        """Name one choice of a field; a value that is none of its choices is returned as it is."""
        return self.entries.get(f"choice.{name}.{value}", value)

    def mention(self, account: str, name: str) -> str:
        """Name a person in a comment so that the site tells them of it."""
        return self.say("mention", account=account, name=name)

    def listed(self, names: Sequence[str]) -> str:
        """Join names the way the language lists them."""
        return self.say("list.separator").join(names)

    def moment(self, at: datetime, zone: tzinfo) -> str:
        """Write a moment in a zone's local time, to the minute."""
        return at.astimezone(zone).isoformat(" ")[: len("2026-01-31 09:00")]

    def duration(self, span: timedelta) -> str:
        """Write a span as hours and minutes."""
        minutes = int(span.total_seconds() // 60)
        return self.say("duration", hours=minutes // 60, minutes=f"{minutes % 60:02}")
