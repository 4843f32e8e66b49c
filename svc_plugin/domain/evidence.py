"""Who did it: the person behind a field's present value, read from the issue's own history."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from svc_plugin.domain.model import HistoryEntry, Issue
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Field, Role, Stage


@dataclass(frozen=True, slots=True)
class Act:
    """The act that gave a field its present value.

    ``entry`` is its place in the history, -1 for the filing: two acts may share a second of the site's.
    """

    account: str
    at: datetime
    value: str
    entry: int = field(default=-1, compare=False)


def acts(issue: Issue, name: Field) -> tuple[Act, ...]:
    """Return who gave the field each value that it has had, and when, oldest first.

    What stood there before the first recorded change was there from the start: its author gave it.
    """
    every = acts_on(issue, name)
    return every if every[0].value else every[1:]


def last_set(issue: Issue, name: Field) -> Act | None:
    """Return who gave the field the value it has, and when; None when it has none.

    A value that no history entry explains was there from the start: its author gave it.
    """
    value = issue.value(name)
    if not value:
        return None
    for place, entry in _latest_first(issue):
        for change in entry.changes:  # asked for often, and over the whole history
            if change.field is name and change.new == value:
                return Act(entry.account, entry.at, value, place)
    return Act(issue.author, issue.created_at, value)


def last_moved(issue: Issue, stage: Stage) -> Act:
    """Return who last moved the issue into ``stage``, and when; its author when no move tells."""
    for place, entry in _latest_first(issue):
        if entry.moved_to is stage:
            return Act(entry.account, entry.at, stage, place)
    return Act(issue.author, issue.created_at, stage)


def value_at(issue: Issue, name: Field, at: datetime) -> str:
    """Return the value that the field had at a moment."""
    value = issue.value(name)
    for entry in reversed(issue.history):
        if entry.at <= at:
            break
        value = next((change.old for change in entry.changes if change.field is name), value)
    return value


def acts_on(issue: Issue, name: Field) -> tuple[Act, ...]:
    """Return every act that gave the field a value or emptied it, oldest first.

    The value it had at creation is the author's act.
    """
    changes = [
        (place, entry, change)
        for place, entry in enumerate(issue.history)
        for change in entry.changes
        if change.field is name
    ]
    first = changes[0][2].old if changes else issue.value(name)
    later = (Act(entry.account, entry.at, change.new, place) for place, entry, change in changes)
    return (Act(issue.author, issue.created_at, first), *later)


def last_set_as(issue: Issue, name: Field, role: Role, registers: Registers) -> Act | None:
    """Return the act behind the field's present value when a holder of ``role`` did it, else None."""
    act = last_set(issue, name)
    return act if act and registers.acts_as(act.account, role, issue.product) else None


def _latest_first(issue: Issue) -> Iterator[tuple[int, HistoryEntry]]:
    return zip(range(len(issue.history) - 1, -1, -1), reversed(issue.history), strict=True)
