"""M32, M35: a fault goes to the product's maintenance staff exactly once, and comes back for the answer."""

from collections.abc import Iterator

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Issue, Snapshot, origin_marker
from svc_plugin.domain.plan import EnsureIssue, Finding, SetStage
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind, Stage

_MAINTENANCE_ENDED = frozenset({Stage.DONE, Stage.CLOSED, Stage.REJECTED, Stage.CONVERTED})
_KEPT_OPEN = frozenset({Stage.HANDED_OVER, Stage.WAITING_CUSTOMER})
_COPIED = tuple(
    name
    for name in (Field.CUSTOMER, Field.CONTACT, Field.RECEIVED_AT, Field.SEVERITY)
    if IssueKind.MAINTENANCE in FIELD_SPECS[name].kinds
)


def fault_is_handed_over(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Have one maintenance issue for a fault; keep the request open until it is done, then take it back."""
    issue = seen.issue
    if issue.kind is not IssueKind.SERVICE_REQUEST or issue.stage is None:
        return
    work = seen.made("M32")
    if work is None:
        if issue.value(Field.REQUEST_KIND) == "fault" and issue.stage is not Stage.CLOSED:
            yield explained(seen, policy, "M32", seen.texts.say("M32.fact.new"), _hand_over(seen))
        return
    if work.stage in _MAINTENANCE_ENDED:
        back = (SetStage(Stage.IN_PROGRESS),) if issue.stage is Stage.HANDED_OVER else ()
        yield explained(seen, policy, "M32", _fact_done(seen, work), *back)
    else:
        over = (SetStage(Stage.HANDED_OVER),) if issue.stage not in _KEPT_OPEN else ()
        yield explained(seen, policy, "M32", seen.texts.say("M32.fact.open", key=work.shown), *over)


def _hand_over(seen: Snapshot) -> EnsureIssue:
    issue, registers = seen.issue, seen.registers
    product = registers.products.get(issue.product)
    copied = tuple((name, issue.value(name)) for name in _COPIED if issue.value(name))
    return EnsureIssue(
        origin=origin_marker("M32", issue.ref),
        kind=IssueKind.MAINTENANCE,
        product=issue.product,
        title=seen.texts.say("M32.title", title=issue.title),
        description=seen.texts.say("M32.description", key=issue.shown, description=issue.description),
        fields=(*copied, (Field.SOURCE, "customer")),
        assignee=product.maintenance_staff[0] if product and product.maintenance_staff else "",
    )


def _fact_done(seen: Snapshot, work: Issue) -> str:
    if work.stage is Stage.CONVERTED:
        version = work.value(Field.FIXED_VERSION) or seen.texts.say("none")
        return seen.texts.say("M32.fact.converted", key=work.shown, version=version)
    return seen.texts.say(
        "M32.fact.done",
        key=work.shown,
        stage=seen.texts.stage(work.stage),
        measure=work.value(Field.MEASURE) or seen.texts.say("none"),
    )
