"""M06, M26, M36, M44, M50, M54, M58: every clock of the process is kept, or the leader hears of it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from svc_plugin.domain.clocks import CLOCKS, ClockSpec
from svc_plugin.domain.escalation import clock_is_kept
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy

SPECS: Mapping[str, ClockSpec] = MappingProxyType({spec.name: spec for spec in CLOCKS})


def is_kept(spec: ClockSpec, seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Watch one clock."""
    clock = spec.measure(seen, policy)
    if clock:
        yield from clock_is_kept(seen, policy, spec.rule, clock)
