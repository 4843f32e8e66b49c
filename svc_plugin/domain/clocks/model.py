"""A clock as a value: what it measured, with which pauses, and whether it was kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.domain.working_time import WorkCalendar, add_working, elapsed_working


class State(StrEnum):
    """What a clock does now, whether or not it went past its target."""

    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still because of the issue's stage; ``until`` is None while it lasts."""

    stage: Stage
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One measured span of working time on ``calendar``.

    ``started_at`` is when it began, ``due_at`` when it is due after the pauses that have ended,
    ``stopped_at`` when it was stopped (None: not yet). It was measured up to ``until``: the stop, or the
    moment of the look. ``target`` is how much working time it may use.
    """

    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    until: datetime
    name: str
    target: timedelta
    calendar: WorkCalendar
    pauses: tuple[Pause, ...] = ()

    @property
    def used(self) -> timedelta:
        """The working time up to ``until``, without the pauses: counted day by day, and seldom asked for."""
        paused = (elapsed_working(self.calendar, p.since, p.until or self.until) for p in self.pauses)
        return elapsed_working(self.calendar, self.started_at, self.until) - sum(paused, timedelta())

    @property
    def state(self) -> State:
        """Whether it runs, stands still, or has ended."""
        if self.stopped_at is not None:
            return State.CLOSED
        return State.PAUSED if self.pauses and self.pauses[-1].until is None else State.RUNNING

    def ends_at(self, now: datetime) -> datetime:
        """Return until when it counted: the stop, the pause that lasts, or ``now``."""
        if self.stopped_at is not None:
            return self.stopped_at
        return self.pauses[-1].since if self.state is State.PAUSED else now

    def breached(self, now: datetime) -> bool:
        """Tell whether the span went past its target, stopped or not."""
        return self.ends_at(now) > self.due_at

    def reached_at(self, share: float) -> datetime:
        """Return when ``share`` of the target (1.0: all of it) was or will be used up.

        What is beyond the target counts from the due moment on, which may lie outside working hours.
        """
        if share < 1:
            return min(reached(self.calendar, self.started_at, self.target * share, self.pauses), self.due_at)
        later = tuple(pause for pause in self.pauses if pause.since >= self.due_at)
        return reached(self.calendar, self.due_at, self.target * (share - 1), later)


Measure: TypeAlias = Callable[[Snapshot, Policy], Clock | None]
Start: TypeAlias = Callable[[Snapshot], datetime | None]


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """One kind of clock: its name, the rule that keeps it, its clauses, on which kind of issue it runs.

    ``started`` tells when it began, None when it did not; it needs no policy, for the policy in force at
    that moment is the one that ``measure`` is given. What is due at an agreed time never ``pauses``.
    """

    name: str
    rule: str
    clauses: tuple[str, ...]
    kind: IssueKind
    started: Start
    measure: Measure
    pauses: bool = True


def reached(
    calendar: WorkCalendar, start: datetime, span: timedelta, pauses: tuple[Pause, ...] = ()
) -> datetime:
    """Return the instant at which ``span`` of working time has passed since ``start`` outside of ``pauses``.

    A pause that still lasts does not move it: nobody knows by how much it will. Raises ``ValueError`` as
    ``add_working`` does.
    """
    at = add_working(calendar, start, span)
    for pause in pauses:
        if pause.until is None or at <= pause.since:
            break
        span += elapsed_working(calendar, pause.since, pause.until)
        at = add_working(calendar, start, span)
    return at
