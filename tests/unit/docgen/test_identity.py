"""Marks of data: the same facts have the same mark, other facts another."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from docgen.identity import canonical_json, data_sha256


@dataclass(frozen=True)
class Facts:
    moment: datetime
    day: date
    span: timedelta
    names: tuple[str, ...]


NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def _facts(moment: datetime = NOON, *names: str) -> Facts:
    return Facts(moment, date(2026, 11, 22), timedelta(minutes=90), names)


def test_the_zone_in_which_a_moment_is_written_does_not_matter():
    assert data_sha256(_facts(NOON.astimezone(ZoneInfo("Asia/Shanghai")))) == data_sha256(_facts())


def test_any_other_fact_gives_another_mark():
    assert data_sha256(_facts(NOON + timedelta(seconds=1))) != data_sha256(_facts())
    assert data_sha256(_facts(NOON, "甲")) != data_sha256(_facts(NOON, "乙"))


def test_the_canonical_form_can_be_read():
    expected = '{"day":"2026-11-22","moment":"2026-11-22T04:00:00+00:00","names":["甲"],"span":5400.0}'
    assert canonical_json(_facts(NOON, "甲")) == expected


def test_text_that_cannot_be_encoded_still_has_a_mark():
    assert data_sha256("\ud800") != data_sha256("\ud801")


def test_a_type_without_a_canonical_form_is_named():
    with pytest.raises(TypeError, match="bytes has no canonical form"):
        canonical_json({"a": b"x"})
