"""M51: for a fault at a customer's, whether and when somebody goes there are both decided."""

from collections.abc import Iterator

from svc_plugin.domain.explain import demanded
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage

_STARTED = frozenset({Stage.SCHEDULED, Stage.IN_WORK, Stage.TESTING, Stage.DONE, Stage.CLOSED})


def visit_is_decided(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Demand the decision on a visit before corrective work for a customer starts.

    A customer elsewhere must have agreed to the time, and the travel be thought of (M34).
    """
    issue, texts = seen.issue, seen.texts
    corrective = issue.value(Field.MAINTENANCE_CLASS) == "corrective"
    if issue.kind is not IssueKind.MAINTENANCE or not corrective or issue.value(Field.SOURCE) == "internal":
        return
    wanted = [Field.VISIT_NEEDED]
    if issue.value(Field.VISIT_NEEDED) == "yes":
        wanted.append(Field.VISIT_AT)
        if not _same_city(seen):
            wanted += [Field.VISIT_AGREED_WITH, Field.TRAVEL_NOTE]
    missing = [texts.field(name) for name in wanted if not issue.value(name).strip()]
    yield from demanded(
        seen, policy, "M51", missing, gate=_STARTED, shown_in={Stage.CLASSIFIED}, back=Stage.CLASSIFIED
    )


def _same_city(seen: Snapshot) -> bool:
    """Tell whether one of the product's maintainers works in the customer's city (M33)."""
    registers = seen.registers
    customer = registers.customer_named(seen.issue.value(Field.CUSTOMER))
    product = registers.products.get(seen.issue.product)
    if customer is None or product is None:
        return False
    staff = (registers.people.get(account) for account in product.maintenance_staff)
    return any(person.city == customer.city for person in staff if person)
