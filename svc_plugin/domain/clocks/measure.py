"""How every clock is measured: from its start to its stop on a calendar, without its pauses (M12, M30)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from svc_plugin.domain.clocks.model import Clock, Pause, reached
from svc_plugin.domain.explain import customer_zone
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.stays import stays
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.domain.working_time import WorkCalendar, elapsed_working


def measured(
    seen: Snapshot,
    policy: Policy,
    name: str,
    target: timedelta | None,
    started: datetime | None,
    stopped: datetime | None,
) -> Clock | None:
    """Measure the clock ``name`` from ``started`` to ``stopped`` (None: it runs).

    ``target`` is working time; None when there is no target or nothing has started. A stop before the
    start counts as one at the start.
    """
    if target is None or started is None:
        return None
    stopped = max(stopped, started) if stopped else None
    end = stopped or seen.now
    calendar = _calendar(seen, policy, name)
    pauses = _pauses(seen.issue, policy.pauses.get(name, ()), started, end, over=stopped is not None)
    return Clock(
        started_at=started,
        due_at=reached(calendar, started, target, pauses),
        stopped_at=stopped,
        until=end,
        name=name,
        target=target,
        calendar=calendar,
        pauses=pauses,
    )


def measured_until(
    seen: Snapshot, name: str, started: datetime, due: datetime, stopped: datetime | None
) -> Clock:
    """Measure the clock ``name`` that is due at a given moment, such as an agreed visit (M34)."""
    calendar, end = seen.registers.calendar, stopped or seen.now
    return Clock(started, due, stopped, end, name, elapsed_working(calendar, started, due), calendar)


def _calendar(seen: Snapshot, policy: Policy, name: str) -> WorkCalendar:
    calendar = seen.registers.calendar
    zone = customer_zone(seen) if name == "first_response" and policy.customer_hours else None
    return replace(calendar, zone=zone) if zone else calendar


def _pauses(
    issue: Issue, stages: Collection[Stage], started: datetime, end: datetime, *, over: bool
) -> tuple[Pause, ...]:
    found: list[Pause] = []
    for stay in stays(issue) if stages else ():
        since, until = max(stay.since, started), min(stay.until or end, end)
        if stay.stage is None or stay.stage not in stages or since > until:
            continue
        lasts = stay.until is None and not over
        if lasts or since < until:
            found.append(Pause(stay.stage, since, None if lasts else until))
    return tuple(found)
