"""Rows for any table, whoever adds one: every column filled, or only those that a writer must name."""

from typing import Any

import sqlalchemy as sa

from svc_plugin.store.codec import issue_to_json
from tests.builders import an_issue

_AWKWARD = '税率\u2028"无效"\\n\U0001f9fe'  # a line separator, quotes, a backslash, a sign beyond 16 bits


def a_row(table: sa.Table, number: int, *, bare: bool = False) -> dict[str, Any]:
    """Return values by column; ``bare`` leaves out what the database fills in by itself."""
    columns = [column for column in table.columns if not (bare and _filled(column))]
    return {column.name: _value(column, number) for column in columns}


def _filled(column: sa.Column[Any]) -> bool:
    counted = column.primary_key and isinstance(column.type, sa.Integer) and not column.foreign_keys
    if column.table.name == "audit_head":  # its one row is numbered by who makes it
        counted = False
    return column.nullable or column.server_default is not None or (counted and column.name == "id")


def _value(column: sa.Column[Any], number: int) -> object:
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return bool(number % 2)
    if isinstance(kind, sa.LargeBinary):
        return bytes(range(256)) * number
    if isinstance(kind, sa.Integer):
        return number if column.primary_key else 2**40 + number if isinstance(kind, sa.BigInteger) else number
    if isinstance(kind, sa.Float):
        return 1763859600.123456 + number
    if column.name == "issue":
        return issue_to_json(an_issue())  # migrations read it
    return f"{column.name} {number} {_AWKWARD}"
