"""Tells people of escalations on their own channels, outside of every reconcile: what fails stops nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.plan import Notification
from svc_plugin.engine.outbox import Message, Outbox, Sender
from svc_plugin.engine.ports import Clock

_LEASE = timedelta(minutes=10)  # longer than any sending: every channel has a time-out
_STALE = timedelta(days=3)  # a weekend of outage; what is older would only be a flood of old news
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=1)
_MOST_TRIES = 10
_BATCH = 50

log = structlog.get_logger(__name__)


class Notifier:
    """Puts notifications into the outbox, each once, and sends what lies there.

    ``channels`` names the channels of each account.
    """

    def __init__(
        self, outbox: Outbox, channels: Mapping[str, Sequence[str]], sender: Sender, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._sender = sender
        self._clock = clock

    def keep(self, ref: IssueRef, notifications: Iterable[Notification]) -> None:
        """Put what is new and recent into the outbox; to be called again and again with the same.

        Raises ``TransientError`` when the store is down.
        """
        now = self._clock()
        for one in notifications:
            named = (name for account in one.accounts for name in self._channels.get(account, ()))
            channels = tuple(dict.fromkeys(named))
            if channels and now - one.at <= _STALE:
                self._outbox.put(ref, one, channels, due=now)

    def deliver(self) -> None:
        """Send what is due; what fails is tried again later, and given up in the end."""
        for _ in range(_BATCH):
            message = self._outbox.take(now=self._clock(), lease=_LEASE)
            if message is None:
                return
            self._deliver(message)

    def _deliver(self, message: Message) -> None:
        failed: dict[str, str] = {}
        for channel in message.channels:
            try:
                self._sender.send(channel, message.title, message.text)
            except TransientError as error:
                failed[channel] = str(error)
        told = {"issue": str(message.ref), "marker": message.marker}
        if not failed:
            self._outbox.give_back(message, channels=(), due=None, error="")
            log.info("notification.sent", **told)
            return
        due, reason = self._next_try(message), "; ".join(failed.values())
        self._outbox.give_back(message, channels=tuple(failed), due=due, error=reason)
        event = "notification.retry" if due else "notification.given_up"
        log.warning(event, **told, tries=message.tries + 1, error=reason)

    def _next_try(self, message: Message) -> datetime | None:
        if message.tries + 1 >= _MOST_TRIES:
            return None
        return self._clock() + min(_FIRST_DELAY * 2.0**message.tries, _LONGEST_DELAY)
