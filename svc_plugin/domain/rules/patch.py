"""M58: what helps most customers reaches every one of them, and each update is a task until it is done."""

from collections.abc import Iterator, Sequence

from svc_plugin.domain.explain import demanded, explained
from svc_plugin.domain.model import Snapshot, origin_marker
from svc_plugin.domain.plan import EnsureIssue, Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_ENDED = frozenset({Stage.DONE, Stage.CLOSED})


def patch_reaches_every_customer(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask whether a finished change is of broad value; if so, count until every customer has it."""
    issue, texts = seen.issue, seen.texts
    if issue.kind is not IssueKind.MAINTENANCE:
        return
    missing = [] if issue.value(Field.BROAD_VALUE) else [texts.field(Field.BROAD_VALUE)]
    yield from demanded(
        seen, policy, "M58", missing, gate={Stage.CLOSED}, shown_in={Stage.DONE}, back=Stage.DONE
    )
    version = issue.value(Field.FIXED_VERSION)
    if issue.stage in _ENDED and issue.value(Field.BROAD_VALUE) == "yes" and version:
        yield from _covered(seen, policy, version)


def _covered(seen: Snapshot, policy: Policy, version: str) -> Iterator[Finding]:
    """Show how many customers have the version, while some lack it, and have a task for each of those."""
    wanted = _to_update(seen, version)
    left = [c for c in wanted if (task := seen.made(_rule(c))) is None or task.stage is not Stage.CLOSED]
    if not left:
        return
    fact = seen.texts.say(
        "M58.fact",
        version=version,
        covered=len(wanted) - len(left),
        count=len(wanted),
        left=seen.texts.listed([customer.name for customer in left]),
    )
    tasks = (_task(seen, customer, version) for customer in left)
    yield explained(seen, policy, "M58", fact, *tasks)


def _to_update(seen: Snapshot, version: str) -> Sequence[Customer]:
    """Return the customers who have another version of the product, and those who have a task already."""
    registers, product = seen.registers, seen.issue.product
    today = registers.calendar.day_of(seen.now)
    found: list[Customer] = []
    for customer in registers.customers.values():
        delivery = registers.delivery_of(customer, product, today)
        if seen.made(_rule(customer)) or (delivery and delivery.version != version):
            found.append(customer)
    return found


def _rule(customer: Customer) -> str:
    return f"M58-{customer.key}"


def _task(seen: Snapshot, customer: Customer, version: str) -> EnsureIssue:
    issue, texts = seen.issue, seen.texts
    product = seen.registers.products[issue.product]
    return EnsureIssue(
        origin=origin_marker(_rule(customer), issue.ref),
        kind=IssueKind.SERVICE_TASK,
        product=issue.product,
        title=texts.say("M58.title", version=version, customer=customer.name),
        description=texts.say("M58.description", key=issue.shown, title=issue.title),
        fields=((Field.TASK_KIND, "patch_update"), (Field.CUSTOMER, customer.name)),
        assignee=product.service_staff[0],
    )
