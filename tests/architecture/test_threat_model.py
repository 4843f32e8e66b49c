"""The threat model names code and tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:svc_plugin|webhooks|docgen|tests|config|docs)/[\w./-]+)`", TEXT)))
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize("path", PATHS)
def test_each_place_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_each_test_it_names_is_there(path: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_threat_names_a_test_or_says_that_there_is_none() -> None:
    rows = [line for line in TEXT.splitlines() if re.match(r"\| T\d+ ", line)]
    assert len(rows) > 20
    bare = [row.split("|")[1] for row in rows if "tests/" not in row and "not tested" not in row]
    assert not bare
