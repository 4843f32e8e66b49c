"""What the shapes of the configuration files are made of: spans, hours, addresses, the common base.

A type here refuses with a named error (``PydanticCustomError``); its sentence is ``fault.<name>`` in the
catalogues.
"""

import re
from datetime import time, timedelta
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, WithJsonSchema
from pydantic_core import PydanticCustomError

WORKING_DAY = timedelta(hours=8)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": WORKING_DAY}
_SPAN = r"(\d+(?:\.\d+)?)([mhd])"
_PERCENT = r"([1-9]\d{0,3})%"
_SHARE = r"(\d{1,2}|100)%"
_PART = r"(\d+(?:\.\d+)?)%"
_WHOLE = 100
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
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


def _share(text: object) -> object:
    match = re.fullmatch(_SHARE, text) if isinstance(text, str) else None
    if match is None:
        raise PydanticCustomError("share", "write a share as 20%, from 0% to 100%")
    return int(match[1]) / 100


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


def _percent(text: object) -> object:
    match = re.fullmatch(_PERCENT, text) if isinstance(text, str) else None
    if match is None:
        raise PydanticCustomError("percent", "write a share of the target as 80%")
    return int(match[1])


def _time_of_day(text: object) -> object:
    if isinstance(text, str) and re.fullmatch(_TIME, text):
        return time.fromisoformat(text)
    raise PydanticCustomError("time_of_day", "write a time of day like 15:00")


def _sample(text: object) -> object:
    """Read ``30%`` as a share, a positive whole number as a count."""
    percent = re.fullmatch(_PART, text) if isinstance(text, str) else None
    if percent and 0 < float(percent[1]) <= _WHOLE:
        return float(percent[1]) / _WHOLE
    if isinstance(text, int) and not isinstance(text, bool) and text > 0:
        return text
    raise PydanticCustomError("sample", "write a share from above 0% to 100%, or a number from 1 on")


def is_email(text: str) -> bool:
    """Tell whether ``text`` looks like one e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def _email(text: str) -> str:
    if text and not is_email(text):
        raise PydanticCustomError("email", "write one e-mail address")
    return text


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise PydanticCustomError("address", "write one IP address") from None


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
Share = Annotated[float, BeforeValidator(_share), WithJsonSchema(_text_like(_SHARE))]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours), WithJsonSchema(_text_like(_HOURS))]
Percent = Annotated[int, BeforeValidator(_percent), WithJsonSchema(_text_like(_PERCENT))]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), WithJsonSchema(_text_like(_TIME))]
Sample = Annotated[
    float | int,
    BeforeValidator(_sample),
    WithJsonSchema({"anyOf": [_text_like(_PART), {"type": "integer", "minimum": 1}]}),
]
Language = Literal["zh", "en"]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Name = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Channel = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Email = Annotated[str, AfterValidator(_email)]
Address = Annotated[str, AfterValidator(_address)]
Zone = Annotated[str, AfterValidator(_zone)]
Money = Annotated[Decimal, Field(ge=0, allow_inf_nan=False), WithJsonSchema({"type": "number", "minimum": 0})]
