"""The rules of the process, one topic a module; each is a small pure function named by its clause."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules import (
    classification,
    closing,
    decision,
    documents,
    handover,
    mandatory,
    mapping,
    response,
)

Check: TypeAlias = Callable[[Snapshot, Policy], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id (the clause it enforces first), every clause it serves, and its check."""

    id: str
    clauses: tuple[str, ...]
    check: Check


RULES: tuple[Rule, ...] = (
    Rule("M05", ("M05",), mapping.status_is_mapped),
    Rule("M06", ("M06", "M30"), response.first_response_is_in_time),
    Rule("M12", ("M12",), mandatory.corrective_is_not_refused),
    Rule("M14", ("M14", "M39"), documents.report_is_written),
    Rule("M32", ("M32", "M35"), handover.fault_is_handed_over),
    Rule("M40", ("M40", "M61"), closing.nothing_closes_incomplete),
    Rule("M50", ("M50", "M08"), classification.class_comes_first),
    Rule("M54", ("M54", "M53", "M55"), decision.leader_decides),
)
