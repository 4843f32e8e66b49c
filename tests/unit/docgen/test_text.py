"""Text in the file: what a person typed, and nothing an editor would stumble over."""

import pytest
from lxml import etree

from docgen.writer.elements import add_text
from docgen.writer.template import open_template
from docgen.writer.text import attribute, clean, join, run, runs

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _element(markup: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W}" a="">{markup}</x>')


def _parts(written: etree._Element) -> list[tuple[str, str | None]]:
    parts = [(etree.QName(e).localname, e.text) for e in written]
    return [part for part in parts if part != ("t", None)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00\x07\x0b\x1fb", "ab"),
        ("\x7f\x9f", ""),
        ("\ud800x\udfff", "x"),
        ("\ufffe\uffffx", "x"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("😀 𠮷 é", "😀 𠮷 é"),
    ],
)
def test_what_no_file_can_hold_is_dropped_and_line_ends_are_one(given, kept):
    assert clean(given) == kept


def test_line_ends_and_tabs_become_elements_and_markup_stays_text():
    written = _element(run("a<w:p/>&amp;\n\tb  "))[0]
    assert _parts(written) == [("t", "a<w:p/>&amp;"), ("br", None), ("tab", None), ("t", "b  ")]


def test_signs_that_both_scripts_share_are_hinted_in_chinese_text_only():
    assert 'w:hint="eastAsia"' in run("称为“库存”")
    assert "hint" not in run("called “stock”")
    styled = run("“好”", "<w:b/>")
    assert styled.index("rFonts") < styled.index("<w:b/>")


@pytest.mark.parametrize(
    "text", ["称为“库存”", "called “stock”", "a<w:p/>&amp;\n\tb  ", "\x00\x0b\ud800\uffff文"]
)
def test_text_outside_tables_is_written_as_in_them(text):
    outside = etree.tostring(add_text(open_template().add_paragraph(), text).element, encoding="unicode")
    inside = _element(run(text))[0]
    assert _parts(etree.fromstring(outside)) == _parts(inside)


def test_a_hint_follows_the_style_of_a_run():
    placed = add_text(open_template().add_paragraph(), "“好”", "Placeholder Text").element
    assert [etree.QName(e).localname for e in placed[0]] == ["rStyle", "rFonts"]


def test_an_attribute_holds_quotes_and_line_ends():
    given = 'a"b<c>&\n\t'
    assert _element("").tag == "x"
    assert etree.fromstring(f'<x a="{attribute(given)}"/>').get("a") == given


@pytest.mark.parametrize(
    "texts",
    [
        ("一", "", "a&b\nc"),
        ("a\x01b", "c"),
        ("a\x01b", "c", "\x1f“好”"),
        ("\x00", "x\r\ny"),
        ("“好”", "ok"),
        ("\ud800", "1"),
        ("",),
    ],
    ids=ascii,
)
def test_many_texts_are_written_as_each_would_be_alone(texts):
    written = [one.decode() for one in runs(join(texts))]
    assert written == [run(text) if clean(text) else "" for text in texts]
