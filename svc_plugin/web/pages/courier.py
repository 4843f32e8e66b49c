"""Brings drafts to their site in their owner's name; it has the owner's key only while they are here."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

import structlog

from svc_plugin.domain.errors import SvcPluginError, TransientError
from svc_plugin.store.drafts import Draft
from svc_plugin.store.sessions import Session
from svc_plugin.web.pages.entry_form import wanted
from svc_plugin.web.pages.hinting import hinted
from svc_plugin.web.pages.parts import PageParts

LEASE = timedelta(minutes=10)
"""Longer than any delivery takes with every answer as late as its time-out allows."""
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=5)
"""Between tries. No sooner than that: what the site is still at work on is not found by its marker yet."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers one draft at a time for each person."""

    parts: PageParts
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "courier"))
    _lock: Lock = field(default_factory=Lock)
    _under_way: dict[tuple[str, str], Future[None]] = field(
        default_factory=dict[tuple[str, str], "Future[None]"]
    )

    def deliver(self, mine: Session, token: str) -> Draft | None:
        """Try one draft of the person who is here; return it as it stands afterwards, None for none."""
        drafts, now = self.parts.drafts, self.parts.clock()
        draft = drafts.find(token, mine.site, mine.access.account)
        claimed = drafts.claim(draft, now, lease=LEASE) if draft else None
        if claimed:
            self._deliver(mine, claimed)
        return drafts.find(token, mine.site, mine.access.account) if draft else None

    def _deliver(self, mine: Session, claimed: Draft) -> None:
        drafts, now = self.parts.drafts, self.parts.clock()
        try:
            ref = self.parts.identities[mine.site].file(mine.key, wanted(claimed.id, claimed.form))
        except TransientError as error:
            pause = min(FIRST * 2**claimed.tries, LONGEST)
            pause = max(pause, timedelta(seconds=error.retry_after or 0))
            _log.warning("draft.waits", draft=claimed.id, site=mine.site, cause=str(error))
            drafts.failed(claimed, "down", str(error), due=now + pause)
        except SvcPluginError as error:
            _log.warning("draft.refused", draft=claimed.id, site=mine.site, cause=str(error))
            drafts.failed(claimed, "refused", str(error), due=None)
        else:
            drafts.delivered(claimed, ref.key)
            _log.info("draft.delivered", draft=claimed.id, issue=str(ref), tries=claimed.tries)
            hinted(self.parts, ref)

    def remind(self, mine: Session) -> int:
        """Count what waits for the person who is here, and have it tried beside the page they look at."""
        who = (mine.site, mine.access.account)
        waiting, due = self.parts.drafts.waiting(*who, self.parts.clock())
        with self._lock:
            running = self._under_way.get(who)
            if due and (running is None or running.done()):
                self._under_way[who] = self._pool.submit(self._all, mine, due)
        return waiting

    def _all(self, mine: Session, tokens: Sequence[str]) -> None:
        for token in tokens:
            try:
                left = self.deliver(mine, token)
            except Exception as error:  # noqa: BLE001 -- nobody waits for this thread; the lease ends by itself
                _log.warning("draft.broke_off", draft=token, cause=type(error).__name__)
                return
            if left and left.waiting and left.fault == "down":
                return  # it would only be the same with the next one

    def rest(self) -> None:
        """Wait until nothing is under way any more."""
        with self._lock:
            running = list(self._under_way.values())
        for one in running:
            one.result()
