"""A sentence that was said can be heard again in the text in which it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_plugin.domain.resources import WITHIN
from svc_plugin.messages import LANGUAGES, load

HOURS = st.floats(0, 9999).map(lambda hours: f"{hours:g}")
FACTS = st.fixed_dictionaries(
    {
        "at": st.just("2026-11-23 09:05"),
        "month": st.just("2026-11"),
        **dict.fromkeys(("estimate", "capacity", "committed", "free"), HOURS),
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(FACTS)
def test_the_figures_of_a_check_are_heard_in_the_comment_that_says_them(language, facts):
    texts = load(language)
    said = texts.say(WITHIN, **facts)
    comment = texts.say("comment.body", clause="M53", fact=said, done="-", remedy="-", waiver="-")
    assert texts.heard(WITHIN, comment) == facts
    assert texts.heard(WITHIN, comment.replace("\n", "\r\n")) == facts


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_said_is_not_heard(language):
    texts = load(language)
    assert texts.heard(WITHIN, texts.say("comment.settled", clause=texts.say("M53.clause"))) is None
    assert texts.heard(WITHIN, "") is None
