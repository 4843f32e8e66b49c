"""Rows by the month in which they were received."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Protocol, TypeVar

from docgen.content.pen import Pen
from docgen.model import Group, Row


class _Received(Protocol):
    @property
    def received(self) -> datetime: ...
    @property
    def open(self) -> bool: ...


T = TypeVar("T", bound=_Received)


def by_month(
    pen: Pen,
    rows: Iterable[T],
    first: date,
    *,
    line: Callable[[T], Row],
    total: Callable[[list[T], int], str],
) -> Iterator[Group]:
    """Group rows, which come by receipt; what came in before ``first`` stands first.

    ``line`` writes a row, ``total`` the sum below a month from its rows and how many of them are open.
    """
    start = f"{first:%Y-%m}"

    def month(row: T) -> str:
        received = pen.day(row.received)[:7]
        return received if received >= start else ""

    for name, found in groupby(rows, month):
        group = list(found)
        title = pen.say("requests.month", month=name) if name else pen.say("requests.earlier")
        unfinished = sum(1 for row in group if row.open)
        yield Group(map(line, group), title, (total(group, unfinished),))
