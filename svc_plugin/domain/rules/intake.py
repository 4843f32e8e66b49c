"""M04, M15, M18, M19, M23, M27, M45: a request is complete, entitled, somebody's, and known upstairs."""

from collections.abc import Iterator
from datetime import date

from svc_plugin.domain.clocks import received_at
from svc_plugin.domain.evidence import last_set
from svc_plugin.domain.explain import demanded, explained, notified
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Assign, Finding, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.rules.closing import reopened_to
from svc_plugin.domain.vocabulary import FINAL_STAGES, STAGES, Field, IssueKind, Stage

TRACKS = frozenset({IssueKind.SERVICE_REQUEST, IssueKind.MAINTENANCE})
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
    if product is None or issue.kind not in TRACKS or issue.assignee or issue.stage in FINAL_STAGES:
        return
    service = issue.kind is IssueKind.SERVICE_REQUEST
    staff = product.service_staff if service else product.maintenance_staff
    chosen = staff[sum(issue.ref.key.encode()) % len(staff)]
    fact = seen.texts.say("M18.fact", person=seen.registers.name_of(chosen))
    yield Finding("M18", fact, (Assign(chosen),))


def complaint_reaches_the_leader(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Let the product's leader follow every complaint, and have its outcome written down (M27)."""
    issue = seen.issue
    complaint = issue.value(Field.REQUEST_KIND) == "complaint"
    if not complaint or issue.kind is not IssueKind.SERVICE_REQUEST:
        return
    outcome = issue.value(Field.COMPLAINT_OUTCOME).strip()
    yield from demanded(
        seen,
        policy,
        "M27",
        [] if outcome else [seen.texts.field(Field.COMPLAINT_OUTCOME)],
        gate={Stage.CLOSED},
        shown_in={Stage.ANSWERED},
        back=reopened_to(seen, issue.kind),
    )
    product = seen.registers.products.get(issue.product)
    if product and issue.stage not in FINAL_STAGES:
        fact = seen.texts.say("M27.fact", leader=seen.registers.name_of(product.leader))
        told_as, act = seen.texts.say("M27.clause"), last_set(issue, Field.REQUEST_KIND)
        since = act.at if act else issue.created_at
        told = notified(seen, "M27", (product.leader,), told_as, fact, since)
        yield Finding("M27", fact, (Watch(product.leader),), notifications=(told,))


def product_was_delivered(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Hold what comes from a customer to whom the product was not delivered (M15, M19).

    An internal requirement needs the product to be in the hands of some customer (M45).
    """
    issue = seen.issue
    if issue.kind not in TRACKS or issue.stage in FINAL_STAGES or _is_in_service(seen):
        return
    if issue.stage is Stage.REGISTERED and "M19" not in issue.comments:
        return
    yield explained(seen, policy, "M19", _undelivered(seen))


def _is_in_service(seen: Snapshot) -> bool:
    issue, registers, day = seen.issue, seen.registers, asked_on(seen)
    if issue.value(Field.SOURCE) == "internal":
        return registers.delivered_to_anyone(issue.product, day)
    customer = registers.customer_named(issue.value(Field.CUSTOMER))
    return customer is not None and registers.delivery_of(customer, issue.product, day) is not None


def _undelivered(seen: Snapshot) -> str:
    issue, texts, day = seen.issue, seen.texts, asked_on(seen).isoformat()
    if issue.value(Field.SOURCE) == "internal":
        return texts.say("M19.fact.nobody", day=day)
    named = issue.value(Field.CUSTOMER)
    known = seen.registers.customer_named(named)
    key = "M19.fact.undelivered" if known else "M19.fact.unknown"
    return texts.say(key, customer=named or texts.say("none"), day=day)


def service_period_runs(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask the leader about a request for a product that has been retired; nothing is dropped (M04)."""
    issue = seen.issue
    product = seen.registers.products.get(issue.product)
    if product is None or product.retired_on is None or issue.kind not in TRACKS:
        return
    if issue.stage not in FINAL_STAGES and asked_on(seen) >= product.retired_on:
        fact = seen.texts.say("M04.fact", product=product.name, day=product.retired_on.isoformat())
        yield explained(seen, policy, "M04", fact, Watch(product.leader))


def asked_on(seen: Snapshot) -> date:
    """Return the day on which the customer asked, in the company's zone."""
    return seen.registers.calendar.day_of(received_at(seen.issue, seen.registers))
