"""One fresh copy of the example company for each test."""

import pytest

from tests.unit.settings.kit import Company, copied


@pytest.fixture
def company(tmp_path) -> Company:
    return copied(tmp_path / "config")
