"""From the registers' files to the values of the domain."""

from collections.abc import Iterable
from datetime import date

import holidays

from svc_plugin.domain.registers import (
    Appointment,
    Contact,
    Contract,
    Customer,
    Delivery,
    Guide,
    Handover,
    HandoverItem,
    Person,
    Product,
    Registers,
    Training,
)
from svc_plugin.domain.vocabulary import Role
from svc_plugin.domain.working_time import WorkCalendar
from svc_plugin.settings.checks import CALENDAR, CUSTOMERS, PEOPLE, PRODUCTS, check_calendar, check_registers
from svc_plugin.settings.reading import Reader
from svc_plugin.settings.register_files import (
    CalendarFile,
    CustomerFile,
    HandoverFile,
    PersonFile,
    ProductFile,
    StaffFile,
)
from svc_plugin.settings.shapes import find_zone

_YEARS_AROUND = 3  # an issue may be older than its report, and a target may end next year


def read_calendar(reader: Reader, country: str, today: date) -> WorkCalendar | None:
    """Combine working hours with the public holidays and make-up workdays of the years around today.

    ``country`` is an ISO code. None when there are faults, which ``reader`` keeps.
    """
    file = reader.read(CALENDAR, CalendarFile)
    if file is None:
        return None
    check_calendar(reader, file)
    years = range(today.year - _YEARS_AROUND, today.year + _YEARS_AROUND)
    try:
        public = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        reader.fault("svc-plugin.yaml", ("country",), "country")
        return None
    zone = find_zone(file.zone)
    if zone is None:  # the shape has refused it already
        return None
    make_up = frozenset(public.weekend_workdays) | file.open
    return WorkCalendar(
        zone=zone,
        hours=dict(enumerate(day for _, day in file.hours)),
        holidays=(frozenset(public) | file.closed) - file.open,
        workdays=make_up - file.closed,
        workday_hours=file.make_up_hours,
    )


def read_registers(reader: Reader, calendar: WorkCalendar | None, today: date) -> Registers | None:
    """Read the three registers and check them against each other.

    None when one of them cannot be read; ``reader`` keeps the faults. What contradicts another register is
    a fault too, but the registers are still returned, so that more can be checked against them.
    """
    people = reader.read(PEOPLE, list[PersonFile])
    products = reader.read(PRODUCTS, list[ProductFile])
    customers = reader.read(CUSTOMERS, list[CustomerFile])
    if people is None or products is None or customers is None:
        return None
    check_registers(reader, people, products, customers, today)
    if calendar is None:
        return None
    return Registers(
        calendar,
        {person.account: _person(person) for person in people},
        {product.key: _product(product) for product in products},
        {customer.key: _customer(customer, str(calendar.zone)) for customer in customers},
    )


def _person(file: PersonFile) -> Person:
    trainings = tuple(Training(t.kind, t.product, t.trained_on) for t in file.trainings)
    return Person(file.account, file.name, file.city, file.roles, trainings)


def _product(file: ProductFile) -> Product:
    return Product(
        key=file.key,
        name=file.name,
        kind=file.kind,
        leader=file.leader,
        service_staff=tuple(one.account for one in file.service_staff),
        maintenance_staff=tuple(one.account for one in file.maintenance_staff),
        versions=file.versions,
        retired_on=file.retired_on,
        appointments=(
            *_appointments(Role.SERVICE, file.service_staff),
            *_appointments(Role.MAINTENANCE, file.maintenance_staff),
        ),
        handover=_handover(file.handover) if file.handover else None,
        repository=file.repository,
        documents=tuple(Guide(d.version, d.title, d.location) for d in file.documents),
        channels=file.channels,
        capacity_hours=file.capacity_hours,
        budget=file.budget,
    )


def _appointments(role: Role, staff: Iterable[StaffFile]) -> Iterable[Appointment]:
    return (Appointment(role, one.account, one.appointed_by, one.appointed_on) for one in staff)


def _handover(file: HandoverFile) -> Handover:
    checklist = tuple(HandoverItem(item.text, item.done) for item in file.checklist)
    return Handover(file.released_on, file.team, checklist)


def _customer(file: CustomerFile, own_zone: str) -> Customer:
    return Customer(
        key=file.key,
        name=file.name,
        city=file.city,
        deliveries=tuple(Delivery(d.product, d.version, d.delivered_on) for d in file.deliveries),
        time_zone=file.time_zone or own_zone,
        contacts=tuple(Contact(c.name, c.phone, c.email) for c in file.contacts),
        contracts=tuple(
            Contract(c.product, c.number, c.starts_on, c.ends_on, c.fee, c.service_level)
            for c in file.contracts
        ),
    )
