"""One table a topic: the figure, ours, the peer or floor, their ratio, the goal and whether it is met."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results"
_TITLES = ("figure", "ours", "peer or floor", "ratio", "goal", "met")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must reach: ``text`` for people, ``holds`` for the machine."""

    text: str
    holds: Callable[[float], bool]

    @classmethod
    def at_least(cls, value: float, unit: str = "") -> "Goal":
        """The figure must be ``value`` or more."""
        return cls(f">= {value:g}{unit}", lambda given: given >= value)

    @classmethod
    def at_most(cls, value: float, unit: str = "") -> "Goal":
        """The figure must be ``value`` or less."""
        return cls(f"<= {value:g}{unit}", lambda given: given <= value)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, and one entry of the results: ``value`` in ``unit``, judged by ``goal``.

    ``ours``, ``other`` and ``ratio`` are what a person reads.
    """

    name: str
    value: float
    unit: str
    ours: str = ""
    other: str = ""
    ratio: str = ""
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        return self.goal.holds(self.value) if self.goal else None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a topic, and the lines above it: method, load on the machine, what was checked."""

    heading: Sequence[str]
    rows: Sequence[Row]


def plain(name: str, value: float, unit: str, goal: Goal | None = None) -> Row:
    """Return a row for a figure that stands alone."""
    return Row(name, value, unit, ours=f"{number(value)} {unit}".strip(), goal=goal)


def compared(
    name: str,
    unit: str,
    ours: Sequence[float],
    other: Sequence[float],
    *,
    against: str,
    goal: Goal | None = None,
) -> Row:
    """Return a row whose value is the ratio ours / other.

    ``ours`` and ``other`` hold one value a round; rounds are interleaved, so the ratio is the median of the
    ratios round by round, which other load on the machine hardly moves. Its range stands in brackets.
    """
    ratios = [mine / theirs for mine, theirs in zip(ours, other, strict=True)]
    ratio = median(ratios)
    spread = f" ({min(ratios):.2f}-{max(ratios):.2f})" if len(ratios) > 1 else ""
    return Row(
        f"{name}: ratio to {against}",
        ratio,
        "x",
        ours=f"{number(median(ours))} {unit}",
        other=f"{number(median(other))} {unit} ({against})",
        ratio=f"{ratio:.2f}{spread}",
        goal=goal,
    )


def number(value: float) -> str:
    """Write a number with about three digits that count."""
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.1 else f"{value:.4f}"


def publish(topic: str, table: Table, machine: str, *, keep: bool = True) -> None:
    """Print the table; ``keep`` also writes ``results/<topic>.json`` and the same table to read."""
    lines = _lines(table.rows)
    print(f"\n{topic}: {machine}", *(f"  {line}" for line in table.heading), *lines, sep="\n")
    if not keep:
        return
    RESULTS.mkdir(exist_ok=True)
    entries = [
        {
            "name": row.name,
            "value": round(row.value, 4),
            "unit": row.unit,
            "goal": row.goal.text if row.goal else None,
            "met": row.met,
        }
        for row in table.rows
    ]
    text = "\n".join([f"# {topic}", "", machine, "", *(f"- {line}" for line in table.heading), "", *lines])
    for name, content in (
        (f"{topic}.json", json.dumps(entries, ensure_ascii=False, indent=2)),
        (f"{topic}.md", text),
    ):
        (RESULTS / name).write_text(content + "\n", encoding="utf-8")


def _lines(rows: Sequence[Row]) -> list[str]:
    cells = [_TITLES, *(_cells(row) for row in rows)]
    widths = [max(_width(line[place]) for line in cells) for place in range(len(_TITLES))]
    lines = [
        "| " + " | ".join(_padded(*pair) for pair in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return [lines[0], rule, *lines[1:]]


def _cells(row: Row) -> tuple[str, ...]:
    met = {None: "", True: "yes", False: "NO"}[row.met]
    name = row.name.partition(": ratio to ")[0]
    return name, row.ours, row.other, row.ratio, row.goal.text if row.goal else "", met


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
