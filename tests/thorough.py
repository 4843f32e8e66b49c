"""What the default run takes a part of, so that it stays short: ``SVC_TEST_THOROUGH=1`` runs all of it."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

ASKED = "SVC_TEST_THOROUGH"
T = TypeVar("T")


def thorough() -> bool:
    """Tell whether all of it is wanted."""
    return os.environ.get(ASKED, "") not in {"", "0"}


takes_minutes = pytest.mark.skipif(not thorough(), reason=f"takes minutes: set {ASKED}=1, or `make thorough`")


def some(rows: Sequence[T], *, of: int) -> Sequence[T]:
    """Return every row, by default only the first of each ``of``."""
    return rows if thorough() else rows[::of]


def examples(number: int) -> int:
    """Return how many examples a property is tried with, by default a fifth of them."""
    return number if thorough() else -(-number // 5)
