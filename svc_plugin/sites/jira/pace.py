"""How fast one issue may be written to: Jira Cloud counts the writes on each issue and refuses the rest."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

# so many writes on one issue within so many seconds
LIMITS: Final = ((20, 2.0), (100, 30.0))
_MOST_KNOWN: Final = 1000


class Pace:
    """Tells how long the next write on an issue must wait. ``clock`` gives seconds. Safe for threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._writes: dict[str, deque[float]] = {}

    def next(self, issue: str) -> float:
        """Count a write on ``issue`` if it may go now; return 0, else the seconds until it may."""
        with self._lock:
            now = self._clock()
            known = self._writes.setdefault(issue, deque(maxlen=max(count for count, _ in LIMITS)))
            waits = (known[-count] + span - now for count, span in LIMITS if len(known) >= count)
            wait = max(0.0, *waits, 0.0)
            if not wait:
                known.append(now)
                self._forget(now)
            return wait

    def _forget(self, now: float) -> None:
        if len(self._writes) > _MOST_KNOWN:
            longest = max(span for _, span in LIMITS)
            self._writes = {key: known for key, known in self._writes.items() if known[-1] > now - longest}
