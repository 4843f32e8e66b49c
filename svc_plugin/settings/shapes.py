"""What the shapes of the configuration files are made of: spans, hours, addresses, the common base.

A type here refuses with a named error (``PydanticCustomError``); its sentence is ``fault.<name>`` in the
catalogues.
"""

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, WithJsonSchema
from pydantic_core import PydanticCustomError

WORKING_DAY = timedelta(hours=8)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": WORKING_DAY}
_SPAN = r"(\d+(?:\.\d+)?)([mhd])"
_HOURS = r"(\d\d:\d\d)-(\d\d:\d\d)"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def _text_like(pattern: str) -> dict[str, JsonValue]:
    return {"type": "string", "pattern": f"^{pattern}$"}


class ConfigModel(BaseModel):
    """The base of every shape: unknown keys are faults, spaces around text do not count."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _span(text: object) -> object:
    match = re.fullmatch(_SPAN, text) if isinstance(text, str) else None
    if match is None:
        raise PydanticCustomError("span", "write working time as 30m, 4h or 2d (d = 8 working hours)")
    span = float(match[1]) * _UNITS[match[2]]
    if not span:
        raise PydanticCustomError("span_zero", "a target must be longer than nothing")
    return span


def _hours(text: object) -> object:
    match = re.fullmatch(_HOURS, text) if isinstance(text, str) else None
    try:
        start, end = (time.fromisoformat(part) for part in match.groups()) if match else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None:
        raise PydanticCustomError("hours", "write working hours as 09:00-12:00")
    if start >= end:
        raise PydanticCustomError("hours_order", "working hours must end after they begin")
    return start, end


def is_email(text: str) -> bool:
    """Tell whether ``text`` looks like one e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def _email(text: str) -> str:
    if text and not is_email(text):
        raise PydanticCustomError("email", "write one e-mail address")
    return text


def find_zone(text: str) -> ZoneInfo | None:
    """Return the time zone with this IANA name, None when there is none."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, LookupError):  # a folder of the zone database is an OSError
        return None


def _zone(text: str) -> str:
    if text and find_zone(text) is None:
        raise PydanticCustomError("zone", "write a time zone like Asia/Shanghai")
    return text


Span = Annotated[timedelta, BeforeValidator(_span), WithJsonSchema(_text_like(_SPAN))]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours), WithJsonSchema(_text_like(_HOURS))]
Language = Literal["zh", "en"]
Name = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Email = Annotated[str, AfterValidator(_email)]
Zone = Annotated[str, AfterValidator(_zone)]
Money = Annotated[Decimal, Field(ge=0, allow_inf_nan=False), WithJsonSchema({"type": "number", "minimum": 0})]
