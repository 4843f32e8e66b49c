"""M12: corrective maintenance is mandatory; it is neither refused nor made to wait for a decision."""

from collections.abc import Iterator

from svc_plugin.domain.explain import came_from, explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.classification import is_classified
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_REFUSALS = frozenset({Stage.REJECTED, Stage.CONVERTED, Stage.AWAITING_DECISION})


def corrective_is_not_refused(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Bring a corrective issue back from a stage in which it would not be corrected."""
    issue = seen.issue
    corrective = issue.value(Field.MAINTENANCE_CLASS) == "corrective"
    if issue.kind is not IssueKind.MAINTENANCE or not corrective or not is_classified(seen):
        return
    if issue.stage in _REFUSALS:
        fact = seen.texts.say("M12.fact", stage=seen.texts.stage(issue.stage))
        yield explained(seen, policy, "M12", fact, SetStage(_back_to(seen)))


def _back_to(seen: Snapshot) -> Stage:
    origin = came_from(seen.issue)
    return origin if origin and origin not in _REFUSALS | {Stage.REGISTERED} else Stage.CLASSIFIED
