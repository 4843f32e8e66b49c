"""Waiting in the order of arrival: locks and pools of the libraries let a newcomer overtake who waits."""

from collections import deque
from threading import Lock


class InOrder:
    """Lets ``width`` threads in at a time, the others as they came.

    Measured reason (``bench/pages``): of eight who read one page after another, the unluckiest in twenty
    waited three times as long as most; now all wait about as long. Raises ``TimeoutError`` for who has
    waited for ``patience`` seconds; by itself it waits without end.
    """

    def __init__(self, width: int, patience: float = -1) -> None:
        self._lock = Lock()
        self._free = width
        self._patience = patience
        self._waiting: deque[Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if not turn.acquire(timeout=self._patience):
            self._give_up(turn)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _give_up(self, turn: Lock) -> None:
        with self._lock:
            if turn in self._waiting:  # else it was given at the last moment
                self._waiting.remove(turn)
                raise TimeoutError(f"others were busy for {self._patience:g} seconds")
