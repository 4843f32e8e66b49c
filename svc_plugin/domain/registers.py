"""Registers: what a company knows beside its issues (section 3 of the process design)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal
from enum import StrEnum
from math import ceil

from svc_plugin.domain.costs import Cost, CostLine, Rates, Track
from svc_plugin.domain.vocabulary import Role
from svc_plugin.domain.working_time import WorkCalendar


class ProductKind(StrEnum):
    """How a product's service period is bounded (M03, M04)."""

    CONTRACT = "contract"
    SELF_DEVELOPED = "self_developed"


class TrainingKind(StrEnum):
    """The two kinds of training; staff need both (M63)."""

    PRODUCT = "product"
    CUSTOMER_HANDLING = "customer_handling"


@dataclass(frozen=True, slots=True)
class Training:
    """One training that a person received (M24, M47). ``product`` is empty when it was for all products."""

    kind: TrainingKind
    product: str
    on: date


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the company, found on the site by ``account`` (the login).

    ``reports_to`` is the account of the person's own lead, "" at the top. ``notify`` names the channels on
    which the person wants to hear of escalations.
    """

    account: str
    name: str
    city: str
    roles: frozenset[Role]
    trainings: tuple[Training, ...] = ()
    reports_to: str = ""
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who was made service or maintenance staff of a product, by whom and when (M16, M43)."""

    role: Role
    account: str
    appointed_by: str
    on: date


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One line of the handover checklist."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Handover:
    """How development handed the product over to service: who was released when, what was checked (M02)."""

    released_on: date
    team: tuple[str, ...]
    checklist: tuple[HandoverItem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every item of the checklist is done; service opens only then."""
        return all(item.done for item in self.checklist)


@dataclass(frozen=True, slots=True)
class Guide:
    """A document of one version of a product, and where it is kept: a link or a path (M21, M46)."""

    version: str
    title: str
    location: str


class SurveyEvery(StrEnum):
    """How often a product's customers are surveyed (M29)."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Survey:
    """How a product's customers are surveyed: every so often a sample of them (M29).

    The sample is ``share`` (above 0, at most 1) of the customers or, when that is 0, ``count`` of them.
    It is due on ``due_day`` of the last month of each period, on its last day when ``due_day`` is 0.
    """

    every: SurveyEvery
    share: float = 0.0
    count: int = 0
    due_day: int = 0

    def size(self, customers: int) -> int:
        """Return how many of so many customers are asked: at least one, at most all."""
        wanted = ceil(round(self.share * customers, 6)) if self.share else self.count
        return min(max(wanted, 1), customers)


@dataclass(frozen=True, slots=True)
class Product:
    """One product after delivery, with the people appointed for it (M16, M43).

    ``appointments`` tells by whom and when each of ``service_staff`` and ``maintenance_staff`` was
    appointed. ``repository`` is the address of the configuration store (M46). ``channels`` maps a choice of
    the field ``channel`` to the address or number that customers use (M23). ``capacity_hours`` is the
    maintenance effort available in a month, None when nobody has said (M53). ``budget`` is CNY a year by
    track and line (M71). From ``retired_on`` on nothing is taken in (M04). ``survey`` is None when
    the product's customers are not surveyed (M29).
    """

    key: str
    name: str
    kind: ProductKind
    leader: str
    service_staff: tuple[str, ...]
    maintenance_staff: tuple[str, ...]
    versions: tuple[str, ...] = ()
    retired_on: date | None = None
    appointments: tuple[Appointment, ...] = ()
    handover: Handover | None = None
    repository: str = ""
    documents: tuple[Guide, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict[str, str])
    capacity_hours: float | None = None
    budget: Mapping[Track, Mapping[CostLine, Decimal]] = field(
        default_factory=dict[Track, Mapping[CostLine, Decimal]]
    )
    survey: Survey | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A product in a customer's hands: which version, since when (M19)."""

    product: str
    version: str
    delivered_on: date


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone who speaks for a customer; ``phone`` or ``email`` may be empty, not both (M20)."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Contract:
    """What a customer agreed for one product (M03, M22).

    It runs from ``starts_on`` to ``ends_on``, both days included. ``fee`` is CNY for the whole period;
    ``service_level`` is the contract's own words.
    """

    product: str
    number: str
    starts_on: date
    ends_on: date
    fee: Decimal
    service_level: str


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer: where it sits, whom to ask, what it was delivered and what was agreed (M20, M22).

    ``time_zone`` is None when it is the company's own.
    """

    key: str
    name: str
    city: str
    deliveries: tuple[Delivery, ...] = ()
    time_zone: tzinfo | None = None
    contacts: tuple[Contact, ...] = ()
    contracts: tuple[Contract, ...] = ()


@dataclass(frozen=True, slots=True)
class Registers:
    """All registers of a company, checked to be consistent with each other before they get here."""

    calendar: WorkCalendar
    people: Mapping[str, Person] = field(default_factory=dict[str, Person])
    products: Mapping[str, Product] = field(default_factory=dict[str, Product])
    customers: Mapping[str, Customer] = field(default_factory=dict[str, Customer])
    rates: Rates = field(default_factory=Rates)
    costs: tuple[Cost, ...] = ()

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

    def lead_of(self, account: str) -> str:
        """Return whom the person reports to, "" when the register does not say."""
        person = self.people.get(account)
        return person.reports_to if person else ""

    def staff_of(self, track: Track, product: str) -> tuple[str, ...]:
        """Return the accounts appointed for one track of a product, the first of them first (M16, M43)."""
        return self._appointed(Role(track), product) or ()

    def rate_of(self, account: str, track: Track) -> Decimal | None:
        """Return what an hour of ``account`` costs on a track, in CNY; None when no rate is registered."""
        person = self.people.get(account)
        return self.rates.of(account, person.roles if person else frozenset(), track)

    def customer_named(self, text: str) -> Customer | None:
        """Find a customer by key or by full name."""
        return self.customers.get(text) or next((c for c in self.customers.values() if c.name == text), None)

    def delivery_of(self, customer: Customer, product: str, on: date) -> Delivery | None:
        """Return what ``customer`` has of ``product`` on the day ``on``: the latest delivery until then.

        None when nothing was delivered on or before that day: the product is not in service there (M19).
        """
        arrived = (d for d in customer.deliveries if d.product == product and d.delivered_on <= on)
        return max(arrived, key=lambda delivery: delivery.delivered_on, default=None)

    def delivered_to_anyone(self, product: str, on: date) -> bool:
        """Tell whether any customer has ``product`` on the day ``on``: maintenance may begin (M45)."""
        return any(self.delivery_of(customer, product, on) for customer in self.customers.values())

    def contract_of(self, customer: Customer, product: str, on: date) -> Contract | None:
        """Return the contract of ``customer`` for ``product`` in force on the day ``on`` (M03, M22)."""
        agreed = (c for c in customer.contracts if c.product == product and c.starts_on <= on <= c.ends_on)
        return next(agreed, None)

    def trained(self, account: str, kind: TrainingKind, product: str) -> bool:
        """Tell whether ``account`` had training of ``kind`` that counts for ``product`` (M24, M47, M63).

        A record counts for its product, or for every product when it names none. An unknown account has
        had no training.
        """
        person = self.people.get(account)
        return person is not None and any(
            training.kind == kind and training.product in {"", product} for training in person.trainings
        )

    def same_city(self, customer: Customer, product: str) -> tuple[str, ...]:
        """Return the accounts of ``product``'s maintenance staff in the customer's city, in order (M33)."""
        known = self.products.get(product)
        staff = known.maintenance_staff if known else ()
        return tuple(a for a in staff if a in self.people and self.people[a].city == customer.city)
