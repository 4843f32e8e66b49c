"""Programs that are measured from outside: how long they take, and the most memory that they held."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import group_peak, group_seconds
from bench.receiver.servers import ROOT, end

_LOOK = (
    0.05  # seconds between two looks at a program: the most memory it ever held is only known while it runs
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program took until it ended: seconds by the wall, seconds of CPU, megabytes at most."""

    seconds: float
    cpu: float
    peak: float


def measured(command: Sequence[str], environment: Mapping[str, str], output: Path) -> Ended:
    """Run a program to its end. Raises ``RuntimeError`` with its output when it fails."""
    begun, cpu, peak = time.perf_counter(), 0.0, 0.0
    with started(command, environment, output) as process:
        while process.poll() is None:
            cpu, peak = max(cpu, group_seconds(process.pid)), max(peak, group_peak(process.pid))
            time.sleep(_LOOK)
    if process.returncode:
        raise RuntimeError(
            f"{command[2:]} ended with {process.returncode}:\n{output.read_text(errors='replace')}"
        )
    return Ended(time.perf_counter() - begun, cpu, peak)


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], output: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program as the leader of its own process group while the block lasts."""
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | dict(environment)
    with output.open("wb") as told:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=told, stderr=told, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                end(process)
