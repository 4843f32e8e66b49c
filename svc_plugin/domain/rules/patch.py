"""M58: what helps most customers reaches every one of them, and each update is a task until it is done."""

from collections.abc import Iterator

from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot, origin_marker
from svc_plugin.domain.plan import EnsureIssue, Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_ENDED = frozenset({Stage.DONE, Stage.CLOSED})


def patch_reaches_every_customer(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask whether a finished change is of broad value; if so, have one update task for each customer."""
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.MAINTENANCE:
        return
    missing = [] if issue.value(Field.BROAD_VALUE) else [texts.field(Field.BROAD_VALUE)]
    yield from demanded(
        seen, policy, "M58", missing, gate={Stage.CLOSED}, shown_in={Stage.DONE}, back=Stage.DONE
    )
    version = issue.value(Field.FIXED_VERSION)
    if issue.stage in _ENDED and issue.value(Field.BROAD_VALUE) == "yes" and version:
        tasks = tuple(_task(seen, customer, version) for customer in _affected(seen))
        yield Finding("M58", texts.say("M58.fact", count=len(tasks), version=version), tasks)


def _affected(seen: Snapshot) -> list[Customer]:
    product = seen.issue.product
    customers = seen.registers.customers.values()
    return [c for c in customers if any(d.product == product for d in c.deliveries)]


def _task(seen: Snapshot, customer: Customer, version: str) -> EnsureIssue:
    issue, texts = seen.issue, seen.texts
    product = seen.registers.products[issue.product]
    return EnsureIssue(
        origin=origin_marker(f"M58-{customer.key}", issue.ref),
        kind=IssueKind.SERVICE_TASK,
        product=issue.product,
        title=texts.say("M58.title", version=version, customer=customer.name),
        description=texts.say("M58.description", key=issue.ref.key, title=issue.title),
        fields=((Field.TASK_KIND, "patch_update"), (Field.CUSTOMER, customer.name)),
        assignee=product.service_staff[0],
    )
