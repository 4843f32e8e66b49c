"""Policies that follow each other by date: which is in force when, and what is wrong with a list."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from svc_plugin.settings import load_settings
from tests.builders import NOW, TODAY

SHANGHAI = ZoneInfo("Asia/Shanghai")
LINE = "policy: standard"


def dated(*entries):
    return "policy:" + "".join(f"\n  - {{ from: {day}, use: {name} }}" for day, name in entries)


def in_force(company, moment):
    settings = load_settings(company.folder, {}, now=NOW)
    return settings.policies.at(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)).name


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2020-01-01 00:00", "light"),
        ("2026-10-31 23:59", "light"),
        ("2026-11-01 00:00", "standard"),
        ("2027-01-01 00:00", "light"),
    ],
)
def test_a_policy_is_in_force_from_midnight_of_its_day_in_the_companys_zone(company, moment, name):
    entries = (("2026-01-01", "light"), ("2026-11-01", "standard"), ("2027-01-01", "light"))
    company.edit("svc-plugin.yaml", LINE, dated(*entries))
    assert in_force(company, moment) == name


def test_the_policy_of_the_settings_is_the_one_of_the_day(company):
    company.edit("svc-plugin.yaml", LINE, dated(("2026-01-01", "light"), ("2026-11-22", "standard")))
    midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)  # in Shanghai
    moments = (midnight - timedelta(seconds=1), midnight)
    found = [load_settings(company.folder, {}, now=now).policy.name for now in moments]
    assert found == ["light", "standard"]


def test_the_digest_names_the_whole_set(company):
    def digest():
        return load_settings(company.folder, {}, now=NOW).policy_digest

    alone = digest()
    company.edit("svc-plugin.yaml", LINE, dated(("2026-01-01", "light"), ("2026-11-01", "standard")))
    both = digest()
    company.edit("svc-plugin.yaml", "2026-11-01", "2026-11-02")
    moved = digest()
    company.edit("policies/light.yaml", "small_change_hours: 16", "small_change_hours: 17")
    assert len({alone, both, moved, digest()}) == 4


PLANTED = [
    ([("2026-12-01", "light")], "policy.0.from = 2026-12-01", "write 2026-11-22 or an earlier day"),
    (
        [("2026-02-01", "light"), ("2026-01-01", "standard")],
        "policy.1.from = 2026-01-01",
        "later than the entry",
    ),
    ([("2026-01-01", "light"), ("2026-01-01", "standard")], "policy.1.from = 2026-01-01", "twice"),
    ([("2026-01-01", "light"), ("2026-02-01", "strict")], "policy.1.use = 'strict'", "holds light, standard"),
    ([("soon", "light")], "policy.0.from = 'soon'", "2026-11-22"),
    ([("2026-01-01", "''")], "policy.0.use = ''", "must not be empty"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("entries", "told", "remedy"), PLANTED)
def test_a_fault_of_the_list_is_named_with_line_place_value_and_remedy(
    company, language, entries, told, remedy
):
    if language == "en":
        company.speak("en")
    line = company.edit("svc-plugin.yaml", LINE, dated(*entries)) + len(entries)
    (sentence,) = company.faults()
    assert sentence.startswith(f"svc-plugin.yaml:{line}: {told}: "), sentence
    if language == "en":
        assert remedy in sentence
    else:
        assert re.search("[一-鿿]", sentence)


def test_a_first_policy_may_begin_today_and_an_empty_pause_of_the_resolution_is_no_fault(company):
    company.edit("svc-plugin.yaml", LINE, dated((TODAY.isoformat(), "standard")))
    company.edit("policies/standard.yaml", "pauses: {}", "pauses: { resolution: [], thanks: [answered] }")
    pauses = load_settings(company.folder, {}, now=NOW).policy.pauses
    assert pauses == {"resolution": (), "thanks": ("answered",)}


def test_an_empty_list_is_refused(company):
    company.speak("en")
    company.edit("svc-plugin.yaml", LINE, "policy: []")
    assert any("policy" in sentence and "least 1" in sentence for sentence in company.faults())
