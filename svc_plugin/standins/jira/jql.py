"""The part of JQL that is understood: clauses joined by AND, and ORDER BY. Anything else is said aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from svc_plugin.standins.jira.errors import Refused, Unknown

_TOKEN: Final = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')|(?P<sign>>=|<=|!=|!~|[=<>~(),])|(?P<word>[^\s=<>!~(),"\']+))'
)
_DATES: Final = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_JOINS: Final = frozenset({"AND", "ORDER"})
_OPERATORS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "project": ("=", "IN"),
        "key": ("=", "IN"),
        "issuetype": ("=", "IN"),
        "status": ("=", "IN"),
        "updated": (">=", "<=", ">", "<"),
        "created": (">=", "<=", ">", "<"),
    }
)
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "key",
        "issuekey": "key",
        "issue": "key",
        "type": "issuetype",
        "updateddate": "updated",
        "createddate": "created",
    }
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One restriction: a field in our one spelling, an operator and its values."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched, and in which order (field, descending)."""

    clauses: tuple[Clause, ...]
    order: tuple[tuple[str, bool], ...]


def parse(query: str) -> Query:
    """Read a query. Raises ``Refused`` (400) for bad JQL, ``Unknown`` for JQL beyond the stand-in."""
    tokens = _tokens(query)
    clauses: list[Clause] = []
    if tokens and tokens[0][1].upper() != "ORDER":
        clauses.append(_clause(tokens))
        while tokens and tokens[0][1].upper() == "AND":
            tokens.pop(0)
            clauses.append(_clause(tokens))
    order = _order(tokens)
    if tokens:
        raise Unknown(f"JQL from {tokens[0][1]!r} on")
    return Query(tuple(clauses), order)


def _tokens(query: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while query[place:].strip():
        match = _TOKEN.match(query, place)
        if match is None or match.lastgroup is None:
            raise Refused(400, f"Error in the JQL Query: unexpected text at character {place}.")
        value = match[match.lastgroup]
        if match.lastgroup == "text":
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        found.append((match.lastgroup, value))
        place = match.end()
    return found


def _take(tokens: list[tuple[str, str]], what: str) -> tuple[str, str]:
    if not tokens:
        raise Refused(400, f"Error in the JQL Query: Expecting {what} before the end of the query.")
    return tokens.pop(0)


def _clause(tokens: list[tuple[str, str]]) -> Clause:
    kind, name = _take(tokens, "a field")
    if kind == "sign" or name.upper() in {"NOT", "OR"}:
        raise Unknown(f"JQL clause at {name!r}")
    field = name if kind == "text" or name.startswith("cf[") else _NAMES.get(name.lower(), name.lower())
    operator = _take(tokens, "an operator")[1].upper()
    if operator in {"NOT", "IS", "WAS", "CHANGED"} or operator not in _OPERATORS.get(field, ("=", "~", "IN")):
        raise Unknown(f"JQL operator {operator!r} on field {field!r}")
    if operator != "IN":
        return Clause(field, operator, (_value(tokens),))
    if _take(tokens, "(")[1] != "(":
        raise Refused(400, "Error in the JQL Query: Expecting '(' after IN.")
    values = [_value(tokens)]
    while (sign := _take(tokens, ")")[1]) == ",":
        values.append(_value(tokens))
    if sign != ")":
        raise Refused(400, f"Error in the JQL Query: Expecting ')' but got '{sign}'.")
    return Clause(field, operator, tuple(values))


def _value(tokens: list[tuple[str, str]]) -> str:
    kind, value = _take(tokens, "a value")
    if kind == "sign":
        raise Refused(400, f"Error in the JQL Query: Expecting a value but got '{value}'.")
    if tokens and tokens[0][1] == "(":
        raise Unknown(f"JQL function {value!r}")
    return value


def _order(tokens: list[tuple[str, str]]) -> tuple[tuple[str, bool], ...]:
    if not tokens or tokens[0][1].upper() != "ORDER":
        return ()
    tokens.pop(0)
    if _take(tokens, "BY")[1].upper() != "BY":
        raise Refused(400, "Error in the JQL Query: Expecting 'by' after 'order'.")
    found: list[tuple[str, bool]] = []
    while True:
        name = _take(tokens, "a field")[1].lower()
        name = _NAMES.get(name, name)
        if name not in {"updated", "created", "key"}:
            raise Unknown(f"JQL ORDER BY {name!r}")
        descending = bool(tokens) and tokens[0][1].upper() == "DESC"
        if tokens and tokens[0][1].upper() in {"ASC", "DESC"}:
            tokens.pop(0)
        found.append((name, descending))
        if not tokens or tokens[0][1] != ",":
            return tuple(found)
        tokens.pop(0)


def moment(field: str, value: str, zone: ZoneInfo) -> datetime:
    """The moment that a date in JQL means to a person of this time zone: whole minutes, no finer.

    Raises ``Refused`` (400) for any other form, ``Unknown`` for a relative one.
    """
    if re.fullmatch(r"[+-]?\d+[mhdwyM]?", value):
        raise Unknown(f"JQL date {value!r}")
    for form in _DATES:
        try:
            return datetime.strptime(value, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise Refused(
        400,
        f"Date value '{value}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    )


COMPARE: Final[Mapping[str, Callable[[datetime, datetime], bool]]] = MappingProxyType(
    {
        ">=": lambda one, other: one >= other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        "<": lambda one, other: one < other,
    }
)
