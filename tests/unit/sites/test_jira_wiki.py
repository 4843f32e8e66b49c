import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_plugin.sites.jira.wiki import from_wiki, to_wiki

SAID = (
    "缺：答复 {answer} [必填] *现在* customfield_10031!\n"
    "- 见 https://svc.example.com/documents/eyJ_a-b~c.x_y\n# 2026-11-23"
)


@given(st.text())
def test_what_is_said_comes_back(text: str) -> None:
    assert from_wiki(to_wiki(text)) == text


@given(st.lists(st.sampled_from(["https://a.b/c_d", "[", "]", "|", "\\", "{x}", "-", " ", "\n", "*", "!"])))
def test_what_is_said_comes_back_with_addresses_among_markup(parts: list[str]) -> None:
    text = "".join(parts)
    assert from_wiki(to_wiki(text)) == text


def test_markup_is_escaped_and_addresses_are_not() -> None:
    markup = to_wiki(SAID)
    assert r"\{answer\} \[必填\] \*现在\* customfield\_10031\!" in markup
    assert "https://svc.example.com/documents/eyJ_a-b~c.x_y" in markup
    assert "\n\\- 见" in markup
    assert "2026-11-23" in markup


@pytest.mark.parametrize(
    "anew",
    [
        "见 [https://svc.example.com/d/a_b|https://svc.example.com/d/a_b] 。\\{x\\}",
        "见 [https://svc.example.com/d/a_b|https://svc.example.com/d/a_b|smart-link] 。{x}",
        "见 [https://svc.example.com/d/a_b] 。\\{x}",
        "见 https://svc.example.com/d/a_b 。{x}",
    ],
)
def test_markup_written_anew_is_the_same_text(anew: str) -> None:
    assert from_wiki(anew) == "见 https://svc.example.com/d/a_b 。{x}"
