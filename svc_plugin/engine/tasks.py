"""Huey carries hints ("look at this issue") and the clock for repeated ones; nothing is true here.

A lost hint costs at most a minute: the tick finds every issue that is due in the work table.
"""

from collections.abc import Callable
from typing import Any

import huey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from svc_plugin.domain.model import IssueRef

_POLL = 0.1  # seconds; the default backs off to ten


class Hints:
    """Sends hints and, where workers run, acts on them.

    ``url``: ``memory:`` (threads of this process), ``redis://…`` or ``postgresql://…``. ``secret`` signs
    what lies in a shared storage: whoever can write there must not be able to run code here.
    ``work_on`` takes a reference and returns in how many seconds to look again (None: not by a hint);
    ``tick`` runs every minute and returns the references that are due. ``deliver`` runs every minute too,
    as a task of its own: slow channels must not hold up the hints. ``sync`` does so as well, and when it is
    asked for: it carries out the syncs that administrators want.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        work_on: Callable[[IssueRef], float | None],
        tick: Callable[[], list[IssueRef]],
        deliver: Callable[[], None] | None = None,
        sync: Callable[[], None] | None = None,
    ) -> None:
        self._queue = _storage(url, secret)
        queue = self._queue

        @queue.task(name="look")  # type: ignore[untyped-decorator]
        def look(site: str, key: str) -> None:
            again = work_on(IssueRef(site, key))
            if again is not None:
                look.schedule((site, key), delay=again)

        @queue.periodic_task(huey.crontab(), name="tick")  # type: ignore[untyped-decorator]
        def tick_now() -> None:
            self.send_all(tick())

        if deliver:
            queue.periodic_task(huey.crontab(), name="deliver")(deliver)
        self._sync = queue.task(name="sync_now")(sync) if sync else None
        if sync:
            queue.periodic_task(huey.crontab(), name="sync")(sync)
        self._look = look

    def send(self, ref: IssueRef) -> None:
        """Ask some worker to look at an issue soon."""
        self._look(ref.site, ref.key)

    def send_all(self, refs: list[IssueRef]) -> None:
        """Ask for each of several issues."""
        for ref in refs:
            self.send(ref)

    def send_sync(self) -> None:
        """Ask some worker to carry out the syncs that are wanted."""
        if self._sync:
            self._sync()

    def consumer(self, workers: int) -> Consumer:
        """Return workers as threads of this process; ``start`` and ``stop`` them.

        Their first tick comes at once, in a worker: a slow site does not hold up the start.
        """
        return _EmbeddedConsumer(
            self._queue, workers=workers, initial_delay=_POLL, max_delay=_POLL, backoff=1.0
        )


class _EmbeddedConsumer(Consumer):  # type: ignore[misc]
    """A consumer inside a process that handles signals itself."""

    def _set_signal_handlers(self) -> None:
        """Leave the signals to the process."""


def _storage(url: str, secret: str) -> Any:
    scheme = url.partition(":")[0]
    if scheme == "memory":
        return huey.MemoryHuey("svc-plugin", results=False)
    serializer = SignedSerializer(secret=secret)
    if scheme in {"redis", "rediss"}:
        return huey.RedisHuey("svc-plugin", results=False, url=url, serializer=serializer)
    if scheme in {"postgresql", "postgres"}:
        return huey.PostgresHuey("svc-plugin", results=False, dsn=url, serializer=serializer)
    raise ValueError(f"queue '{scheme}:' is not known; use memory:, redis://… or postgresql://…")
