"""How facts are put into words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.domain.vocabulary import Field, Stage
from svc_plugin.messages import load

ZH, EN = load("zh"), load("en")


def test_a_stage_has_its_name_and_a_status_that_is_not_mapped_a_question_mark():
    assert (ZH.stage(Stage.CLOSED), EN.stage(Stage.CLOSED), ZH.stage(None)) == ("已关闭", "closed", "?")


def test_a_choice_has_its_name_and_any_other_value_stays_as_it_is():
    assert ZH.choice(Field.MAINTENANCE_CLASS, "corrective") == "纠错性"
    assert ZH.choice(Field.MAINTENANCE_CLASS, "别的") == "别的"
    assert ZH.choice(Field.CHANNEL, "corrective") == "corrective"


def test_names_are_listed_as_the_language_lists_them():
    assert (ZH.listed(["甲", "乙"]), EN.listed(["a", "b"])) == ("甲、乙", "a, b")


def test_a_moment_is_told_in_the_companys_time_to_the_minute():
    at = datetime(2026, 11, 23, 16, 5, 59, tzinfo=UTC)
    assert ZH.moment(at, ZoneInfo("Asia/Shanghai")) == "2026-11-24 00:05"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0小时00分"),
        (timedelta(seconds=59), "0小时00分"),
        (timedelta(hours=1, minutes=5, seconds=30), "1小时05分"),
        (timedelta(hours=61, minutes=59, seconds=59), "61小时59分"),
    ],
)
def test_a_span_is_told_in_hours_and_whole_minutes(span, words):
    assert ZH.duration(span) == words
