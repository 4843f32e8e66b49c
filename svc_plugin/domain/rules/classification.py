"""M50: every maintenance requirement is judged corrective or perfective before anything else happens."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import Act, last_set
from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind, Role, Stage


def class_comes_first(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Send an issue that was not judged by maintenance staff back to where it is judged."""
    issue = seen.issue
    if issue.kind is not IssueKind.MAINTENANCE or issue.stage is None or is_classified(seen):
        return
    moved_on = issue.stage is not Stage.REGISTERED
    if moved_on or "M50" in issue.comments:
        changes = (SetStage(Stage.REGISTERED),) if moved_on else ()
        yield explained(seen, policy, "M50", _fact(seen), *changes)


def is_classified(seen: Snapshot) -> bool:
    """Tell whether the class is one of the two and was set by a person who may judge (M08, M50)."""
    act = last_set(seen.issue, Field.MAINTENANCE_CLASS)
    return act is not None and _may_judge(seen, act) and act.value in _CLASSES


_CLASSES = FIELD_SPECS[Field.MAINTENANCE_CLASS].choices


def _may_judge(seen: Snapshot, act: Act) -> bool:
    return seen.registers.acts_as(act.account, Role.MAINTENANCE, seen.issue.product)


def _fact(seen: Snapshot) -> str:
    act = last_set(seen.issue, Field.MAINTENANCE_CLASS)
    if act is None or not act.value:
        return seen.texts.say("M50.fact.missing")
    return seen.texts.say(
        "M50.fact.person",
        value=seen.texts.choice(Field.MAINTENANCE_CLASS, act.value),
        person=seen.registers.name_of(act.account),
    )
