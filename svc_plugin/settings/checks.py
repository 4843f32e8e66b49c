"""What the registers mean together: everything one of them says that another contradicts (M16, M19-M24, M43).

Each function tells ``reader`` the place of a fault and its name; the sentence with the remedy is
``fault.<name>`` in the catalogues.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from svc_plugin.domain.registers import ProductKind, TrainingKind
from svc_plugin.domain.vocabulary import Role
from svc_plugin.settings.reading import Place, Reader
from svc_plugin.settings.register_files import (
    CalendarFile,
    ContractFile,
    CustomerFile,
    PersonFile,
    ProductFile,
    StaffFile,
)
from svc_plugin.settings.shapes import is_email

CALENDAR, PEOPLE = "registers/calendar.yaml", "registers/people.yaml"
PRODUCTS, CUSTOMERS = "registers/products.yaml", "registers/customers.yaml"
RATES, COSTS = "registers/rates.yaml", "registers/costs.yaml"
_FEWEST_DIGITS = 5  # the shortest public service numbers in China, such as 95588


@dataclass(frozen=True, slots=True)
class _Known:
    """What may be named: the people, the products, and the day of today."""

    people: Mapping[str, PersonFile]
    products: Mapping[str, ProductFile]
    today: date


def check_calendar(reader: Reader, file: CalendarFile) -> None:
    """Refuse a week without work, hours that overlap, and days that are both closed and open."""
    if not any(spans for _, spans in file.hours):
        reader.fault(CALENDAR, ("hours",), "hours_none")
    for day, spans in (*file.hours, ("make_up_hours", file.make_up_hours)):
        place = (day,) if day == "make_up_hours" else ("hours", day)
        ordered = sorted(spans)
        if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
            reader.fault(CALENDAR, place, "hours_overlap")
    for day in sorted(file.closed & file.open):
        reader.fault(CALENDAR, ("closed",), "day_both", day=day.isoformat())


def check_registers(
    reader: Reader,
    people: Sequence[PersonFile],
    products: Sequence[ProductFile],
    customers: Sequence[CustomerFile],
    today: date,
) -> None:
    """Check people, products and customers against each other as of ``today``."""
    known = _Known({p.account: p for p in people}, {p.key: p for p in products}, today)
    for index, person in enumerate(people):
        _check_trainings(reader, index, person, known)
        _check_superiors(reader, index, person, known)
        _unique(reader, PEOPLE, (((index, "notify", n), name) for n, name in enumerate(person.notify)))
    for index, product in enumerate(products):
        _check_product(reader, index, product, known)
        _check_service(reader, index, product, customers)
    for index, customer in enumerate(customers):
        _check_contacts(reader, index, customer)
        _check_deliveries(reader, index, customer, known)
        _check_contracts(reader, index, customer, known)
    _unique(reader, PEOPLE, (((i, "account"), p.account) for i, p in enumerate(people)))
    _unique(reader, PEOPLE, (((i, "name"), p.name) for i, p in enumerate(people)))
    _unique(reader, PRODUCTS, (((i, "key"), p.key) for i, p in enumerate(products)))
    _unique(reader, PRODUCTS, (((i, "name"), p.name) for i, p in enumerate(products)))
    _unique(reader, CUSTOMERS, (((i, "key"), c.key) for i, c in enumerate(customers)))
    _unique(reader, CUSTOMERS, (((i, "name"), c.name) for i, c in enumerate(customers)))
    _check_numbers(reader, customers)


def _unique(reader: Reader, name: str, found: Iterable[tuple[Place, object]]) -> None:
    seen: set[object] = set()
    for place, value in found:
        if value in seen:
            reader.fault(name, place, "doubled")
        seen.add(value)


def _not_later(reader: Reader, name: str, place: Place, day: date, today: date) -> None:
    if day > today:
        reader.fault(name, place, "in_future", today=today.isoformat())


def _product_known(reader: Reader, name: str, place: Place, product: str, known: _Known) -> bool:
    if product not in known.products:
        reader.fault(name, place, "product_unknown", known=", ".join(known.products))
    return product in known.products


def _check_trainings(reader: Reader, index: int, person: PersonFile, known: _Known) -> None:
    for number, training in enumerate(person.trainings):
        place: Place = (index, "trainings", number)
        if training.product:
            _product_known(reader, PEOPLE, (*place, "product"), training.product, known)
        elif training.kind is TrainingKind.PRODUCT:
            reader.fault(PEOPLE, place, "training_product")
        _not_later(reader, PEOPLE, (*place, "trained_on"), training.trained_on, known.today)


def _check_superiors(reader: Reader, index: int, person: PersonFile, known: _Known) -> None:
    """Whom a person reports to must be known, and must not report to the person, not even through others."""
    place: Place = (index, "reports_to")
    if person.reports_to and person.reports_to not in known.people:
        reader.fault(PEOPLE, place, "person_unknown")
    chain = [person.account]
    while (lead := known.people.get(known.people[chain[-1]].reports_to)) and lead.account not in chain:
        chain.append(lead.account)
    if lead and lead.account == person.account:
        reader.fault(PEOPLE, place, "reports_cycle", chain=" → ".join([*chain, person.account]))


def _check_product(reader: Reader, index: int, product: ProductFile, known: _Known) -> None:
    _check_role(reader, (index, "leader"), product.leader, Role.LEADER, known)
    _check_staff(reader, (index, "service_staff"), product.service_staff, Role.SERVICE, known)
    _check_staff(reader, (index, "maintenance_staff"), product.maintenance_staff, Role.MAINTENANCE, known)
    _unique(reader, PRODUCTS, (((index, "versions", n), v) for n, v in enumerate(product.versions)))
    guides = list(enumerate(product.documents))
    _unique(reader, PRODUCTS, (((index, "documents", n, "title"), (g.version, g.title)) for n, g in guides))
    for number, guide in guides:
        if guide.version not in product.versions:
            place: Place = (index, "documents", number, "version")
            reader.fault(PRODUCTS, place, "version_unknown", known=", ".join(product.versions))
    if (email := product.channels.get("email")) and not is_email(email):
        reader.fault(PRODUCTS, (index, "channels", "email"), "email")
    phone = product.channels.get("phone")
    if phone is not None and sum(sign.isdigit() for sign in phone) < _FEWEST_DIGITS:
        reader.fault(PRODUCTS, (index, "channels", "phone"), "phone")
    if product.handover:
        place = (index, "handover", "released_on")
        _not_later(reader, PRODUCTS, place, product.handover.released_on, known.today)


def _check_role(reader: Reader, place: Place, account: str, role: Role, known: _Known) -> None:
    if account not in known.people:
        reader.fault(PRODUCTS, place, "person_unknown")
    elif role not in known.people[account].roles:
        reader.fault(PRODUCTS, place, "role_missing", role=role)


def _check_staff(reader: Reader, place: Place, staff: Sequence[StaffFile], role: Role, known: _Known) -> None:
    _unique(reader, PRODUCTS, (((*place, n, "account"), one.account) for n, one in enumerate(staff)))
    for number, one in enumerate(staff):
        _check_role(reader, (*place, number, "account"), one.account, role, known)
        _check_role(reader, (*place, number, "appointed_by"), one.appointed_by, Role.LEADER, known)
        _not_later(reader, PRODUCTS, (*place, number, "appointed_on"), one.appointed_on, known.today)


def _check_service(
    reader: Reader, index: int, product: ProductFile, customers: Iterable[CustomerFile]
) -> None:
    """Compare a product's service period with what its customers were delivered and agreed (M03, M04)."""
    customers = list(customers)
    contracts = [c for customer in customers for c in customer.contracts if c.product == product.key]
    if product.kind is ProductKind.CONTRACT and not contracts:
        reader.fault(PRODUCTS, (index, "kind"), "contract_none")
    if product.retired_on is None:
        return
    arrived = [d.delivered_on for c in customers for d in c.deliveries if d.product == product.key]
    if arrived and product.retired_on <= min(arrived):
        reader.fault(PRODUCTS, (index, "retired_on"), "retired_early", first=min(arrived).isoformat())
    if product.handover and product.retired_on < product.handover.released_on:
        released = product.handover.released_on.isoformat()
        reader.fault(PRODUCTS, (index, "retired_on"), "retired_unreleased", released=released)


def _check_contacts(reader: Reader, index: int, customer: CustomerFile) -> None:
    contacts = list(enumerate(customer.contacts))
    _unique(reader, CUSTOMERS, (((index, "contacts", n, "name"), c.name) for n, c in contacts))
    for number, contact in contacts:
        if not contact.phone and not contact.email:
            reader.fault(CUSTOMERS, (index, "contacts", number, "name"), "contact_unreachable")


def _check_deliveries(reader: Reader, index: int, customer: CustomerFile, known: _Known) -> None:
    deliveries = list(enumerate(customer.deliveries))
    days = (((index, "deliveries", n, "delivered_on"), (d.product, d.delivered_on)) for n, d in deliveries)
    _unique(reader, CUSTOMERS, days)
    for number, delivery in deliveries:
        place: Place = (index, "deliveries", number)
        if not _product_known(reader, CUSTOMERS, (*place, "product"), delivery.product, known):
            continue
        product = known.products[delivery.product]
        if delivery.version not in product.versions:
            versions = ", ".join(product.versions)
            reader.fault(CUSTOMERS, (*place, "version"), "version_unknown", known=versions)
        if product.retired_on and delivery.delivered_on >= product.retired_on:
            retired = product.retired_on.isoformat()
            reader.fault(CUSTOMERS, (*place, "delivered_on"), "delivered_retired", retired=retired)


def _check_contracts(reader: Reader, index: int, customer: CustomerFile, known: _Known) -> None:
    for number, contract in enumerate(customer.contracts):
        place: Place = (index, "contracts", number)
        if contract.ends_on < contract.starts_on:
            starts = contract.starts_on.isoformat()
            reader.fault(CUSTOMERS, (*place, "ends_on"), "contract_ends", starts=starts)
        before = (other for other in customer.contracts[:number] if _overlap(other, contract))
        if other := next(before, None):
            facts = {"number": other.number, "ends": other.ends_on.isoformat()}
            reader.fault(CUSTOMERS, (*place, "starts_on"), "contract_overlap", **facts)
        if not _product_known(reader, CUSTOMERS, (*place, "product"), contract.product, known):
            continue
        retired = known.products[contract.product].retired_on
        if retired and contract.starts_on >= retired:
            reader.fault(CUSTOMERS, (*place, "starts_on"), "contract_retired", retired=retired.isoformat())


def _overlap(one: ContractFile, other: ContractFile) -> bool:
    return one.product == other.product and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _check_numbers(reader: Reader, customers: Iterable[CustomerFile]) -> None:
    owners: dict[str, str] = {}
    for index, customer in enumerate(customers):
        for number, contract in enumerate(customer.contracts):
            owner = owners.setdefault(contract.number, customer.key)
            if owner != customer.key:
                place: Place = (index, "contracts", number, "number")
                reader.fault(CUSTOMERS, place, "number_taken", owner=owner)
