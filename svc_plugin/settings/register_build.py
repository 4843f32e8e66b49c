"""From the registers' files to the values of the domain."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo

import holidays

from svc_plugin.domain.costs import Cost, Rates
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
    Survey,
    Training,
)
from svc_plugin.domain.vocabulary import Role
from svc_plugin.domain.working_time import WorkCalendar
from svc_plugin.messages import LANGUAGES
from svc_plugin.settings.checks import (
    CALENDAR,
    COSTS,
    CUSTOMERS,
    PEOPLE,
    PRODUCTS,
    RATES,
    check_calendar,
    check_registers,
)
from svc_plugin.settings.money_checks import check_costs, check_rates
from svc_plugin.settings.reading import Reader
from svc_plugin.settings.register_files import (
    CalendarFile,
    CostFile,
    CustomerFile,
    HandoverFile,
    PersonFile,
    ProductFile,
    RatesFile,
    StaffFile,
    SurveyFile,
)
from svc_plugin.settings.shapes import find_zone

_YEARS_AROUND = 3  # an issue may be older than its report, and a target may end next year


def read_calendar(reader: Reader, country: str, now: datetime) -> WorkCalendar | None:
    """Combine working hours with the public holidays and make-up workdays of the years around now.

    ``country`` is an ISO code. None when there are faults, which ``reader`` keeps.
    """
    file = reader.read(CALENDAR, CalendarFile)
    if file is None:
        return None
    check_calendar(reader, file)
    years = range(now.year - _YEARS_AROUND, now.year + _YEARS_AROUND)
    try:
        public = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        reader.fault("svc-plugin.yaml", ("country",), "country")
        return None
    names = {language: _holiday_names(country, years, language) for language in LANGUAGES}
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
        holiday_names={day: {lang: named[day] for lang, named in names.items()} for day in public},
    )


def day_of(calendar: WorkCalendar | None, now: datetime) -> date:
    """Return the day that it is in the company's zone, or in UTC while the zone cannot be told."""
    return calendar.day_of(now) if calendar else now.astimezone(UTC).date()


def _holiday_names(country: str, years: Iterable[int], language: str) -> Mapping[date, str]:
    """Name the public holidays in a language, or as the country does when the library knows no other."""
    known = holidays.country_holidays(country).supported_languages
    spoken = next((code for code in known if code.startswith(language)), None)
    return holidays.country_holidays(country, years=years, language=spoken)


def read_registers(reader: Reader, calendar: WorkCalendar | None, today: date) -> Registers | None:
    """Read the registers and check them against each other.

    None when one of them cannot be read; ``reader`` keeps the faults. What contradicts another register is
    a fault too, but the registers are still returned, so that more can be checked against them.
    """
    people = reader.read(PEOPLE, list[PersonFile])
    products = reader.read(PRODUCTS, list[ProductFile])
    customers = reader.read(CUSTOMERS, list[CustomerFile])
    rates = reader.read(RATES, RatesFile) if reader.has(RATES) else RatesFile()
    costs = reader.read(COSTS, list[CostFile]) if reader.has(COSTS) else []
    if people is None or products is None or customers is None or rates is None or costs is None:
        return None
    check_registers(reader, people, products, customers, today)
    check_rates(reader, rates, {person.account for person in people})
    check_costs(reader, costs, [product.key for product in products], today)
    if calendar is None:
        return None
    return Registers(
        calendar,
        {person.account: _person(person) for person in people},
        {product.key: _product(product) for product in products},
        {customer.key: _customer(customer, calendar.zone) for customer in customers},
        Rates(rates.people, rates.roles),
        tuple(Cost(c.product, c.track, c.month, c.line, c.amount) for c in costs),
    )


def _person(file: PersonFile) -> Person:
    trainings = tuple(Training(t.kind, t.product, t.trained_on) for t in file.trainings)
    return Person(
        account=file.account,
        name=file.name,
        city=file.city,
        roles=file.roles,
        trainings=trainings,
        reports_to=file.reports_to,
        notify=file.notify,
    )


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
        survey=_survey(file.survey) if file.survey else None,
    )


def _survey(file: SurveyFile) -> Survey:
    if isinstance(file.sample, float):
        return Survey(file.every, share=file.sample, due_day=file.due_day or 0)
    return Survey(file.every, count=file.sample, due_day=file.due_day or 0)


def _appointments(role: Role, staff: Iterable[StaffFile]) -> Iterable[Appointment]:
    return (Appointment(role, one.account, one.appointed_by, one.appointed_on) for one in staff)


def _handover(file: HandoverFile) -> Handover:
    checklist = tuple(HandoverItem(item.text, item.done) for item in file.checklist)
    return Handover(file.released_on, file.team, checklist)


def _customer(file: CustomerFile, own_zone: tzinfo) -> Customer:
    return Customer(
        key=file.key,
        name=file.name,
        city=file.city,
        deliveries=tuple(Delivery(d.product, d.version, d.delivered_on) for d in file.deliveries),
        time_zone=find_zone(file.time_zone) if file.time_zone else own_zone,
        contacts=tuple(Contact(c.name, c.phone, c.email) for c in file.contacts),
        contracts=tuple(
            Contract(c.product, c.number, c.starts_on, c.ends_on, c.fee, c.service_level)
            for c in file.contracts
        ),
    )
