"""Has a template filled by a process that can do no harm, and tells what went wrong in its own words."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.company.faults import Fault
from docgen.company.package import package_faults
from docgen.writer.text import clean

_CHILD = Path(__file__).with_name("child.py")
_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS, _WALL_SECONDS = 10, 30


@dataclass(frozen=True, slots=True)
class Order:
    """What a template may use: ``words`` by name, ``tables`` with their fields, and ``blocks``.

    ``words`` are texts by name, about each thing. A block's name becomes a mark (a processing
    instruction ``docgen NAME``) in the filled file, a table's row one sample row of marks.
    """

    words: Mapping[str, Mapping[str, str]]
    tables: Mapping[str, Sequence[str]]
    blocks: Sequence[str]


def fill(template: bytes, order: Order) -> bytes | Fault:
    """Return the filled file, or why there is none.

    The template runs in a process without environment, descriptors and network, with limits of memory and
    time: whatever it tries ends there.
    """
    head = {
        "words": {
            about: {name: clean(text) for name, text in words.items()} for about, words in order.words.items()
        },
        "tables": {name: list(fields) for name, fields in order.tables.items()},
        "blocks": list(order.blocks),
        "memory": _MEMORY,
        "seconds": _CPU_SECONDS,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by our own interpreter
            [sys.executable, "-I", str(_CHILD)],
            input=json.dumps(head).encode() + b"\n" + template,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return Fault("too_much")
    line, _, content = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        return Fault("too_much" if _ran_out(done) else "fails", values={"detail": _last(done.stderr)})
    answer = json.loads(line)
    if "error" in answer:
        return Fault(answer["error"], values={"detail": answer["detail"]})
    return Fault("too_much") if package_faults(content) else content


def _ran_out(done: subprocess.CompletedProcess[bytes]) -> bool:
    # a signal is the time limit's; without memory not even an answer can be formed
    return done.returncode < 0 or b"MemoryError" in done.stderr


def _last(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
