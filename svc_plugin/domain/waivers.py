"""Waivers: a soft rule ("一般地") may be set aside by the leader, with a reason and until a day (M73)."""

from dataclasses import dataclass
from datetime import date

from svc_plugin.domain.evidence import Act, last_set
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.vocabulary import Field, Role


@dataclass(frozen=True, slots=True)
class Waiver:
    """One line of the waiver field: which rule is set aside, until which day (None: open), and why."""

    line: str
    rule: str
    until: date | None
    reason: str

    def is_expired(self, today: date) -> bool:
        """Tell whether its last day is over."""
        return self.until is not None and today > self.until


def is_waived(seen: Snapshot, rule: str) -> bool:
    """Tell whether the leader's own entry in the waiver field sets ``rule`` aside today.

    Without a reason it does not count.
    """
    act = last_set(seen.issue, Field.WAIVER)
    if act is None or not is_by_leader(seen, act):
        return False
    day = today(seen)
    found = (one for one in read_waivers(act.value) if one.rule == rule)
    return any(one.reason and not one.is_expired(day) for one in found)


def read_waivers(text: str) -> tuple[Waiver, ...]:
    """Read the waiver field: one line a waiver, ``M51 2026-12-31 客户停产检修``; the day may be left out."""
    return tuple(_read(line.strip()) for line in text.splitlines() if line.strip())


def is_by_leader(seen: Snapshot, act: Act) -> bool:
    """Tell whether the product's leader wrote the waiver in person."""
    return seen.registers.acts_as(act.account, Role.LEADER, seen.issue.product)


def today(seen: Snapshot) -> date:
    """Return the day it is at the company."""
    return seen.registers.calendar.day_of(seen.now)


def _read(line: str) -> Waiver:
    rule, rest = (*line.split(maxsplit=1), "")[:2]
    first, reason = (*rest.split(maxsplit=1), "", "")[:2]
    try:
        return Waiver(line, rule, date.fromisoformat(first), reason)
    except ValueError:  # no day: the reason begins at once
        return Waiver(line, rule, None, rest)
