"""M36, M37: a suggestion is decided on; the customer is thanked, and told why when it is not adopted."""

from collections.abc import Iterator

from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.closing import reopened_to
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage


def suggestion_is_thanked(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand decision, thanks and, when not adopted, an explanation before a suggestion closes."""
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.SERVICE_REQUEST or issue.value(Field.REQUEST_KIND) != "suggestion":
        return
    decided = issue.value(Field.SUGGESTION_DECISION)
    missing = [texts.field(Field.SUGGESTION_DECISION)] if decided not in {"adopted", "not_adopted"} else []
    if decided == "not_adopted" and not issue.value(Field.EXPLANATION).strip():
        missing.append(texts.field(Field.EXPLANATION))
    if not issue.value(Field.THANKS_SENT_ON):
        missing.append(texts.field(Field.THANKS_SENT_ON))
    yield from demanded(
        seen,
        policy,
        "M36",
        missing,
        gate={Stage.CLOSED},
        shown_in={Stage.ANSWERED},
        back=reopened_to(seen, issue.kind),
    )
