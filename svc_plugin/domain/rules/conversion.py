"""M11, M13: what is too big is a new project by the leader's word; a decision names what it weighed."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.moments import read_number
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field, IssueKind, Role, Stage

_WEIGHED = (Field.DECISION_OPINION, Field.DECISION_FACTORS)


def big_change_becomes_a_project(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Propose a new project for a big perfective change; only the leader may convert it (M11)."""
    issue = seen.issue
    perfective = issue.value(Field.MAINTENANCE_CLASS) == "perfective"
    if issue.kind is not IssueKind.MAINTENANCE or not perfective:
        return
    estimate = read_number(issue.value(Field.ESTIMATE_HOURS)) or 0
    if issue.stage is Stage.CONVERTED and not _by_leader(seen):
        yield explained(
            seen, policy, "M11", seen.texts.say("M11.fact.person"), SetStage(Stage.AWAITING_DECISION)
        )
    elif (
        policy.new_project_hours and estimate >= policy.new_project_hours and issue.stage not in FINAL_STAGES
    ):
        fact = seen.texts.say("M11.fact.big", estimate=f"{estimate:g}", limit=f"{policy.new_project_hours:g}")
        yield explained(seen, policy, "M11", fact)


def decision_is_reasoned(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask for opinion and factors (strategy, finance, resources) of a decision that has been made (M13)."""
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.MAINTENANCE or last_set(issue, Field.DECISION) is None:
        return
    missing = [texts.field(name) for name in _WEIGHED if not issue.value(name).strip()]
    if missing:
        yield explained(seen, policy, "M13", texts.say("fact.missing", missing=texts.listed(missing)))


def _by_leader(seen: Snapshot) -> bool:
    moves = (e for e in reversed(seen.issue.history) if e.moved_to is Stage.CONVERTED)
    mover = next((entry.account for entry in moves), seen.issue.author)
    return seen.registers.acts_as(mover, Role.LEADER, seen.issue.product)
