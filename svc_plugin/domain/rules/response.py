"""M06, M30, M44, M52: requests are responded to and faults resolved in time, or the leader hears of it."""

from collections.abc import Iterator

from svc_plugin.domain.clocks import first_response, resolution
from svc_plugin.domain.escalation import clock_is_kept
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy


def first_response_is_in_time(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Watch the first-response clock of a customer's request (M06, M30)."""
    clock = first_response(seen.issue, seen.registers, policy, seen.now)
    if clock:
        yield from clock_is_kept(seen, policy, "M06", clock)


def fault_is_resolved_in_time(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Watch the resolution clock of corrective maintenance; no stage pauses it (M12, M44, M52)."""
    clock = resolution(seen.issue, seen.registers, policy, seen.now)
    if clock:
        yield from clock_is_kept(seen, policy, "M44", clock)
