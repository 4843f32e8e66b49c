"""Policy: the process as one company tailors it, as data (section 3 of the process design)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from svc_plugin.domain.vocabulary import Field, IssueKind


class Mode(StrEnum):
    """What happens when a rule finds something."""

    ENFORCED = "enforced"
    WARNED = "warned"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Policy:
    """Which rules act, and their numbers.

    ``modes`` is by rule id, a rule not named is enforced. ``first_response`` is working time by request
    kind, with ``default`` for the rest. ``closing`` names the fields without which an issue of that kind
    may not be closed. A perfective change of at most ``small_change_hours`` needs no leader (M53), one of
    at least ``new_project_hours`` is proposed as a new project (M11; 0: never). ``resolution`` is working
    time by severity, like ``first_response``. ``tester_differs``: who did the work may not test it (M56).
    """

    name: str
    modes: Mapping[str, Mode] = field(default_factory=dict[str, Mode])
    first_response: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    closing: Mapping[IssueKind, tuple[Field, ...]] = field(default_factory=dict[IssueKind, tuple[Field, ...]])
    small_change_hours: float = 0.0
    resolution: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    new_project_hours: float = 0.0
    tester_differs: bool = True

    def mode(self, rule: str) -> Mode:
        """Return how ``rule`` acts under this policy."""
        return self.modes.get(rule, Mode.ENFORCED)

    def resolution_target(self, severity: str) -> timedelta | None:
        """Return the working time within which a fault of this severity must be resolved (M44)."""
        return self.resolution.get(severity) or self.resolution.get("default")

    def response_target(self, request_kind: str) -> timedelta | None:
        """Return the working time within which a request of this kind must be responded to (M06, M30)."""
        return self.first_response.get(request_kind) or self.first_response.get("default")
