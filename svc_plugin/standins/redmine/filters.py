"""Redmine's short filters: `name=value|value`, with an operator before the first value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from svc_plugin.standins.redmine.faults import Fault, Invalid
from svc_plugin.standins.redmine.values import decimal

R = TypeVar("R")

MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z?)?")
# the operators each kind of filter has; anything else in front counts as part of the value
KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "choice": ("!*", "!", "*", "="),
    "text": ("!~", "!*", "!", "~", "*", "="),
    "number": ("><", ">=", "<=", "!*", "*", "="),
    "date": ("><", ">=", "<=", "!*", "*", "="),
    "moment": ("><", ">=", "<=", "!*", "*", "="),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """Something to filter by: its kind, and how to read it from a record ("" or None = empty)."""

    name: str
    kind: str
    read: Callable[[R], object]


def split(kind: str, expression: str) -> tuple[str, list[str]]:
    """The operator and the values of an expression; "=" when none stands there."""
    operator = next((one for one in KINDS[kind] if expression.startswith(one)), "=")
    rest = expression.removeprefix(operator)
    return operator, re.split(r"[|,]" if kind == "choice" else r"\|", rest)


def matcher(column: Column[R], expression: str) -> Callable[[R], bool]:
    """A test of records; raises Invalid when a date or number in the expression is not one."""
    operator, values = split(column.kind, expression)
    if operator in {"*", "!*"}:
        return lambda record: (column.read(record) in {None, ""}) == (operator == "!*")
    if column.kind == "moment":
        return _moment_matcher(column, operator, values)
    if column.kind in {"number", "date"}:
        return _range_matcher(column, operator, values)
    return _text_matcher(column, operator, values)


def _text_matcher(column: Column[R], operator: str, values: list[str]) -> Callable[[R], bool]:
    def read(record: R) -> str:
        value = column.read(record)
        return "" if value is None else str(value)

    wanted = values[0].lower()
    tests: Mapping[str, Callable[[R], bool]] = {
        "=": lambda record: read(record) in values,
        "!": lambda record: read(record) not in values,
        "~": lambda record: wanted in read(record).lower(),
        "!~": lambda record: wanted not in read(record).lower(),
    }
    return tests[operator]


def _range_matcher(column: Column[R], operator: str, values: list[str]) -> Callable[[R], bool]:
    def key(text: object) -> object:
        return decimal(text) if column.kind == "number" else str(text)

    for value in values:
        fits = decimal(value) is not None if column.kind == "number" else bool(MOMENT.fullmatch(value))
        if not fits:
            raise Invalid(Fault(column.name, "invalid"))
    low, high = key(values[0]), key(values[-1])

    def test(record: R) -> bool:
        stored = column.read(record)
        if stored is None or stored == "":
            return False
        return _between(key(stored), low if operator != "<=" else None, high if operator != ">=" else None)

    return test


def _moment_matcher(column: Column[R], operator: str, values: list[str]) -> Callable[[R], bool]:
    """Redmine compares stored fractions of a second: `>=T` is `> T - 1 s`, `<=T` misses later fractions."""
    if not all(MOMENT.fullmatch(value) for value in values):
        raise Invalid(Fault(column.name, "invalid"))
    try:
        low, high = _start(values[0]), _end(values[-1])
    except ValueError as error:
        raise Invalid(Fault(column.name, "invalid")) from error

    def test(record: R) -> bool:
        stored = column.read(record)
        if not isinstance(stored, datetime):
            return False
        return (operator == "<=" or stored > low) and (operator == ">=" or stored <= high)

    return test


def _start(text: str) -> datetime:
    when = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    return when - timedelta(seconds=1) if "T" in text else when - timedelta(microseconds=1)


def _end(text: str) -> datetime:
    when = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    return when if "T" in text else when + timedelta(days=1, microseconds=-1)


def _between(value: object, low: object, high: object) -> bool:
    """Numbers with numbers, ISO dates with ISO dates."""
    if isinstance(value, float):
        above = not isinstance(low, float) or value >= low
        return above and (not isinstance(high, float) or value <= high)
    above = low is None or str(value) >= str(low)
    return above and (high is None or str(value) <= str(high))
