"""JSON from strangers: one reading only, or none (RFC 8259, and I-JSON's rule of unique names, RFC 7493)."""

import json
import re
from collections.abc import Mapping
from itertools import accumulate
from typing import NoReturn, cast

from webhooks.delivery import DeliveryRejectedError, shown
from webhooks.refusals import DUPLICATE_KEY, NOT_AN_OBJECT, NOT_JSON, NOT_UTF8, TOO_DEEP

MAX_DEPTH = 64

_BYTE_ORDER_MARK = "\ufeff"
# A string never fails to match, closed or not, and never gives characters back: linear time on any input.
_NOT_A_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^][{}"]++', re.DOTALL)
_STEP: Mapping[str, int] = {"[": 1, "{": 1, "]": -1, "}": -1}


def read_object(body: bytes) -> Mapping[str, object]:
    """Parse ``body`` as one JSON object in UTF-8.

    Raises ``DeliveryRejectedError`` (400) for another encoding, a byte order mark, anything that is not
    JSON (also NaN and Infinity), a repeated key, more than ``MAX_DEPTH`` levels, or another top level.
    """
    text = _decoded(body)
    if _too_deep(text):  # counted first: the parser itself would run into the recursion limit
        raise DeliveryRejectedError(TOO_DEEP, limit=MAX_DEPTH)
    try:
        found: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _not_json(f"{error.msg}, line {error.lineno} column {error.colno}") from error
    except ValueError as error:  # an integer longer than Python converts
        raise _not_json("a number is too long") from error
    if not isinstance(found, dict):
        raise DeliveryRejectedError(NOT_AN_OBJECT)
    return cast("Mapping[str, object]", found)


def _decoded(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise DeliveryRejectedError(NOT_UTF8, at=error.start + 1) from error
    if text.startswith(_BYTE_ORDER_MARK):
        raise DeliveryRejectedError(NOT_UTF8, at=1)
    return text


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_DEPTH:  # spares most bodies the slow look
        return False
    return max(accumulate(map(_STEP.__getitem__, _NOT_A_BRACKET.sub("", text))), default=0) > MAX_DEPTH


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for place, name in enumerate(names) if name in names[:place])
        raise DeliveryRejectedError(DUPLICATE_KEY, key=shown(repeated))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _not_json(f"{name} is not a JSON number")


def _not_json(fault: str) -> DeliveryRejectedError:
    return DeliveryRejectedError(NOT_JSON, fault=fault)
