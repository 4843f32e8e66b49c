"""M03, M22: a product under contract is served while the contract runs; else the leader is asked."""

from collections.abc import Iterator
from datetime import timedelta

from svc_plugin.domain.explain import explained
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.plan import Finding, Watch
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Contract, Customer, ProductKind
from svc_plugin.domain.rules.intake import TRACKS, asked_on
from svc_plugin.domain.vocabulary import FINAL_STAGES, Field


def contract_is_in_force(seen: Snapshot, policy: Policy) -> Iterator[Finding]:
    """Ask the leader about what is asked outside the contract; say so when the contract ends soon.

    Nothing is dropped. The comment names the contract: number, last day, service level (M22).
    """
    issue, registers = seen.issue, seen.registers
    product = registers.products.get(issue.product)
    if product is None or product.kind is not ProductKind.CONTRACT or issue.kind not in TRACKS:
        return
    if issue.stage is None or issue.stage in FINAL_STAGES or issue.value(Field.SOURCE) == "internal":
        return
    customer = registers.customer_named(issue.value(Field.CUSTOMER))
    if customer is None:
        return  # M19 speaks of a customer that nobody knows
    day = asked_on(seen)
    contract = registers.contract_of(customer, product.key, day)
    if contract is None:
        yield explained(seen, policy, "M03", _outside(seen, customer), Watch(product.leader))
    elif policy.contract_warning_days and contract.ends_on - day <= _warning(policy):
        yield explained(seen, policy, "M03", seen.texts.say("M03.fact.ending", **_named(contract)))


def _warning(policy: Policy) -> timedelta:
    return timedelta(days=policy.contract_warning_days)


def _outside(seen: Snapshot, customer: Customer) -> str:
    """Name the contract that came last before the day, if there was one."""
    day, product = asked_on(seen), seen.issue.product
    past = (c for c in customer.contracts if c.product == product and c.ends_on < day)
    last = max(past, key=lambda contract: contract.ends_on, default=None)
    facts = {"customer": customer.name, "day": day.isoformat()}
    if last is None:
        return seen.texts.say("M03.fact.none", **facts)
    return seen.texts.say("M03.fact.ended", **facts, **_named(last))


def _named(contract: Contract) -> dict[str, str]:
    level = contract.service_level
    return {"number": contract.number, "ends": contract.ends_on.isoformat(), "level": level}
