"""M29, M33: a service task is finished when what it was for is on record."""

from collections.abc import Iterator

from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.closing import reopened_to
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


def task_is_on_record(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand the record of a task before it closes: of a visit arrival and signature, of a survey scores.

    A customer who could not be reached gives no scores: an explanation takes their place.
    """
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.SERVICE_TASK:
        return
    kind = issue.value(Field.TASK_KIND)
    wanted = policy.task_closing.get(kind, ())
    missing = [texts.field(name) for name in wanted if not issue.value(name).strip()]
    if kind == "survey" and issue.value(Field.EXPLANATION).strip():
        missing = []
    yield from demanded(
        seen,
        policy,
        "M40-task",
        missing,
        gate={Stage.CLOSED},
        shown_in={Stage.IN_PROGRESS},
        back=reopened_to(seen, issue.kind),
    )
