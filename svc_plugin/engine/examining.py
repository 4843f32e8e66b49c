"""What the check of a site tells, where it tells more than what does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """What a check of a site found: ``faults`` with their remedies, and what else it can tell."""

    faults: Sequence[str]
    notes: Sequence[str] = ()


@runtime_checkable
class Examined(Protocol):
    """A site that also tells what its check found in order, and what it could not look at."""

    def examine(self) -> SiteCheck:
        """Do what ``Site.check`` does, and tell more."""
        ...
