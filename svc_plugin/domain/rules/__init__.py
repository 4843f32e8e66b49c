"""The rules of the process, one topic a module; each is a small pure function named by its clause."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules import (
    approval,
    classification,
    closing,
    conversion,
    decision,
    documents,
    handover,
    intake,
    mandatory,
    mapping,
    patch,
    release,
    response,
    suggestion,
    visit,
)

Check: TypeAlias = Callable[[Snapshot, Policy], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id (the clause it enforces first), every clause it serves, and its check.

    A ``soft`` rule ("一般地", "根据具体情况") may be waived by the leader (M73).
    """

    id: str
    clauses: tuple[str, ...]
    check: Check
    soft: bool = False


RULES: tuple[Rule, ...] = (
    Rule("M04", ("M04",), intake.service_period_runs),
    Rule("M05", ("M05",), mapping.status_is_mapped),
    Rule("M06", ("M06", "M30"), response.first_response_is_in_time),
    Rule("M09", ("M09",), release.fault_is_diagnosed),
    Rule("M11", ("M11",), conversion.big_change_becomes_a_project),
    Rule("M12", ("M12",), mandatory.corrective_is_not_refused),
    Rule("M13", ("M13",), conversion.decision_is_reasoned, soft=True),
    Rule("M14", ("M14", "M39"), documents.report_is_written),
    Rule("M18", ("M18",), intake.somebody_is_assigned),
    Rule("M19", ("M19", "M15", "M45"), intake.product_was_delivered, soft=True),
    Rule("M23", ("M23",), intake.request_is_complete, soft=True),
    Rule("M26", ("M26", "M48"), approval.plan_is_approved_by_an_approver),
    Rule("M27", ("M27",), intake.complaint_reaches_the_leader),
    Rule("M32", ("M32", "M35"), handover.fault_is_handed_over),
    Rule("M36", ("M36", "M37"), suggestion.suggestion_is_thanked),
    Rule("M40", ("M40", "M07", "M61"), closing.nothing_closes_incomplete),
    Rule("M44", ("M44", "M52"), response.fault_is_resolved_in_time),
    Rule("M50", ("M50", "M08"), classification.class_comes_first),
    Rule("M51", ("M51", "M34"), visit.visit_is_decided, soft=True),
    Rule("M54", ("M54", "M53", "M55"), decision.leader_decides),
    Rule("M56", ("M56",), release.change_is_tested),
    Rule("M57", ("M57",), release.change_is_versioned),
    Rule("M58", ("M58",), patch.patch_reaches_every_customer),
    Rule("M62", ("M62",), release.effort_is_booked),
)
