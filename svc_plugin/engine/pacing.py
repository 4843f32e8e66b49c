"""What all workers must know of a site: its limits, whether it answers, whether the brake holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from svc_plugin.domain.model import IssueRef


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
    paused_until: datetime | None
    error: str
    brake: Brake | None
    free_until: datetime | None


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

    def states(self) -> Sequence[SiteState]:
        """Return what there is to say of each site, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Outage:
    """A site that did not answer: ``until`` when it is left alone, and whether it had answered before."""

    until: datetime
    first: bool
