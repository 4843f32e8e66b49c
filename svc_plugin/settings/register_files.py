"""The shape of the registers' files (``registers/*.yaml``). What they mean together is told by ``checks``."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from svc_plugin.domain.costs import CostLine, Track
from svc_plugin.domain.registers import ProductKind, SurveyEvery, TrainingKind
from svc_plugin.domain.vocabulary import FIELD_SPECS, Role
from svc_plugin.domain.vocabulary import Field as IssueField
from svc_plugin.settings.shapes import (
    Channel,
    ConfigModel,
    Email,
    Hours,
    Key,
    Money,
    Month,
    Name,
    Sample,
    Zone,
)

CHANNELS = FIELD_SPECS[IssueField.CHANNEL].choices


def _channel(text: str) -> str:
    if text not in CHANNELS:
        known = ", ".join(CHANNELS)
        raise PydanticCustomError("channel", "write one of {known}", {"known": known})
    return text


class WeekFile(ConfigModel):
    """Working hours by weekday; a day not named is free."""

    monday: tuple[Hours, ...] = ()
    tuesday: tuple[Hours, ...] = ()
    wednesday: tuple[Hours, ...] = ()
    thursday: tuple[Hours, ...] = ()
    friday: tuple[Hours, ...] = ()
    saturday: tuple[Hours, ...] = ()
    sunday: tuple[Hours, ...] = ()


class CalendarFile(ConfigModel):
    """``registers/calendar.yaml``: when the company works."""

    zone: Annotated[Zone, Field(min_length=1)]
    hours: WeekFile
    make_up_hours: tuple[Hours, ...]
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()


class TrainingFile(ConfigModel):
    """One training a person received; without a product it counts for all."""

    kind: TrainingKind
    product: str = ""
    trained_on: date


class PersonFile(ConfigModel):
    """One entry of ``registers/people.yaml``."""

    account: Name
    name: Name
    city: Name
    roles: frozenset[Role]
    trainings: tuple[TrainingFile, ...] = ()
    reports_to: str = ""
    notify: tuple[Channel, ...] = ()


class StaffFile(ConfigModel):
    """One of a product's staff: who appointed whom, and when (M16, M43)."""

    account: Name
    appointed_by: Name
    appointed_on: date


class HandoverItemFile(ConfigModel):
    """One line of the handover checklist."""

    text: Name
    done: bool


class HandoverFile(ConfigModel):
    """How development handed the product over to service (M02)."""

    released_on: date
    team: Annotated[tuple[Name, ...], Field(min_length=1)]
    checklist: Annotated[tuple[HandoverItemFile, ...], Field(min_length=1)]


class GuideFile(ConfigModel):
    """A document of one version, and where it is kept."""

    version: Name
    title: Name
    location: Name


class SurveyFile(ConfigModel):
    """How a product's customers are surveyed (M29); ``sample`` is a share like 30% or a number."""

    every: SurveyEvery
    sample: Sample
    due_day: Annotated[int, Field(ge=1, le=28)] | None = None


class ProductFile(ConfigModel):
    """One entry of ``registers/products.yaml``."""

    key: Key
    name: Name
    kind: ProductKind
    leader: Name
    service_staff: Annotated[tuple[StaffFile, ...], Field(min_length=1)]
    maintenance_staff: Annotated[tuple[StaffFile, ...], Field(min_length=1)]
    versions: tuple[Name, ...] = ()
    retired_on: date | None = None
    handover: HandoverFile | None = None
    repository: Name
    documents: tuple[GuideFile, ...] = ()
    channels: Annotated[
        dict[Annotated[str, AfterValidator(_channel)], Name],
        Field(min_length=1, json_schema_extra={"propertyNames": {"enum": [*CHANNELS]}}),
    ]
    capacity_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    budget: Mapping[Track, Mapping[CostLine, Money]] = {}
    survey: SurveyFile | None = None


class DeliveryFile(ConfigModel):
    """A product in a customer's hands."""

    product: Name
    version: Name
    delivered_on: date


class ContactFile(ConfigModel):
    """Someone who speaks for a customer."""

    name: Name
    phone: str = ""
    email: Email = ""


class ContractFile(ConfigModel):
    """What a customer agreed for one product; both days are included, the fee is CNY for the whole period."""

    product: Name
    number: Name
    starts_on: date
    ends_on: date
    fee: Money
    service_level: Name


class CustomerFile(ConfigModel):
    """One entry of ``registers/customers.yaml``."""

    key: Name
    name: Name
    city: Name
    time_zone: Zone = ""
    contacts: tuple[ContactFile, ...] = ()
    deliveries: tuple[DeliveryFile, ...] = ()
    contracts: tuple[ContractFile, ...] = ()


class RatesFile(ConfigModel):
    """``registers/rates.yaml``: CNY an hour, by account and by role."""

    people: Mapping[Name, Money] = {}
    roles: Mapping[Role, Money] = {}


class CostFile(ConfigModel):
    """One entry of ``registers/costs.yaml``: what one line of a budget cost in one month, in CNY."""

    product: Name
    track: Track
    month: Month
    line: CostLine
    amount: Money
