"""Who did it: the person behind a field's present value, read from the issue's own history."""

from dataclasses import dataclass
from datetime import datetime

from svc_plugin.domain.model import Issue
from svc_plugin.domain.vocabulary import Field


@dataclass(frozen=True, slots=True)
class Act:
    """The act that gave a field its present value."""

    account: str
    at: datetime
    value: str


def last_set(issue: Issue, name: Field) -> Act | None:
    """Return who gave the field the value it has, and when; None when it has none.

    A value that no history entry explains was there from the start: its author gave it.
    """
    value = issue.value(name)
    if not value:
        return None
    for entry in reversed(issue.history):
        if any(change.field is name and change.new == value for change in entry.changes):
            return Act(entry.account, entry.at, value)
    return Act(issue.author, issue.created_at, value)
