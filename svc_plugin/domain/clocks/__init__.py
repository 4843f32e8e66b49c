"""Clocks, recomputed from an issue's history at every look and never counted up (M06, M30, M44)."""

from collections.abc import Iterator

from svc_plugin.domain.clocks.documents import approval, approval_started
from svc_plugin.domain.clocks.maintenance import (
    asked,
    classification,
    coverage_started,
    decision,
    decision_started,
    resolution,
    resolution_started,
    update_coverage,
)
from svc_plugin.domain.clocks.measure import measured, measured_until
from svc_plugin.domain.clocks.model import Clock, ClockSpec, Pause, State
from svc_plugin.domain.clocks.requests import (
    first_response,
    received_at,
    responded_at,
    response_started,
    thanks,
    thanks_started,
)
from svc_plugin.domain.clocks.tasks import survey, survey_started, visit, visit_started
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.vocabulary import IssueKind

__all__ = [
    "CLOCKS",
    "Clock",
    "ClockSpec",
    "Pause",
    "State",
    "clocks_of",
    "first_response",
    "measured",
    "measured_until",
    "received_at",
    "resolution",
    "responded_at",
    "survey",
    "survey_started",
    "visit",
    "visit_started",
]

_REQUEST, _WORK = IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE
_TASK, _PAPER = IssueKind.SERVICE_TASK, IssueKind.DOCUMENT

CLOCKS: tuple[ClockSpec, ...] = (
    ClockSpec("first_response", "M06", ("M06", "M30"), _REQUEST, response_started, first_response),
    ClockSpec("approval", "M26-clock", ("M26", "M48"), _PAPER, approval_started, approval),
    ClockSpec("survey", "M29", ("M29",), _TASK, survey_started, survey, pauses=False),
    ClockSpec("visit", "M33", ("M33", "M34"), _WORK, visit_started, visit, pauses=False),
    ClockSpec("thanks", "M36-clock", ("M36", "M37"), _REQUEST, thanks_started, thanks),
    ClockSpec("resolution", "M44", ("M44", "M52"), _WORK, resolution_started, resolution),
    ClockSpec("classification", "M50-clock", ("M50",), _WORK, asked, classification),
    ClockSpec("decision", "M54-clock", ("M54",), _WORK, decision_started, decision),
    ClockSpec("update_coverage", "M58-clock", ("M58",), _WORK, coverage_started, update_coverage),
)


def clocks_of(seen: Snapshot, policies: Policies | Policy) -> Iterator[tuple[ClockSpec, Clock]]:
    """Measure every clock that the issue has, each under the policy in force at its start."""
    for spec in CLOCKS:
        started = spec.started(seen)
        clock = spec.measure(seen, policies.at(started)) if started else None
        if clock:
            yield spec, clock
