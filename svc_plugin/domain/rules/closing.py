"""M40, M49, M61: nothing closes before the customer has been given a satisfactory answer."""

from collections.abc import Iterator

from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.explain import came_from, demanded
from svc_plugin.domain.model import Issue, Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import STAGES, Field, IssueKind, Role, Stage

# the stage in which people are about to close: the list is shown there before anyone is refused
_NEXT_IS_CLOSING = {
    IssueKind.SERVICE_REQUEST: (Stage.ANSWERED,),
    IssueKind.MAINTENANCE: (Stage.DONE, Stage.REJECTED, Stage.CONVERTED),
}
# what only a customer can give; an internal requirement still needs its answer (M49)
_FROM_CUSTOMER = frozenset({Field.CUSTOMER, Field.CONTACT, Field.SATISFACTION_EVIDENCE})


def nothing_closes_incomplete(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Reopen what was closed without its closing list; show the list before it is asked for."""
    issue = seen.issue
    if issue.kind is None or issue.stage is None:
        return
    yield from demanded(
        seen,
        policy,
        "M40",
        missing_for_closing(seen, policy),
        gate={Stage.CLOSED},
        shown_in=_NEXT_IS_CLOSING.get(issue.kind, ()),
        back=reopened_to(seen, issue.kind),
    )


def missing_for_closing(seen: Snapshot, policy: Policy) -> tuple[str, ...]:
    """Name what the closing list of this kind of issue still lacks, in the words of the site's language."""
    issue, texts = seen.issue, seen.texts
    wanted = _wanted(issue, policy)
    missing = [texts.field(name) for name in wanted if not issue.value(name).strip()]
    if Field.SATISFACTION_EVIDENCE in wanted and _only_no_reply(seen):
        missing.append(texts.say("M40.no_reply"))
    return tuple(missing)


def _wanted(issue: Issue, policy: Policy) -> tuple[Field, ...]:
    if issue.kind is None or issue.stage is None:
        return ()
    if issue.kind is IssueKind.MAINTENANCE and issue.stage in {Stage.REJECTED, Stage.CONVERTED}:
        # what is corrective does not stay there (M12)
        perfective = issue.value(Field.MAINTENANCE_CLASS) == "perfective"
        wanted = policy.ending.get(issue.stage, ()) if perfective else ()
    else:
        wanted = policy.closing.get(issue.kind, ())
    internal = issue.value(Field.SOURCE) == "internal"
    return tuple(name for name in wanted if not (internal and name in _FROM_CUSTOMER))


def _only_no_reply(seen: Snapshot) -> bool:
    act = last_set(seen.issue, Field.SATISFACTION_EVIDENCE)
    if act is None or act.value != "no_reply":
        return False
    return not seen.registers.acts_as(act.account, Role.LEADER, seen.issue.product)


def reopened_to(seen: Snapshot, kind: IssueKind) -> Stage:
    """Return the stage that a wrongly closed issue goes back to: the one it came from."""
    return came_from(seen.issue) or STAGES[kind][0]
