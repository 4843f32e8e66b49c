"""Where scenarios are played: one small interface for the people, the same everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest

from svc_plugin.demo.stage import BOT
from svc_plugin.domain.model import HistoryEntry, IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.ports import Site
from svc_plugin.sites.memory import MemorySite
from tests.builders import MONDAY

UNMAPPED = "搁置 On hold"  # a status that the company's trackers have and its mapping does not


@dataclass
class Watch:
    """A clock that stands still until somebody moves it."""

    moment: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment

    def tick(self) -> None:
        """A person's act takes a minute."""
        self.moment += timedelta(minutes=1)

    def restart(self) -> None:
        """Every scenario begins on Monday morning."""
        self.moment = MONDAY


class RealTime(Watch):
    """A server's own clock: nobody moves it."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    def set(self, moment: datetime) -> None:
        pytest.skip(f"a real server keeps its own time; the scenario moves the clock to {moment:%F %H:%M}")

    def tick(self) -> None:
        """Time passes by itself."""

    def restart(self) -> None:
        """It never stopped."""


class World(Protocol):
    """People at a tracker, and the site through which the product looks at it."""

    site: Site
    clock: Watch

    def create(
        self,
        kind: IssueKind,
        product: str,
        title: str,
        *,
        author: str,
        fields: Mapping[Field, str],
        assignee: str,
    ) -> IssueRef: ...
    def act(
        self,
        ref: IssueRef,
        account: str,
        *,
        stage: Stage | None = None,
        fields: Mapping[Field, str] | None = None,
        note: str = "",
        private: bool = False,
    ) -> None: ...
    def strand(self, ref: IssueRef, account: str) -> None:
        """Move the issue to a status that is not mapped."""
        ...

    def book(self, ref: IssueRef, account: str, hours: float) -> None: ...
    def release(self, product: str, name: str, account: str) -> None:
        """Make a version of a product, unless it is there."""
        ...


class _Memory(MemorySite):
    def strand(self, ref: IssueRef, account: str) -> None:
        issue, now = self.fetch(ref), self._clock()
        entry = HistoryEntry(now, account, moved_from=issue.stage)
        stranded = replace(issue, stage=None, status=UNMAPPED, history=(*issue.history, entry))
        self._keep(replace(stranded, updated_at=now))


class MemoryWorld:
    """A world without a server."""

    def __init__(self, language: str) -> None:
        self.clock = Watch()
        self._memory = _Memory("main", self.clock, language=language, account=BOT)
        self.site: Site = self._memory

    def create(self, kind: IssueKind, product: str, title: str, **more: Any) -> IssueRef:
        return self._memory.create(kind, product, title, **more)

    def act(self, ref: IssueRef, account: str, **acts: Any) -> None:
        self._memory.person_does(ref, account, **acts)

    def strand(self, ref: IssueRef, account: str) -> None:
        self._memory.strand(ref, account)

    def book(self, ref: IssueRef, account: str, hours: float) -> None:
        self._memory.book(ref, account, hours, self.clock().date())

    def release(self, product: str, name: str, account: str) -> None:
        self._memory.release(product, name)
