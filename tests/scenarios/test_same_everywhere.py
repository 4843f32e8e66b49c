"""What the product decides depends neither on where nor in which language a scenario is played."""

import pytest
from pytest_bdd.parser import Feature

from svc_plugin.domain.rules import RULES
from tests.scenarios.record import TABLE, Records, first_difference
from tests.scenarios.same import FEATURES, HERE, differences, feature, table


def shape(one: Feature) -> list[tuple[set[str], list[tuple[str, int]]]]:
    """Clauses and steps of every scenario, without words."""
    return [
        (
            scenario.tags,
            [(step.type, len(step.datatable.rows) if step.datatable else 0) for step in scenario.steps],
        )
        for scenario in one.scenarios.values()
    ]


@pytest.mark.parametrize("name", FEATURES)
def test_every_world_and_language_ends_alike(name, records_of, record_property):
    """Plays nothing itself: it compares what the scenarios of this run led to."""
    played = records_of(name)
    if not played:
        pytest.skip("no scenario of this feature was played in this run")
    different = {place: told for place, told in played.items() if len(set(map(repr, told.values()))) > 1}
    runs = sum(len(told) for told in played.values())
    record_property(
        TABLE,
        f"{name:<26} scenarios {len(played):>3}  played {runs:>3}  "
        f"same {len(played) - len(different):>3}  different {len(different):>3}",
    )
    titles = list(feature("zh", name).scenarios)
    assert not different, "\n".join(
        f"{titles[place]}: {first_difference(told)}" for place, told in different.items()
    )


@pytest.mark.parametrize("name", FEATURES)
def test_the_english_twin_says_the_same(name):
    assert shape(feature("zh", name)) == shape(feature("en", name))


def test_both_languages_have_the_same_features():
    assert {path.stem for path in (HERE / "en").glob("*.feature")} == set(FEATURES)


def test_every_clause_that_a_rule_enforces_is_played_in_a_scenario():
    tags = {tag for name in FEATURES for one in feature("zh", name).scenarios.values() for tag in one.tags}
    assert not {clause for rule in RULES for clause in rule.clauses} - tags


def test_a_play_that_led_elsewhere_is_counted_and_named(tmp_path):
    records, ended = Records(tmp_path), {"stage": "closed", "changes": ["M40 comments"]}
    for world in ("memory, zh", "standin, zh"):
        records.keep(FEATURES[0], 0, world, {"1": ended})
    records.keep(FEATURES[0], 0, "jira-dc, zh", {"1": {**ended, "stage": "answered"}})
    records.keep(FEATURES[0], 1, "jira-dc, zh", None)
    header, row, *others, total = table(records, each=False)
    assert header.split() == ["scenarios", "decisions", "memory", "Redmine", "Jira", "DC"]
    assert row.split()[1:] == ["1", "1", "1", "=", "0", "≠", "1", "=", "0", "≠", "0", "=", "1", "≠"]
    assert total.split() == row.split()[1:]
    assert len(others) == len(FEATURES) - 1
    (told,) = differences(records)
    assert "issue 1, stage: answered (jira-dc, zh), closed (memory, zh)" in told
