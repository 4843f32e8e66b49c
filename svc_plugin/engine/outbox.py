"""What waits to be told beside the issues, and who tells it, as protocols."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import Notification


@dataclass(frozen=True, slots=True)
class Message:
    """A notification on its way: to which channels it still has to go, when, and what went wrong so far.

    ``due_at`` is None when nothing more is tried. ``lease`` is ours until then, and the fence as for work.
    """

    ref: IssueRef
    marker: str
    title: str
    text: str
    channels: tuple[str, ...]
    due_at: datetime | None
    tries: int
    error: str
    lease: float


class Outbox(Protocol):
    """Where notifications wait to be sent: one a marker and issue, ever."""

    def put(
        self, ref: IssueRef, notification: Notification, channels: Sequence[str], *, due: datetime
    ) -> None:
        """Keep a notification, unless there was one of its marker on the issue before."""
        ...

    def take(self, *, now: datetime, lease: timedelta) -> Message | None:
        """Claim the message longest due; None when there is none."""
        ...

    def give_back(
        self, message: Message, *, channels: Sequence[str], due: datetime | None, error: str
    ) -> None:
        """Write down which channels are left, when to try again (None: no more) and why."""
        ...


class Sender(Protocol):
    """Reaches people on their channels."""

    def send(self, channel: str, title: str, text: str) -> None:
        """Send one message. Raises ``TransientError`` when it was not taken."""
        ...
