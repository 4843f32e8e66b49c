"""The rules of the process, one topic a module; each is a small pure function named by its clause."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from svc_plugin.domain.clocks import visit_started
from svc_plugin.domain.clocks.model import Start
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules import (
    approval,
    classification,
    clocks,
    closing,
    consulting,
    contract,
    conversion,
    decision,
    documents,
    handover,
    intake,
    mandatory,
    mapping,
    origin,
    patch,
    planning,
    recording,
    release,
    reporting,
    suggesting,
    suggestion,
    survey,
    tasks,
    training,
    visit,
    waiver,
)

Check: TypeAlias = Callable[[Snapshot, Policy], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id (the clause it enforces first), every clause it serves, and its check.

    A ``soft`` rule ("一般地", "根据具体情况") may be waived by the leader (M73). ``since`` tells when what
    the rule judges began: it is judged by the policy of that moment. Without it, that is the moment at
    which the issue came into its present stage.
    """

    id: str
    clauses: tuple[str, ...]
    check: Check
    soft: bool = False
    since: Start | None = None


def _timed(clock: str) -> Rule:  # pragma: no mutate block - it runs at import
    spec = clocks.SPECS[clock]
    return Rule(spec.rule, spec.clauses, partial(clocks.is_kept, spec), since=spec.started)


def waivers_count(seen: Snapshot, policy: Policy) -> Iterable[Finding]:
    """Say of each waiver that does not count why not (M73)."""
    return waiver.waivers_count(seen, policy, {rule.id: rule.soft for rule in RULES})


RULES: tuple[Rule, ...] = (
    Rule("M03", ("M03", "M22"), contract.contract_is_in_force, soft=True),
    Rule("M04", ("M04",), intake.service_period_runs),
    Rule("M05", ("M05",), mapping.status_is_mapped),
    _timed("first_response"),
    Rule("M09", ("M09",), release.fault_is_diagnosed),
    Rule("M10", ("M10",), origin.wish_is_reasoned, soft=True),
    Rule("M11", ("M11",), conversion.big_change_becomes_a_project),
    Rule("M12", ("M12",), mandatory.corrective_is_not_refused),
    Rule("M13", ("M13",), conversion.decision_is_reasoned, soft=True),
    Rule("M14", ("M14", "M25", "M39", "M60"), documents.document_is_written),
    Rule("M18", ("M18",), intake.somebody_is_assigned),
    Rule("M19", ("M19", "M15", "M45"), intake.product_was_delivered, soft=True),
    Rule("M23", ("M23",), intake.request_is_complete, soft=True),
    Rule("M24", ("M24", "M47", "M63"), training.staff_are_trained),
    Rule("M26", ("M26", "M48"), approval.plan_is_approved_by_an_approver),
    _timed("approval"),
    Rule("M27", ("M27",), intake.complaint_reaches_the_leader),
    Rule("M27-suggested", ("M27",), suggesting.kind_is_suggested),
    Rule("M28", ("M28", "M74"), recording.request_is_recorded_soon, soft=True),
    Rule("M29", ("M29",), survey.customers_are_surveyed),
    Rule("M31", ("M31",), consulting.inquiry_finds_its_answer),
    Rule("M32", ("M32", "M35"), handover.fault_is_handed_over),
    Rule("M33", ("M33", "M34"), visit.visit_is_in_time, soft=True, since=visit_started),
    Rule("M33-task", ("M33", "M34"), visit.visit_has_its_task),
    Rule("M36", ("M36", "M37"), suggestion.suggestion_is_thanked),
    _timed("thanks"),
    Rule("M40", ("M40", "M07", "M61"), closing.nothing_closes_incomplete),
    Rule("M40-task", ("M29", "M33"), tasks.task_is_on_record, soft=True),
    _timed("resolution"),
    Rule("M49", ("M49",), origin.source_is_known),
    Rule("M50", ("M50", "M08"), classification.class_comes_first),
    _timed("classification"),
    Rule("M50-suggested", ("M50",), suggesting.class_is_suggested),
    Rule("M51", ("M51", "M34"), visit.visit_is_decided, soft=True),
    Rule("M53", ("M53",), decision.resources_are_checked),
    Rule("M54", ("M54", "M55"), decision.leader_decides),
    _timed("decision"),
    Rule("M54-explanation", ("M54", "M11"), conversion.refusal_is_explained),
    Rule("M56", ("M56",), release.change_is_tested),
    Rule("M57", ("M57",), release.change_is_versioned),
    Rule("M58", ("M58",), patch.patch_reaches_every_customer),
    _timed("update_coverage"),
    Rule("M62", ("M62",), release.effort_is_booked),
    Rule("M72", ("M72",), reporting.report_reaches_the_leader),
    Rule("M73", ("M73",), waivers_count),
    Rule("M75", ("M75",), planning.plan_precedes_work),
)
