"""How the sites answer this process: kept in memory until the pulse writes it down."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(slots=True)
class Seen:
    """What one site did since it was last asked for; moments are seconds since 1970, 0 for never."""

    answered: float = 0.0
    failed: float = 0.0
    failures: int = 0
    error: str = ""


class Contacts:
    """Counts answers and failures by site. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, Seen] = {}

    def note(self, site: str, error: str, at: float) -> None:
        """Note an answer (``error`` "") or a failure."""
        with self._lock:
            seen = self._seen.setdefault(site, Seen())
            if error:
                seen.failed, seen.failures, seen.error = at, seen.failures + 1, error
            else:
                seen.answered, seen.failures = at, 0

    def take(self) -> Mapping[str, Seen]:
        """Return what was noted since the last time, by site."""
        with self._lock:
            seen, self._seen = self._seen, {}
        return seen


CONTACTS = Contacts()
"""Those of this process, as the library's metrics are the process's own."""
