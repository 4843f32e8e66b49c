"""The machine that measures: what it is, how busy others keep it, what our processes used. Linux only."""

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK")
_IDLE_FIELDS = (3, 4)  # idle and waiting for the disk, in the first line of /proc/stat


def description() -> str:
    """Say in one line what this machine is."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _lines(_PROC / "cpuinfo")
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores {model}, {platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def filesystem(folder: Path) -> str:
    """Name the type of the file system that holds ``folder``: on tmpfs a sync costs nothing."""
    mounts = [line.split()[1:3] for line in _lines(_PROC / "mounts")]
    holding = [(len(point), kind) for point, kind in mounts if folder.resolve().is_relative_to(point)]
    return max(holding)[1]


def load() -> str:
    """The load averages over 1, 5 and 15 minutes."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def busy_seconds() -> float:
    """CPU seconds that all processes of the machine have used since it started."""
    fields = [int(field) for field in _lines(_PROC / "stat")[0].split()[1:9]]
    return sum(value for place, value in enumerate(fields) if place not in _IDLE_FIELDS) / _TICK


def group_seconds(group: int) -> float:
    """CPU seconds of every living process of a process group."""
    return sum(_used(stat) for stat in _stats(group).values()) / _TICK


def group_peak(group: int) -> float:
    """Return the most memory, in megabytes, that every living process of a group ever held, added up."""
    return sum(_peak(number) for number in _stats(group)) / 1024


def own_seconds() -> float:
    """CPU seconds of this process."""
    used = os.times()
    return used.user + used.system


@dataclass(slots=True)
class Meter:
    """Tells which share of the machine others used since ``start``; 1.0 is one core."""

    busy: float
    at: float

    @classmethod
    def start(cls) -> "Meter":
        """Begin now."""
        return cls(busy_seconds(), time.perf_counter())

    def others(self, ours: float) -> float:
        """Return the cores that others kept busy; ``ours`` are the CPU seconds we used meanwhile."""
        return max(0.0, (busy_seconds() - self.busy - ours) / (time.perf_counter() - self.at))


def wait_until_quiet(*, most: float = 0.12, patience: float = 30.0) -> float:
    """Wait until others keep less than ``most`` of a core busy for a second; return what they did at last.

    After ``patience`` seconds it returns anyway: the figure is reported, not hidden.
    """
    deadline = time.monotonic() + patience
    while True:
        meter, used = Meter.start(), own_seconds()
        time.sleep(1.0)
        others = meter.others(own_seconds() - used)
        if others < most or time.monotonic() > deadline:
            return others


def _stats(group: int) -> dict[int, list[str]]:
    """Read what is told of the living processes of a group, by number."""
    found: dict[int, list[str]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text()
            except OSError:  # it ended while we looked
                continue
            # the name in brackets may hold spaces; what follows it is: state, parent, group, ...
            told = text.rpartition(")")[2].split()
            if int(told[2]) == group:
                found[int(folder.name)] = told
    return found


def _peak(number: int) -> int:
    try:
        lines = _lines(_PROC / str(number) / "status")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _used(stat: list[str]) -> int:
    user, system = 11, 12
    return int(stat[user]) + int(stat[system])


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
