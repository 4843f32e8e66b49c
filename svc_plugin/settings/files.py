"""The shape of the configuration files. What they mean together is checked in ``build``."""

import re
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt

from svc_plugin.domain.policy import Mode
from svc_plugin.domain.registers import ProductKind
from svc_plugin.domain.vocabulary import Field as IssueField
from svc_plugin.domain.vocabulary import IssueKind, Role, Stage

WORKING_DAY = timedelta(hours=8)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": WORKING_DAY}


def _span(text: object) -> object:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([mhd])", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("write working time as 30m, 4h or 2d (d = 8 working hours)")
    span = float(match[1]) * _UNITS[match[2]]
    if not span:
        raise ValueError("a target must be longer than nothing; leave the line out to have none")
    return span


def _hours(text: object) -> object:
    match = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("write working hours as 09:00-12:00")
    start, end = time.fromisoformat(match[1]), time.fromisoformat(match[2])
    if start >= end:
        raise ValueError("working hours must end after they begin, on the same day")
    return start, end


Span = Annotated[timedelta, BeforeValidator(_span)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
Language = Literal["zh", "en"]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SiteFile(_File):
    """One site: where it is, what it calls things, and which project serves which product."""

    type: Literal["redmine"]
    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    language: Language = "zh"
    mapping: str = "zh"
    projects: dict[str, str]


class MainFile(_File):
    """``svc-plugin.yaml``: how the product runs."""

    language: Language = "zh"
    country: str = "CN"
    policy: str = "standard"
    database: str
    queue: str = ""
    listen: Annotated[str, Field(pattern=r"^[^\s:]+:\d{1,5}$")] = "127.0.0.1:8180"
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    workers: PositiveInt = 2
    sweep_every: PositiveInt = 60
    link_days: PositiveInt = 14
    keep_deliveries_days: PositiveInt = 30
    sites: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], SiteFile]


class PolicyFile(_File):
    """``policies/NAME.yaml``: which rules act, and their numbers."""

    rules: dict[str, Mode] = {}
    first_response: dict[str, Span] = {}
    resolution: dict[str, Span] = {}
    new_project_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    tester_differs: bool = True
    closing: dict[IssueKind, tuple[IssueField, ...]] = {}
    small_change_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class WeekFile(_File):
    """Working hours by weekday; a day not named is free."""

    monday: tuple[Hours, ...] = ()
    tuesday: tuple[Hours, ...] = ()
    wednesday: tuple[Hours, ...] = ()
    thursday: tuple[Hours, ...] = ()
    friday: tuple[Hours, ...] = ()
    saturday: tuple[Hours, ...] = ()
    sunday: tuple[Hours, ...] = ()


class CalendarFile(_File):
    """``registers/calendar.yaml``: when the company works."""

    zone: str
    hours: WeekFile
    make_up_hours: tuple[Hours, ...]
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()


class PersonFile(_File):
    """One entry of ``registers/people.yaml``."""

    account: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    city: Annotated[str, Field(min_length=1)]
    roles: frozenset[Role]


class ProductFile(_File):
    """One entry of ``registers/products.yaml``."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    name: Annotated[str, Field(min_length=1)]
    kind: ProductKind
    leader: str
    service_staff: Annotated[tuple[str, ...], Field(min_length=1)]
    maintenance_staff: Annotated[tuple[str, ...], Field(min_length=1)]
    versions: tuple[str, ...] = ()
    retired_on: date | None = None


class DeliveryFile(_File):
    """A product in a customer's hands."""

    product: str
    version: str
    delivered_on: date


class CustomerFile(_File):
    """One entry of ``registers/customers.yaml``."""

    key: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    city: Annotated[str, Field(min_length=1)]
    deliveries: tuple[DeliveryFile, ...] = ()


class KindFile(_File):
    """One kind of issue in a mapping."""

    issue_type: Annotated[str, Field(min_length=1)]
    statuses: dict[Stage, str]


class MappingFile(_File):
    """``mappings/NAME.yaml``: what a site calls things."""

    kinds: dict[IssueKind, KindFile]
    fields: dict[IssueField, str] = {}
    choices: dict[IssueField, dict[str, str]] = {}
