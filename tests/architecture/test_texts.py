"""Everything a person reads exists in Chinese and English."""

import re
from string import Formatter

import pytest

from svc_plugin.domain.rules import RULES
from svc_plugin.domain.vocabulary import FIELD_SPECS, Field, IssueKind, Stage
from svc_plugin.messages import LANGUAGES, load


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_catalogues_have_the_same_keys_with_the_same_places():
    chinese, english = load("zh").entries, load("en").entries
    assert chinese.keys() == english.keys()
    assert {key for key in chinese if places(chinese[key]) != places(english[key])} == set()


def test_english_sentences_hold_no_chinese():
    """But for the documents' own titles, which stand beside the English one on the cover."""
    english = load("en").entries.items()
    chinese = {key for key, text in english if re.search(r"[一-鿿]", text)}
    assert {key for key in chinese if not key.startswith("doc.subtitle.")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_explains_itself(language):
    texts = load(language)
    for rule in RULES:
        for part in ("clause", "remedy", "waiver"):
            assert texts.say(f"{rule.id}.{part}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_says_how_to_waive_it_exactly_when_it_can_be_waived(language):
    texts = load(language)
    field = texts.field(Field.WAIVER)
    told = {
        rule.id
        for rule in RULES
        if {field, rule.id} <= set(re.findall(r"[\w-]+", texts.say(f"{rule.id}.waiver")))
    }
    assert told == {rule.id for rule in RULES if rule.soft}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_kind_field_and_choice_has_a_name(language):
    texts = load(language)
    assert all(texts.stage(stage) for stage in Stage)
    assert all(texts.say(f"kind.{kind}") for kind in IssueKind)
    for name, spec in FIELD_SPECS.items():
        assert texts.field(name)
        assert all(f"choice.{name}.{choice}" in texts.entries for choice in spec.choices)
