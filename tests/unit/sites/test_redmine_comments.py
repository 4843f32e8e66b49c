import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc_plugin.domain.plan import same_text
from svc_plugin.sites.notes import note_text, read_note
from svc_plugin.sites.redmine.comments import own_comments

ME = 5


def journal(number: int, notes: str | None, *, user: int = ME, private: bool = False) -> dict[str, object]:
    return {"id": number, "user": {"id": user}, "notes": notes, "private_notes": private}


@given(st.text(max_size=200))
def test_any_text_comes_back_from_its_note(text: str) -> None:
    text = text.replace("\r", "")
    marked = read_note(note_text("M40", text))
    assert marked is not None
    assert marked[0] == "M40"
    assert same_text(marked[1], text)


@pytest.mark.parametrize(
    "note",
    ["", "缺答复", "〔svc:M40〕 之后还有字", "前面〔svc:M40〕", "缺答复\n〔svc:〕", "〔svc:M40〕\n多一行"],
)
def test_a_marker_counts_only_as_the_last_line(note: str) -> None:
    assert read_note(note) is None


def test_line_ends_of_windows_make_no_difference() -> None:
    assert read_note("一\r\n二\r\n\r\n〔svc:M40〕\r\n") == ("M40", "一\n二")


def test_the_latest_public_note_of_our_own_account_counts() -> None:
    raw = {
        "journals": [
            journal(9, "新\n〔svc:M40〕"),
            journal(3, "旧\n〔svc:M40〕"),
            journal(10, "别人\n〔svc:M40〕", user=7),
            journal(11, "私下\n〔svc:M40〕", private=True),
            journal(12, None),
        ]
    }
    found = own_comments(raw, ME)
    assert {marker: (one.journal, one.text) for marker, one in found.items()} == {"M40": (9, "新")}
