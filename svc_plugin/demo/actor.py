"""What people of the story do, whatever tracker they do it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.sites.mapping import SiteMapping


@dataclass(frozen=True, slots=True)
class Seen:
    """An issue as a person sees it: status by name, notes oldest first, labels of linked issues by number."""

    status: str
    notes: tuple[str, ...]
    linked: Mapping[int, str]
    files: tuple[str, ...]


class Actor(Protocol):
    """One person at a tracker. Field values are the process's own choices and accounts."""

    @property
    def mapping(self) -> SiteMapping:
        """What the tracker calls things."""
        ...

    def create(self, kind: IssueKind, product: str, title: str, fields: Mapping[Field, str]) -> int:
        """File an issue; return its number."""
        ...

    def change(
        self,
        number: int,
        kind: IssueKind,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
    ) -> None:
        """Move an issue and fill in fields, in one go."""
        ...

    def release(self, product: str, name: str) -> None:
        """Make a version of a product, unless it is there."""
        ...

    def look(self, number: int) -> Seen:
        """Open an issue."""
        ...
