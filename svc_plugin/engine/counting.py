"""Counts, from the mirror, issues of which nothing is counted yet: after an update, a part at each tick."""

from collections.abc import Sequence
from typing import Protocol

from svc_plugin.domain.figures.facts import Facts, facts_of
from svc_plugin.domain.figures.window import wordless
from svc_plugin.domain.model import Issue
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.engine.ports import Clock

PART = 1000
"""How many issues are counted at a time: about a second of work."""


class Board(Protocol):
    """Where the counts are kept."""

    def uncounted(self, *, limit: int) -> Sequence[Issue]: ...

    def fill(self, found: Sequence[tuple[Issue, Facts]]) -> None: ...


def count_some(
    board: Board, registers: Registers, policies: Policies | Policy, clock: Clock, *, limit: int = PART
) -> int:
    """Count at most ``limit`` issues; return how many they were, 0 when nothing is left.

    What other issues mean to a clock is not known here; the next look at the issue puts that right.
    """
    now = clock()
    found = [
        (issue, facts_of(wordless(issue, registers, now), policies)) for issue in board.uncounted(limit=limit)
    ]
    board.fill(found)
    return len(found)
