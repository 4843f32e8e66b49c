"""Looking a template over: a sentence with place, mistake and remedy, in both languages."""

import sys
from copy import deepcopy
from dataclasses import replace

import docx
import pytest

from docgen.company.intake import examine
from svc_plugin.messages import load
from tests.documents.copies import changed
from tests.documents.plan import a_plan
from tests.documents.stationery import PARTS, letterhead, saved, saying, with_rows

LISTED = "The starting template lists all names: svc-plugin documents template."
NO_COLUMN = "The table requests has no column “customers”. It has: number, customer"
TABLES = {"requests": ("number", "customer"), "tasks": ("number",)}


def told(template: bytes, language: str = "en") -> list[str]:
    document = replace(a_plan(language), tables=TABLES)
    return [fault.told(load(language)) for fault in examine(template, document)]


def test_a_good_template_has_no_faults_though_word_cuts_tags_into_runs():
    word = with_rows(letterhead(), "requests", ("number", "customer"))
    cut = word.add_paragraph("{{ doc.")
    cut.add_run("id").bold = True
    cut.add_run(" }}")
    row = word.tables[0].rows[2].cells[0].paragraphs[0]
    row.text = "{{ r."
    row.add_run("number }}")
    assert told(saved(word)) == []


def test_a_word_that_is_not_known_is_told_with_its_place_and_the_word_that_was_meant():
    word = with_rows(letterhead(), "requests", ("number", "customers"))
    word.paragraphs[0].text = "{{ doc.authors }}"
    word.sections[0].header.paragraphs[0].text = "{{ nothing_like_it }}"
    assert told(saved(word)) == [
        "Text, paragraph 1: There is no “doc.authors”. Did you mean “doc.author”?",
        f"Text, table 1, row 3, column 2: {NO_COLUMN}",
        f"Header, paragraph 1: There is no “nothing_like_it”. {LISTED}",
    ]
    assert told(saved(word), "zh")[0] == "正文第 1 段：没有“doc.authors”这个名称。是否应为“doc.author”？"


@pytest.mark.parametrize("text", ["｛｛ doc.id ｝｝", "{％ if ％}", "｛% if x %｝"])
def test_signs_of_a_chinese_keyboard_are_found(text):
    place, _, rest = told(saying(text), "zh")[0].partition("：")
    assert (place, text in rest, "半角的 {{、}}、{% 和 %}" in rest) == ("正文第 6 段", True, True)


def test_full_width_signs_of_other_words_are_text():
    assert told(saying("价格（含税）｛见附表｝ 50％")) == []


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{% if doc.id %}x", "Text, paragraph 6: `{% if %}` is never closed"),
        ("{{ doc.id", "Text, paragraph 6: "),
        ("{{ doc.id | foo }}", "Text, paragraph 6: "),
        ("{{ doc.id ++ }}", "Text, paragraph 6: "),
    ],
)
def test_a_tag_that_is_written_wrong_is_told_with_its_place(tag, said):
    assert told(saying(tag))[0].startswith(said)


def test_a_template_without_the_sections_would_say_nothing():
    assert told(saved(letterhead(("cover",))))[0].startswith("“{{p sections }}” is missing")


def test_every_part_stands_once():
    assert told(saved(letterhead((*PARTS, "cover"))))[0].startswith(
        "“{{p cover }}” stands there more than once"
    )


@pytest.mark.parametrize("place", ["table", "header", "words"])
def test_a_part_stands_in_the_text_as_a_paragraph_of_its_own(place):
    word = letterhead(("sections",))
    if place == "table":
        word.add_table(1, 1).rows[0].cells[0].text = "{{p cover }}"
    elif place == "header":
        word.sections[0].header.paragraphs[0].text = "{{p cover }}"
    else:
        word.add_paragraph("see {{ cover }} here")
    assert any("“{{p cover }}” must be a paragraph of its own" in sentence for sentence in told(saved(word)))


def test_rows_stand_in_tables_directly_in_the_text_and_hold_words_only():
    loop = "{{%p for r in tables.{0} %}}", "{{{{ r.number }}}}", "{{%p endfor %}}"
    outside = saying(*(line.format("requests") for line in loop))
    assert told(outside)[0].startswith("Rows of requests can only stand in a table directly in the text")

    inner = docx.Document()
    with_rows(inner, "requests", ("number",))
    nested = letterhead()
    nested.add_table(1, 1).rows[0].cells[0]._tc.insert(0, inner.tables[0]._tbl)
    assert told(saved(nested))[0].startswith("The sample row of requests holds")

    drop = "<w:sdt><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>"
    rich = saved(with_rows(letterhead(), "requests", ("number",)))
    rich = changed(rich, {"<w:t>{{ r.number }}</w:t></w:r>": f"<w:t>{{{{ r.number }}}}</w:t></w:r>{drop}"})
    assert told(rich)[0].startswith("The sample row of requests holds")


def test_one_row_stands_for_all_so_a_loop_has_no_second():
    word = with_rows(letterhead(), "requests", ("number",))
    rows = word.tables[0].rows
    rows[2]._tr.addnext(deepcopy(rows[1]._tr))
    rows[3].cells[0].text = "a line below"
    assert told(saved(word))[0].startswith("tables may only stand in loops")


def test_tracked_changes_and_comments_would_be_in_every_document():
    good = saying("a word")
    tracked = changed(
        good, {"<w:r><w:t>a word</w:t></w:r>": '<w:ins w:id="1" w:author="x"><w:r><w:t>a</w:t></w:r></w:ins>'}
    )
    assert "tracked changes" in told(tracked)[0]
    noted = changed(
        good, {"<w:t>a word</w:t></w:r>": '<w:t>a</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r>'}
    )
    assert "comments" in told(noted)[0]


def test_all_mistakes_are_told_at_once():
    assert len(told(saying("{{ doc.a }}", "{{ doc.b }}", "{{ tables2 }}"))) == 3


@pytest.mark.parametrize(("module", "package"), [("docxtpl", "docxtpl"), ("docxtpl_lint", "docxtpl-lint")])
def test_a_missing_package_is_named(module, package, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    assert (
        f"need {package}, which is not installed. Run pip install 'svc-plugin[templates]'"
        in told(saying())[0]
    )


def test_where_no_limits_can_be_set_templates_are_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert "Linux or macOS only" in told(saying())[0]
