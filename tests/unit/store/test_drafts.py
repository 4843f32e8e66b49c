"""Drafts: one a token, one who delivers it, and nobody else's to see."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from svc_plugin.store.database import Database
from svc_plugin.store.drafts import Draft, SqlDrafts
from tests.builders import MONDAY

TOKEN, LEASE = "a" * 32, timedelta(minutes=10)
ME = ("main", "wang.fang")
FORM = {"title": "打印发票时崩溃", "product": "erp"}


@pytest.fixture
def drafts(database: Database) -> SqlDrafts:
    kept = SqlDrafts(database)
    assert kept.put(TOKEN, *ME, FORM, MONDAY)
    return kept


def one(drafts: SqlDrafts) -> Draft:
    found = drafts.find(TOKEN, *ME)
    assert found
    return found


def test_the_same_again_is_the_same_draft(drafts: SqlDrafts) -> None:
    assert drafts.put(TOKEN, *ME, FORM, MONDAY + timedelta(seconds=1))
    assert len(drafts.of(*ME, limit=9)) == 1
    assert one(drafts).created_at == MONDAY


def test_only_one_of_many_may_deliver_it(drafts: SqlDrafts) -> None:
    draft = one(drafts)
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: drafts.claim(draft, MONDAY, lease=LEASE), range(8)))
    assert len([claim for claim in claims if claim]) == 1


def test_a_claim_ends_by_itself_and_its_late_owner_changes_nothing(drafts: SqlDrafts) -> None:
    late = drafts.claim(one(drafts), MONDAY, lease=LEASE)
    assert late
    assert drafts.claim(one(drafts), MONDAY + LEASE, lease=LEASE) is None
    after = MONDAY + LEASE + timedelta(seconds=1)
    second = drafts.claim(one(drafts), after, lease=LEASE)
    assert second
    drafts.failed(late, "refused", "late", due=None)
    assert one(drafts).fault == ""
    drafts.delivered(second, "7")
    drafts.delivered(late, "8")
    assert one(drafts).issue == "7"


def test_what_failed_waits_for_its_time_or_for_a_hand(drafts: SqlDrafts) -> None:
    claimed = drafts.claim(one(drafts), MONDAY, lease=LEASE)
    assert claimed
    due = MONDAY + timedelta(seconds=30)
    drafts.failed(claimed, "down", "503", due=due)
    assert drafts.waiting(*ME, MONDAY) == (1, [])
    assert drafts.claim(one(drafts), MONDAY, lease=LEASE) is None
    assert drafts.waiting(*ME, due) == (1, [TOKEN])
    again = drafts.claim(one(drafts), due, lease=LEASE)
    assert again
    assert again.tries == 1
    drafts.failed(again, "refused", "422", due=None)
    assert drafts.waiting(*ME, due + timedelta(days=9)) == (1, [])
    assert drafts.claim(one(drafts), due, lease=LEASE)


def test_while_it_is_under_way_nothing_changes_it(drafts: SqlDrafts) -> None:
    drafts.claim(one(drafts), MONDAY, lease=LEASE)
    assert not drafts.put(TOKEN, *ME, {**FORM, "title": "anders"}, MONDAY)
    assert not drafts.drop(TOKEN, *ME, MONDAY)
    assert one(drafts).form == FORM


def test_a_draft_delivered_keeps_its_title_and_no_more(drafts: SqlDrafts) -> None:
    claimed = drafts.claim(one(drafts), MONDAY, lease=LEASE)
    assert claimed
    drafts.delivered(claimed, "7")
    assert one(drafts).form["title"] == FORM["title"]
    assert "erp" not in one(drafts).form.values()
    assert one(drafts).says(FORM)
    assert not one(drafts).says({**FORM, "product": "mes"})
    assert drafts.claim(one(drafts), MONDAY, lease=LEASE) is None
    assert not drafts.put(TOKEN, *ME, {**FORM, "title": "anders"}, MONDAY + LEASE * 2)
    assert not drafts.drop(TOKEN, *ME, MONDAY + LEASE * 2)


def test_a_delivered_draft_is_forgotten_and_a_waiting_one_never(drafts: SqlDrafts) -> None:
    claimed = drafts.claim(one(drafts), MONDAY, lease=LEASE)
    assert claimed
    drafts.delivered(claimed, "7")
    drafts.put("b" * 32, *ME, FORM, MONDAY)
    drafts.put("c" * 32, *ME, FORM, MONDAY + timedelta(days=31))
    assert {draft.id for draft in drafts.of(*ME, limit=9)} == {"b" * 32, "c" * 32}


def test_a_draft_is_there_for_its_owner_only(drafts: SqlDrafts) -> None:
    for other in (("main", "liu.yang"), ("second", "wang.fang")):
        assert drafts.find(TOKEN, *other) is None
        assert drafts.of(*other, limit=9) == []
        assert not drafts.put(TOKEN, *other, FORM, MONDAY)
        assert not drafts.drop(TOKEN, *other, MONDAY)
        assert drafts.waiting(*other, MONDAY) == (0, [])
    assert one(drafts).waiting
