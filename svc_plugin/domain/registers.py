"""Registers: what a company knows beside its issues (section 3 of the process design)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from svc_plugin.domain.vocabulary import Role
from svc_plugin.domain.working_time import WorkCalendar


class ProductKind(StrEnum):
    """How a product's service period is bounded (M03, M04)."""

    CONTRACT = "contract"
    SELF_DEVELOPED = "self_developed"


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the company, found on the site by ``account`` (the login)."""

    account: str
    name: str
    city: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Product:
    """One product after delivery, with the people appointed for it (M16, M43)."""

    key: str
    name: str
    kind: ProductKind
    leader: str
    service_staff: tuple[str, ...]
    maintenance_staff: tuple[str, ...]
    versions: tuple[str, ...] = ()
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A product in a customer's hands: which version, since when (M19)."""

    product: str
    version: str
    delivered_on: date


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer: where it sits and what it was delivered (M20)."""

    key: str
    name: str
    city: str
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Registers:
    """All registers of a company, checked to be consistent with each other before they get here."""

    calendar: WorkCalendar
    people: Mapping[str, Person] = field(default_factory=dict[str, Person])
    products: Mapping[str, Product] = field(default_factory=dict[str, Product])
    customers: Mapping[str, Customer] = field(default_factory=dict[str, Customer])

    def acts_as(self, account: str, role: Role, product: str) -> bool:
        """Tell whether ``account`` holds ``role`` for ``product`` (M70).

        Service and maintenance staff and the leader are appointed per product; the other roles are
        held for every product. An unknown product has no appointed people.
        """
        person = self.people.get(account)
        if person is None or role not in person.roles:
            return False
        appointed = self._appointed(role, product)
        return appointed is None or account in appointed

    def _appointed(self, role: Role, product: str) -> tuple[str, ...] | None:
        known = self.products.get(product)
        match role:
            case Role.SERVICE:
                return known.service_staff if known else ()
            case Role.MAINTENANCE:
                return known.maintenance_staff if known else ()
            case Role.LEADER:
                return (known.leader,) if known else ()
            case Role.TECHNICIAN | Role.APPROVER:
                return None

    def name_of(self, account: str) -> str:
        """Return the person's name, or the account itself when the register does not know it."""
        person = self.people.get(account)
        return person.name if person else account

    def customer_named(self, text: str) -> Customer | None:
        """Find a customer by key or by full name."""
        return self.customers.get(text) or next((c for c in self.customers.values() if c.name == text), None)
