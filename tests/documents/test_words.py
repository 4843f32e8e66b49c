"""The sentences of the documents exist in both languages and take the same facts."""

import re
from pathlib import Path
from string import Formatter

import docgen
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


def test_every_sentence_about_a_returned_copy_exists_in_both_languages():
    folder = Path(docgen.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in (folder / "readback").glob("*.py"))
    used = {f"readback.{key}" for key in re.findall(r"(?:Remark|RefusedError)\(\s*\"([a-z_.]+)\"", code)}
    used |= {f"readback.signature_not_{name}" for name in ("intact", "trusted", "whole")}
    used |= {f"readback.difference.{name}" for name in ("added", "removed")}
    office = (folder / "office.py").read_text(encoding="utf-8")
    used |= {f"office.{key}" for key in re.findall(r"OfficeError\(\"([a-z_]+)\"", office)}
    assert len(used) > 30
    for language in ("zh", "en"):
        assert used - load(language).entries.keys() == set()
