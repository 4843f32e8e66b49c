"""The topic ``decide``: how many decisions a second, and what a long history costs."""

import time
from collections.abc import Mapping, Sequence
from statistics import median

from bench.machine import load, wait_until_quiet
from bench.report import Goal, Row, Table, compared, plain
from bench.samples import company, unanswered, undecided
from svc_plugin.domain.decide import decide
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.messages import load as load_texts

LENGTHS = (5, 50, 500)
SLICE = 0.1  # seconds: what disturbs one slice hardly disturbs all


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
    rounds, slices = (1, 2) if quick else (7, 8)
    before, others = load(), wait_until_quiet()
    taken: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for _ in range(rounds):
        for length, best in _round(seen, settings.policy, slices).items():
            taken[length].append(best)
    findings = {
        str(sum(len(decide(one, settings.policy).findings) for one in both)) for both in seen.values()
    }
    heading = (
        "decide() by every rule of config/policies/standard.yaml, in turns on a request nobody answered and",
        "on work whose class and decision stand at the very beginning: rules read the whole history of both",
        f"{rounds} rounds; in each, the lengths take turns {slices} times for {SLICE:g} s of CPU time and the",
        "best counts; medians over the rounds, in brackets the range of the ratio",
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


def _round(seen: Mapping[int, Sequence[Snapshot]], policy: Policy, slices: int) -> dict[int, float]:
    """Return the seconds of one decision by length, the best of several slices."""
    best = dict.fromkeys(seen, float("inf"))
    for _ in range(slices):
        for length, issues in seen.items():
            best[length] = min(best[length], _seconds_each(issues, policy))
    return best


def _seconds_each(issues: Sequence[Snapshot], policy: Policy) -> float:
    start, count = time.process_time(), 0
    while (used := time.process_time() - start) < SLICE:
        for seen in issues:
            decide(seen, policy)
        count += len(issues)
    return used / count
