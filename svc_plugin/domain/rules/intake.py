"""M03, M04, M15, M18, M19, M23, M27, M45: a request is complete, entitled, somebody's, and known upstairs."""

from collections.abc import Iterator
from datetime import date

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.explain import demanded, explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Assign, Finding, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import FINAL_STAGES, STAGES, Field, IssueKind, Stage

_TRACKS = frozenset({IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE})
_MOVED_ON = frozenset(STAGES[IssueKind.SERVICE_REQUEST]) - {Stage.REGISTERED}


def request_is_complete(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask for kind and channel as soon as work on a request starts (M23, M27, M28)."""
    if seen.issue.kind is IssueKind.SERVICE_REQUEST:
        wanted = (Field.REQUEST_KIND, Field.CHANNEL)
        missing = [seen.texts.field(name) for name in wanted if not seen.issue.value(name)]
        yield from demanded(seen, policy, "M23", missing, gate=(), shown_in=_MOVED_ON, back=Stage.REGISTERED)


def somebody_is_assigned(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Give an open issue without an assignee to one of the product's staff, in turn by its number (M18)."""
    issue = seen.issue
    product = seen.registers.products.get(issue.product)
    if product is None or issue.kind not in _TRACKS or issue.assignee or issue.stage in FINAL_STAGES:
        return
    service = issue.kind is IssueKind.SERVICE_REQUEST
    staff = product.service_staff if service else product.maintenance_staff
    chosen = staff[sum(issue.ref.key.encode()) % len(staff)]
    fact = seen.texts.say("M18.fact", person=seen.registers.name_of(chosen))
    yield Finding("M18", fact, (Assign(chosen),))


def complaint_reaches_the_leader(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Let the product's leader follow every complaint (M27)."""
    issue = seen.issue
    product = seen.registers.products.get(issue.product)
    complaint = issue.value(Field.REQUEST_KIND) == "complaint"
    if product and complaint and issue.kind is IssueKind.SERVICE_REQUEST and issue.stage not in FINAL_STAGES:
        leader = seen.registers.name_of(product.leader)
        yield Finding("M27", seen.texts.say("M27.fact", leader=leader), (Watch(product.leader),))


def product_was_delivered(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Hold what comes from a customer to whom the product was not delivered (M15, M19, M45)."""
    issue = seen.issue
    if issue.kind not in _TRACKS or issue.stage in FINAL_STAGES or issue.value(Field.SOURCE) == "internal":
        return
    named = issue.value(Field.CUSTOMER)
    customer = seen.registers.customer_named(named)
    day = _asked_on(seen)
    if customer and any(d.product == issue.product and d.delivered_on <= day for d in customer.deliveries):
        return
    if issue.stage is Stage.REGISTERED and "M19" not in issue.comments:
        return
    key = "M19.fact.undelivered" if customer else "M19.fact.unknown"
    fact = seen.texts.say(key, customer=named or seen.texts.say("none"), day=day.isoformat())
    yield explained(seen, policy, "M19", fact)


def service_period_runs(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask the leader about a request for a product that has been retired; nothing is dropped (M04)."""
    issue = seen.issue
    product = seen.registers.products.get(issue.product)
    if product is None or product.retired_on is None or issue.kind not in _TRACKS:
        return
    if issue.stage not in FINAL_STAGES and _asked_on(seen) >= product.retired_on:
        fact = seen.texts.say("M04.fact", product=product.name, day=product.retired_on.isoformat())
        yield explained(seen, policy, "M04", fact, Watch(product.leader))


def _asked_on(seen: Snapshot) -> date:
    return received_at(seen.issue, seen.registers).astimezone(seen.registers.calendar.zone).date()
