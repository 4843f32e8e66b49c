"""Waivers: a soft rule ("一般地") may be set aside by the leader, with a reason and until a day (M73)."""

from datetime import date

from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.vocabulary import Field, Role


def is_waived(seen: Snapshot, rule: str) -> bool:
    """Tell whether the leader's own entry in the waiver field sets ``rule`` aside today.

    One line a waiver: rule, last day (optional), reason; for instance ``M51 2026-12-31 客户停产检修``.
    Without a reason it does not count.
    """
    act = last_set(seen.issue, Field.WAIVER)
    if act is None or not seen.registers.acts_as(act.account, Role.LEADER, seen.issue.product):
        return False
    today = seen.now.astimezone(seen.registers.calendar.zone).date()
    return any(_covers(line, rule, today) for line in act.value.splitlines())


def _covers(line: str, rule: str, today: date) -> bool:
    words = line.split(maxsplit=1)
    if not words or words[0] != rule or len(words) < 2:
        return False
    first, _, reason = words[1].partition(" ")
    try:
        until = date.fromisoformat(first)
    except ValueError:
        return True  # no day: the reason begins at once
    return bool(reason.strip()) and today <= until
