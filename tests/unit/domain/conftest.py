"""The core knows the company's zone only: its tests run on a machine that stands far from it."""

import os
import time
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def far_away() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Honolulu"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
