"""What a site would not do: named for people, and remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from svc_plugin.domain.model import HistoryEntry, IssueRef, Snapshot
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    EnsureIssue,
    EnsureVersion,
    Plan,
    PutComment,
    SetField,
    SetStage,
    Watch,
)
from svc_plugin.engine.ports import Write

REFUSED = "refused"
"""The marker of the comment that says so."""
_WHAT: dict[type[Write], str] = {
    Watch: "refused.what.watch",
    PutComment: "refused.what.comment",
    EnsureIssue: "refused.what.issue",
    EnsureVersion: "refused.what.version",
    Attach: "refused.what.file",
}


def refused(before: Snapshot, after: Snapshot, unmet: Sequence[Write], plan: Plan) -> list[Write]:
    """Pick out of ``unmet`` what the site really refused; ``plan`` is what the rules want now.

    What took place and was undone by somebody at once, or is not wanted any more because somebody
    changed the issue while we wrote, is no refusal: the next look deals with it.
    """
    since = after.issue.history[len(before.issue.history) :]
    plain = (SetStage, SetField, Assign, PutComment)
    wanted = [write for write in unmet if not isinstance(write, plain) or write in plan.changes]
    return [write for write in wanted if not any(_took_place(entry, write) for entry in since)]


def _took_place(entry: HistoryEntry, write: Write) -> bool:
    match write:
        case SetStage(stage):
            return entry.moved_to is stage
        case SetField(name, value):
            return any(change.field is name and change.new == value for change in entry.changes)
        case _:
            return False


def refusal_text(seen: Snapshot, unmet: Sequence[Write]) -> str:
    """Return one sentence for each write that did not take effect, in the site's language."""
    return "\n".join(_sentence(seen, write) for write in unmet)


def _sentence(seen: Snapshot, write: Write) -> str:
    issue, texts = seen.issue, seen.texts
    match write:
        case SetStage(stage):
            return texts.say("refused.stage", before=texts.stage(issue.stage), wanted=texts.stage(stage))
        case SetField(name, value):
            before, field = texts.choice(name, issue.value(name)), texts.field(name)
            return texts.say("refused.field", field=field, wanted=texts.choice(name, value), before=before)
        case Assign(account):
            before = seen.registers.name_of(issue.assignee) or texts.say("none")
            return texts.say("refused.assign", wanted=seen.registers.name_of(account), before=before)
        case Watch() | PutComment() | EnsureIssue() | EnsureVersion() | Attach():
            return texts.say("refused.other", what=texts.say(_WHAT[type(write)]))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a site would not do: in which state (see ``looking.digest``), and why, for people."""

    digest: str
    reason: str


class Refusals(Protocol):
    """What the sites would not do, so that our own echoes do not make us try it for ever."""

    def remember(self, ref: IssueRef, refusal: Refusal, *, at: datetime) -> None: ...

    def known(self, ref: IssueRef) -> Refusal | None: ...

    def forget(self, ref: IssueRef) -> None: ...

    def release(self, ref: IssueRef, *, at: datetime) -> None:
        """Let it be tried again because a person says so."""
        ...

    def released_at(self, ref: IssueRef) -> datetime | None:
        """Return when a person last let the issue be tried again: what was before is no fight any more."""
        ...
