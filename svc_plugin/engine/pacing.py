"""What all workers must know of a site: its limits, whether it answers, whether the brake holds."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.texts import Texts


@dataclass(frozen=True, slots=True)
class Limits:
    """How many issues of a site are looked at at once, and at most in a minute (0: as many as there are)."""

    at_once: int = 8
    per_minute: int = 0


@dataclass(frozen=True, slots=True)
class Brake:
    """The brake of a site: since when it holds, after how many changed issues of how many known ones."""

    held_at: datetime
    changed: int
    known: int


@dataclass(frozen=True, slots=True)
class SiteState:
    """One site, for people: until when it is left alone and why, and its brake if that holds."""

    site: str
    paused_until: datetime | None = None
    error: str = ""
    brake: Brake | None = None
    free_until: datetime | None = None

    def told(self, texts: Texts, *, now: datetime, zone: tzinfo) -> str:
        """Say in a sentence whether the site may be changed now and whether it answers."""

        def at(moment: datetime) -> str:
            return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"

        if held := self.brake:
            return texts.say("site.held", since=at(held.held_at), changed=held.changed, known=held.known)
        if self.error and self.paused_until:
            return texts.say("site.paused", until=at(self.paused_until), error=self.error)
        if self.free_until and self.free_until > now:
            return texts.say("site.free", until=at(self.free_until))
        return texts.say("site.off")


class Brakes(Protocol):
    """Counts the issues changed on each site within an hour, over all workers."""

    def press(self, ref: IssueRef, *, now: datetime) -> Brake | None:
        """Count a change that is about to be made; the brake when it may not be made."""
        ...

    def release(self, site: str, *, now: datetime) -> None:
        """Let a site be changed without counting for a day, and take up at once what was held back."""
        ...


class Outages(Protocol):
    """Knows which sites do not answer."""

    def failed(self, site: str, *, now: datetime, retry_after: float | None, error: str) -> "Outage":
        """Leave the site alone for a while, the longer the more often it failed in a row."""
        ...

    def answered(self, site: str) -> None:
        """Forget that the site did not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Outage:
    """A site that did not answer: ``until`` when it is left alone, and whether it had answered before."""

    until: datetime
    first: bool
