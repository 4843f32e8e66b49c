"""M10, M49: where a maintenance requirement comes from, and what a wish is good for."""

from collections.abc import Iterator

from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.classification import is_classified
from svc_plugin.domain.vocabulary import FINAL_STAGES, STAGES, Field, IssueKind, Stage

_JUDGED = frozenset(STAGES[IssueKind.MAINTENANCE]) - {Stage.REGISTERED}


def source_is_known(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand the source, customer or internal, of what has been classified before it goes on (M49)."""
    issue = seen.issue
    if issue.kind is IssueKind.MAINTENANCE and is_classified(seen):
        missing = [] if issue.value(Field.SOURCE) else [seen.texts.field(Field.SOURCE)]
        beyond, here = _JUDGED - {Stage.CLASSIFIED}, {Stage.CLASSIFIED}
        yield from demanded(seen, policy, "M49", missing, gate=beyond, shown_in=here, back=Stage.CLASSIFIED)


def wish_is_reasoned(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask for the need and the origin of perfective work before it is scheduled (M10)."""
    issue, texts = seen.issue, seen.texts
    perfective = issue.value(Field.MAINTENANCE_CLASS) == "perfective"
    if issue.kind is not IssueKind.MAINTENANCE or not perfective or not is_classified(seen):
        return
    wanted = [Field.CLASS_REASON]
    if issue.value(Field.SOURCE) != "internal":
        wanted.append(Field.CUSTOMER)
    missing = [texts.field(name) for name in wanted if not issue.value(name).strip()]
    yield from demanded(
        seen, policy, "M10", missing, gate=(), shown_in=_JUDGED - FINAL_STAGES, back=Stage.CLASSIFIED
    )
