"""The sentences of the documents exist in both languages and take the same facts."""

from string import Formatter

from svc_plugin.messages import load


def _of_documents(language):
    return {key: text for key, text in load(language).entries.items() if key.startswith("doc.")}


def _places(text):
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name})


def test_both_languages_say_the_same_things():
    zh, en = _of_documents("zh"), _of_documents("en")
    assert zh.keys() == en.keys()
    assert all(text.strip() for text in (*zh.values(), *en.values()))


def test_both_languages_have_the_same_places_for_facts():
    zh, en = _of_documents("zh"), _of_documents("en")
    assert {key for key in zh if _places(zh[key]) != _places(en[key])} == set()
