"""How one who waits for a commit is woken."""

import threading
from typing import Protocol


class Alarm(Protocol):
    """Wakes one sleeper, once; it may ring before the sleeper sleeps."""

    def ring(self) -> None:
        """Wake the sleeper; any thread may call this."""
        ...

    def sleep(self, seconds: float) -> bool:
        """Sleep until it rings, at most ``seconds``; return whether it rang."""
        ...


class ThreadAlarm:
    """Puts the calling thread to sleep; a bare lock wakes it at a fraction of what a future takes."""

    def __init__(self) -> None:
        self._rung = threading.Lock()
        self._rung.acquire()

    def ring(self) -> None:
        """Wake the thread."""
        self._rung.release()

    def sleep(self, seconds: float) -> bool:
        """Hold the thread until it rings."""
        return self._rung.acquire(timeout=seconds)
