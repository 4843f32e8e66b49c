"""Where an issue has been and since when, read from its own history."""

from dataclasses import dataclass
from datetime import datetime

from svc_plugin.domain.model import Issue
from svc_plugin.domain.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage (None: a status that is not mapped); ``until`` is None while it lasts."""

    stage: Stage | None
    since: datetime
    until: datetime | None
    moved_by: str


def stays(issue: Issue) -> tuple[Stay, ...]:
    """Return every stay of the issue, oldest first, without gaps from its creation on.

    The last one is in the stage that the issue has now. Its author stands for who moved it at creation.
    """
    moves = [entry for entry in issue.history if entry.moved_from is not entry.moved_to]
    stages = [move.moved_from for move in moves[:1]] + [move.moved_to for move in moves[:-1]] + [issue.stage]
    times = [issue.created_at, *(move.at for move in moves)]
    people = [issue.author, *(move.account for move in moves)]
    ends = [*times[1:], None]
    return tuple(Stay(*stay) for stay in zip(stages, times, ends, people, strict=True))


def present_since(issue: Issue) -> datetime:
    """Return when the issue came into its present stage: its creation when it never moved."""
    return stays(issue)[-1].since
