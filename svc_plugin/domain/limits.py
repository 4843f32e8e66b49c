"""How much may be changed, how often, and how long to leave a site alone: rules over figures and moments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from svc_plugin.domain.plan import Change

BRAKE_SPAN = timedelta(hours=1)
_BRAKE_SHARE = 0.3
BRAKE_COUNT = 10

FIGHT_SPAN = timedelta(hours=24)
FIGHT_ROUNDS = 6
_ROUNDS_WITHIN = timedelta(hours=1)
_MOST_ACTS = 20

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)


def too_much(changed: int, of: int) -> bool:
    """Tell whether a program that changes ``changed`` out of ``of`` issues should ask a person first."""
    return changed > BRAKE_COUNT and changed > _BRAKE_SHARE * of


def counts_for_brake(created_at: datetime, now: datetime) -> bool:
    """Tell whether a change of an issue counts: one that has just been filed is answered, not rewritten."""
    return created_at <= now - BRAKE_SPAN


@dataclass(frozen=True, slots=True)
class Act:
    """What we did to one issue at a moment."""

    at: datetime
    changes: Collection[Change]


@dataclass(frozen=True, slots=True)
class Fight:
    """Somebody undoes what we do: how often we did it, within how many hours, until when we keep quiet."""

    count: int
    hours: int
    until: datetime


def fight(acts: Sequence[Act], wanted: Collection[Change], now: datetime) -> Fight | None:
    """Tell whether to do ``wanted`` once more would go on with a fight.

    It is one when the very same change was made six times within an hour, or when there were 20 acts of
    any kind within 24 hours; in both cases until 24 hours after the last of them have passed.
    """
    # a clock that was set back leaves acts in the future: they count
    recent = [act for act in acts if act.at > now - FIGHT_SPAN]
    for change in wanted:
        times = sorted(act.at for act in recent if change in act.changes)
        for first, last in zip(times, times[FIGHT_ROUNDS - 1 :], strict=False):
            if last - first <= _ROUNDS_WITHIN:
                return Fight(FIGHT_ROUNDS, 1, last + FIGHT_SPAN)
    if len(recent) >= _MOST_ACTS:
        return Fight(len(recent), 24, sorted(act.at for act in recent)[-_MOST_ACTS] + FIGHT_SPAN)
    return None


def pause(failures: int, retry_after: float | None) -> timedelta:
    """Return how long to leave a site alone that did not answer for the ``failures``-th time in a row.

    What the site asks for itself (seconds) is kept, up to an hour.
    """
    if retry_after is not None:
        return timedelta(seconds=min(max(retry_after, 1.0), 3600.0))
    return min(_FIRST_PAUSE * 2.0 ** min(failures - 1, 10), _LONGEST_PAUSE)
