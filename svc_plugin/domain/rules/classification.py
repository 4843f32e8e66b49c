"""M50: every maintenance requirement is judged corrective or perfective before anything else happens."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import Act, acts, last_set
from svc_plugin.domain.explain import demanded, explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, IssueKind, Role, Stage

_JUDGED_IN = frozenset({Stage.REGISTERED, Stage.CLASSIFIED})
_BEYOND = frozenset(STAGES[IssueKind.MAINTENANCE]) - _JUDGED_IN


def class_comes_first(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Send an issue back that was not judged by maintenance staff, or judged anew without a reason."""
    issue = seen.issue
    if issue.kind is not IssueKind.MAINTENANCE or issue.stage is None:
        return
    if is_classified(seen):
        reason = [] if _is_reasoned(seen) else [seen.texts.say("M50.reason")]
        yield from demanded(
            seen, policy, "M50", reason, gate=_BEYOND, shown_in=_JUDGED_IN, back=Stage.CLASSIFIED
        )
        return
    if issue.stage is not Stage.REGISTERED or "M50" in issue.comments:
        yield explained(seen, policy, "M50", _fact(seen), SetStage(Stage.REGISTERED))


def is_classified(seen: Snapshot) -> bool:
    """Tell whether the class is one of the two and was set by a person who may judge (M08, M50)."""
    act = last_set(seen.issue, Field.MAINTENANCE_CLASS)
    return act is not None and _is_judgement(seen, act)


def judged_anew(seen: Snapshot) -> Act | None:
    """Return the judgement by which the present class took the place of another; None: it never did.

    What somebody who may not judge wrote in between makes no new beginning.
    """
    judged = [act for act in acts(seen.issue, Field.MAINTENANCE_CLASS) if _is_judgement(seen, act)]
    present = seen.issue.value(Field.MAINTENANCE_CLASS)
    others = [place for place, act in enumerate(judged) if act.value != present]
    since = judged[others[-1] + 1 :] if others else []
    return since[0] if since else None


_CLASSES = FIELD_SPECS[Field.MAINTENANCE_CLASS].choices


def _is_judgement(seen: Snapshot, act: Act) -> bool:
    may_judge = seen.registers.acts_as(act.account, Role.MAINTENANCE, seen.issue.product)
    return may_judge and act.value in _CLASSES


def _is_reasoned(seen: Snapshot) -> bool:
    anew, reason = judged_anew(seen), last_set(seen.issue, Field.CLASS_REASON)
    if anew is None:
        return True
    return reason is not None and bool(reason.value.strip()) and reason.entry >= anew.entry


def _fact(seen: Snapshot) -> str:
    act = last_set(seen.issue, Field.MAINTENANCE_CLASS)
    if act is None or not act.value:
        return seen.texts.say("M50.fact.missing")
    return seen.texts.say(
        "M50.fact.person",
        value=seen.texts.choice(Field.MAINTENANCE_CLASS, act.value),
        person=seen.registers.name_of(act.account),
    )
