"""The floor under every store that keeps its word: how often this disk syncs."""

import os
import time
from pathlib import Path

_BLOCK = bytes(4_096)


def syncs_a_second(folder: Path, seconds: float) -> tuple[float, list[float]]:
    """Append 4 KB and fdatasync, again and again, in one thread; return syncs a second and their seconds."""
    taken: list[float] = []
    path = folder / "synced"
    with path.open("ab", buffering=0) as file:
        start = before = time.perf_counter()
        while before - start < seconds:
            file.write(_BLOCK)
            os.fdatasync(file.fileno())
            now = time.perf_counter()
            taken.append(now - before)
            before = now
    path.unlink()
    return len(taken) / (before - start), taken
