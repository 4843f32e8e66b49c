"""The topic ``decide``: how many decisions a second, and what a long history costs."""

import time
from collections.abc import Sequence
from statistics import median

from bench.machine import load, wait_until_quiet
from bench.report import Goal, Row, Table, compared, plain
from bench.samples import company, unanswered, undecided
from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.messages import load as load_texts

LENGTHS = (5, 50, 500)


def run(*, quick: bool) -> Table:
    """Decide on two issues of each length again and again, the lengths taking turns."""
    settings, texts = company(), load_texts("zh")
    seen = {
        length: [
            Snapshot(issue, settings.registers, texts, issue.updated_at)
            for issue in (unanswered(length), undecided(length))
        ]
        for length in LENGTHS
    }
    rounds, seconds = (1, 0.2) if quick else (7, 1.0)
    before, others = load(), wait_until_quiet()
    taken: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for _ in range(rounds):
        for length in LENGTHS:
            taken[length].append(_seconds_each(seen[length], settings.policy, seconds))
    findings = {
        str(sum(len(decide(one, settings.policy).findings) for one in both)) for both in seen.values()
    }
    heading = (
        "decide() by every rule of config/policies/standard.yaml, in turns on a request that nobody answered",
        "and on work whose class and decision stand at the very beginning: rules read the whole history of both",
        f"{rounds} interleaved rounds of {seconds:g} s of CPU time a length; medians, in brackets the range",
        f"findings on both issues together: {' or '.join(sorted(findings))}",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    return Table(heading, _rows(taken))


def _rows(taken: dict[int, list[float]]) -> list[Row]:
    each = {length: [1e6 * value / length for value in values] for length, values in taken.items()}
    rows = [
        plain(f"decisions/s, {length} entries", 1 / median(values), "decisions/s")
        for length, values in taken.items()
    ]
    return [
        *rows,
        compared(
            "CPU an entry, 500 entries",
            "us",
            each[500],
            each[5],
            against="5 entries",
            goal=Goal.at_most(1, "x"),
        ),
        # the fixed part of a decision flatters the ratio above; what one more entry costs does not contain it
        compared(
            "CPU of one more entry, 50 to 500",
            "us",
            _slope(taken, 50, 500),
            _slope(taken, 5, 50),
            against="5 to 50",
            goal=Goal.at_most(1.25, "x"),
        ),
    ]


def _slope(taken: dict[int, list[float]], short: int, long: int) -> list[float]:
    pairs = zip(taken[short], taken[long], strict=True)
    return [1e6 * (more - less) / (long - short) for less, more in pairs]


def _seconds_each(issues: Sequence[Snapshot], policy: Policy, seconds: float) -> float:
    start, count = time.process_time(), 0
    while (used := time.process_time() - start) < seconds:
        for seen in issues:
            decide(seen, policy)
        count += len(issues)
    return used / count
