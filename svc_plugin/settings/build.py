"""From configuration files to the values of the domain; what the files mean together is checked here."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from svc_plugin.domain.policy import Policy
from svc_plugin.domain.registers import Customer, Delivery, Person, Product, Registers
from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import FIELD_SPECS, STAGES, Field, Role
from svc_plugin.domain.working_time import WorkCalendar
from svc_plugin.settings.files import (
    CalendarFile,
    CustomerFile,
    MainFile,
    MappingFile,
    PersonFile,
    PolicyFile,
    ProductFile,
)
from svc_plugin.sites.mapping import KindMapping, SiteMapping

_YEARS_AROUND = 3  # an issue may be older than its report, and a target may end next year


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """One site, ready to connect to; ``hook_secrets`` are all current ones, newest first."""

    name: str
    type: str
    url: str
    language: str
    mapping: SiteMapping
    api_key: str = field(repr=False)
    hook_secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured."""

    folder: Path
    language: str
    registers: Registers
    policy: Policy
    policy_digest: str
    sites: Mapping[str, SiteSettings]
    database: str = field(repr=False)
    queue: str = field(repr=False)
    listen: tuple[str, int]
    public_url: str
    workers: int
    sweep_every: timedelta
    link_age: timedelta
    keep_deliveries: timedelta
    secret_key: str = field(repr=False)


def to_calendar(file: CalendarFile, country: str, today: date, faults: list[str]) -> WorkCalendar | None:
    """Combine working hours with the public holidays and make-up workdays of the years around today."""
    name = "registers/calendar.yaml"
    years = range(today.year - _YEARS_AROUND, today.year + _YEARS_AROUND)
    try:
        zone = ZoneInfo(file.zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"{name}: zone = '{file.zone}' is no time zone; write one like Asia/Shanghai")
        return None
    try:
        public = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        faults.append(f"svc-plugin.yaml: country = '{country}' is not known; write an ISO code like CN")
        return None
    week = file.hours
    days = (
        week.monday, week.tuesday, week.wednesday, week.thursday, week.friday, week.saturday, week.sunday,
    )  # fmt: skip
    if not any(days):
        faults.append(f"{name}: hours names no working hours on any weekday")
        return None
    make_up = frozenset(public.weekend_workdays) | file.open
    return WorkCalendar(
        zone=zone,
        hours=dict(enumerate(days)),
        holidays=(frozenset(public) | file.closed) - file.open,
        workdays=make_up - file.closed,
        workday_hours=file.make_up_hours,
    )


def to_registers(
    calendar: WorkCalendar,
    people: Iterable[PersonFile],
    products: Iterable[ProductFile],
    customers: Iterable[CustomerFile],
    faults: list[str],
) -> Registers:
    """Build the registers; whoever and whatever is named but not known becomes a fault."""
    known_people = {p.account: Person(p.account, p.name, p.city, p.roles) for p in people}
    known_products = {
        p.key: Product(
            p.key, p.name, p.kind, p.leader, p.service_staff, p.maintenance_staff, p.versions, p.retired_on
        )
        for p in products
    }
    known_customers = {
        c.key: Customer(
            c.key,
            c.name,
            c.city,
            tuple(Delivery(d.product, d.version, d.delivered_on) for d in c.deliveries),
        )
        for c in customers
    }
    for product in known_products.values():
        _check_staff(product, known_people, faults)
    faults.extend(
        f"registers/customers.yaml: {customer.key}: product '{delivery.product}' is not in products.yaml"
        for customer in known_customers.values()
        for delivery in customer.deliveries
        if delivery.product not in known_products
    )
    return Registers(calendar, known_people, known_products, known_customers)


def _check_staff(product: Product, people: Mapping[str, Person], faults: list[str]) -> None:
    named = {
        Role.LEADER: (product.leader,),
        Role.SERVICE: product.service_staff,
        Role.MAINTENANCE: product.maintenance_staff,
    }
    for role, accounts in named.items():
        for account in accounts:
            where = f"registers/products.yaml: {product.key}: {role} '{account}'"
            if account not in people:
                faults.append(
                    f"{where} is not in registers/people.yaml; add the person or correct the account"
                )
            elif role not in people[account].roles:
                faults.append(f"{where} does not hold the role '{role}'; add it in registers/people.yaml")


def to_policy(name: str, file: PolicyFile, faults: list[str]) -> tuple[Policy, str]:
    """Build the policy and the digest by which decisions remember it."""
    known = {rule.id for rule in RULES}
    faults.extend(
        f"policies/{name}.yaml: rules.{rule} is no rule; known are {', '.join(sorted(known))}"
        for rule in file.rules
        if rule not in known
    )
    kinds = {*FIELD_SPECS[Field.REQUEST_KIND].choices, "default"}
    faults.extend(
        f"policies/{name}.yaml: first_response.{kind} is no kind of request, "
        f"known are {', '.join(sorted(kinds))}"
        for kind in file.first_response
        if kind not in kinds
    )
    severities = {*FIELD_SPECS[Field.SEVERITY].choices, "default"}
    faults.extend(
        f"policies/{name}.yaml: resolution.{severity} is no severity, "
        f"known are {', '.join(sorted(severities))}"
        for severity in file.resolution
        if severity not in severities
    )
    policy = Policy(
        name=name,
        modes=file.rules,
        first_response=file.first_response,
        resolution=file.resolution,
        closing=file.closing,
        small_change_hours=file.small_change_hours,
        new_project_hours=file.new_project_hours,
        tester_differs=file.tester_differs,
    )
    return policy, hashlib.sha256(file.model_dump_json().encode()).hexdigest()[:16]


def to_mapping(name: str, file: MappingFile, projects: Mapping[str, str], faults: list[str]) -> SiteMapping:
    """Build a site's mapping; stages of another kind and unknown choices become faults."""
    where = f"mappings/{name}.yaml"
    for kind, entry in file.kinds.items():
        faults.extend(
            f"{where}: kinds.{kind}.statuses.{stage} is no stage of this kind, "
            f"known are {', '.join(STAGES[kind])}"
            for stage in entry.statuses
            if stage not in STAGES[kind]
        )
        doubled = [s for s in entry.statuses.values() if list(entry.statuses.values()).count(s) > 1]
        faults.extend(
            f"{where}: kinds.{kind}.statuses: '{status}' stands for several stages; give each its own"
            for status in sorted(set(doubled))
        )
    for name_, labels in file.choices.items():
        faults.extend(
            f"{where}: choices.{name_}.{choice} is no choice of this field"
            for choice in labels
            if choice not in FIELD_SPECS[name_].choices
        )
    kinds = {kind: KindMapping(entry.issue_type, entry.statuses) for kind, entry in file.kinds.items()}
    return SiteMapping(kinds, file.fields, file.choices, dict(projects))


def check_sites(main: MainFile, registers: Registers, faults: list[str]) -> None:
    """Every project must serve a product of the register, and no project two."""
    for name, site in main.sites.items():
        where = f"svc-plugin.yaml: sites.{name}.projects"
        faults.extend(
            f"{where}.{product} is not in registers/products.yaml"
            for product in site.projects
            if product not in registers.products
        )
        if len(set(site.projects.values())) < len(site.projects):
            faults.append(f"{where}: one project serves two products; give each its own")
