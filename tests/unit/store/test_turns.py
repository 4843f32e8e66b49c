"""Whose turn it is: projects in turns, sites within their limits, whatever the number of workers."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.pacing import Limits
from svc_plugin.engine.ports import Notice, WorkItem
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.site_states import SqlSiteStates
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY

LEASE = timedelta(minutes=10)
NOISY, OTHER = "erp", "mes"


@pytest.fixture
def work(database: Database) -> SqlWorkTable:
    return SqlWorkTable(database)


@pytest.fixture
def states(database: Database) -> SqlSiteStates:
    return SqlSiteStates(database)


def refs(first: int, count: int, site: str = "main") -> list[IssueRef]:
    return [IssueRef(site, str(number)) for number in range(first, first + count)]


def filled(work: SqlWorkTable, project: str, wanted: Sequence[IssueRef], *, due: datetime = MONDAY) -> None:
    work.add(wanted, due=due, projects=dict.fromkeys(wanted, project))


def taken(work: SqlWorkTable, *, seconds: float = 0) -> WorkItem | None:
    return work.take(now=MONDAY + timedelta(hours=1, seconds=seconds), lease=LEASE)


def worked_off(work: SqlWorkTable) -> list[str]:
    keys: list[str] = []
    while item := taken(work):
        keys.append(item.ref.key)
        work.done(item, now=MONDAY, again=None)
    return keys


def test_one_issue_of_a_quiet_project_waits_for_one_of_ten_thousand_of_a_noisy_one(
    work: SqlWorkTable,
) -> None:
    filled(work, NOISY, refs(1, 10_000))
    assert taken(work) is not None, "the noisy one was there first"
    (lonely,) = refs(20_000, 1)
    filled(work, OTHER, [lonely], due=MONDAY + timedelta(minutes=59))
    waited = next(number for number in range(10_000) if (item := taken(work)) and item.ref == lonely)
    assert waited <= 1


def test_what_comes_after_ten_thousand_of_its_own_project_does_not_wait_for_them(
    work: SqlWorkTable,
) -> None:
    filled(work, NOISY, refs(1, 10_000))
    assert taken(work) is not None, "the storm was there first"
    (late,) = refs(20_000, 1)
    filled(work, NOISY, [late], due=MONDAY + timedelta(minutes=59))
    waited = next(number for number in range(10_000) if (item := taken(work)) and item.ref == late)
    assert waited <= 1


def test_the_longest_overdue_is_taken_however_many_new_ones_come(work: SqlWorkTable) -> None:
    filled(work, NOISY, refs(100, 30))
    keys: list[str] = []
    for number in range(20):
        filled(work, NOISY, refs(200 + 2 * number, 2), due=MONDAY + timedelta(minutes=1 + number))
        item = taken(work)
        assert item is not None
        keys.append(item.ref.key)
    assert keys[::2] == [str(number) for number in range(100, 110)]


def test_projects_take_turns(work: SqlWorkTable) -> None:
    filled(work, NOISY, refs(1, 4))
    filled(work, OTHER, refs(11, 2), due=MONDAY + timedelta(minutes=5))
    filled(work, "old", refs(21, 1), due=MONDAY + timedelta(minutes=6))
    assert worked_off(work) == ["1", "11", "21", "2", "12", "3", "4"]


def test_while_more_than_twenty_wait_behind_it_the_oldest_takes_turns_with_the_newest(
    work: SqlWorkTable,
) -> None:
    filled(work, NOISY, refs(100, 24))
    assert worked_off(work)[:6] == ["100", "123", "101", "122", "102", "103"]


def test_a_short_queue_is_worked_off_in_the_order_in_which_it_came(work: SqlWorkTable) -> None:
    filled(work, NOISY, refs(100, 21))
    assert worked_off(work) == [str(number) for number in range(100, 121)]


def test_a_project_that_was_quiet_has_not_saved_up_turns(work: SqlWorkTable) -> None:
    filled(work, OTHER, refs(50, 1))
    worked_off(work)
    filled(work, NOISY, refs(1, 100))
    for _ in range(50):
        taken(work)
    filled(work, OTHER, refs(200, 10))
    turns = [item.ref.key for _ in range(6) if (item := taken(work))]
    assert sum(int(key) >= 200 for key in turns) == 3


def test_the_delivery_tells_the_project_and_what_does_not_tell_keeps_it(database: Database) -> None:
    work, inbox = SqlWorkTable(database), SqlInbox(database)
    for number, one in enumerate(refs(1, 5)):
        inbox.accept(Notice(one, f"n{number}", b"{}", MONDAY, project=NOISY))
    (lonely,) = refs(9, 1)
    inbox.accept(Notice(lonely, "n9", b"{}", MONDAY + timedelta(minutes=1), project=OTHER))
    work.add([lonely], due=MONDAY + timedelta(minutes=1))
    assert worked_off(work)[:2] == ["1", "9"]


def test_a_storm_of_ten_thousand_edits_is_one_piece_of_work_an_issue(database: Database) -> None:
    work, inbox = SqlWorkTable(database), SqlInbox(database)
    storm = [
        Notice(ref, f"{turn}-{ref.key}", b"{}", MONDAY, project=NOISY)
        for turn in range(4)
        for ref in refs(1, 2500)
    ]
    for start in range(0, len(storm), 256):
        inbox.accept_all(storm[start : start + 256])
    assert work.pending(now=MONDAY).waiting == 2500
    first = taken(work)
    assert first is not None
    assert first.wanted == 4
    work.done(first, now=MONDAY, again=None)
    assert work.pending(now=MONDAY).waiting == 2499, "one look has seen all four"


def test_a_site_is_asked_by_no_more_workers_than_it_takes_at_once(
    work: SqlWorkTable, states: SqlSiteStates
) -> None:
    states.limit({"main": Limits(at_once=2), "other": Limits(at_once=1)})
    filled(work, NOISY, refs(1, 9))
    filled(work, OTHER, refs(1, 9, "other"))
    claimed = [item for _ in range(6) if (item := taken(work))]
    assert Counter(item.ref.site for item in claimed) == {"main": 2, "other": 1}
    work.done(claimed[0], now=MONDAY, again=None)
    again = taken(work)
    assert again is not None
    assert again.ref.site == claimed[0].ref.site


def test_a_worker_that_died_gives_its_place_back_when_its_lease_ends(
    work: SqlWorkTable, states: SqlSiteStates
) -> None:
    states.limit({"main": Limits(at_once=1)})
    filled(work, NOISY, refs(1, 2))
    assert taken(work) is not None
    assert taken(work, seconds=599) is None
    assert taken(work, seconds=601) is not None


def test_many_threads_keep_to_the_limit_together(work: SqlWorkTable, states: SqlSiteStates) -> None:
    states.limit({"main": Limits(at_once=3)})
    filled(work, NOISY, refs(1, 40))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: taken(work), range(24)))
    assert sum(item is not None for item in found) == 3


def test_looks_come_at_the_rate_that_is_allowed_and_the_next_moment_is_known(
    work: SqlWorkTable, states: SqlSiteStates
) -> None:
    states.limit({"main": Limits(at_once=0, per_minute=120)})
    filled(work, NOISY, refs(1, 500))
    count = sum(taken(work, seconds=tenth / 10) is not None for tenth in range(600))
    assert 118 <= count <= 124
    now = MONDAY + timedelta(hours=1, seconds=59.9)
    free = work.free_at(now=now)
    assert free is not None
    assert timedelta() < free - now <= timedelta(seconds=0.6)


def test_a_site_that_does_not_answer_is_left_alone_and_others_go_on(
    work: SqlWorkTable, states: SqlSiteStates
) -> None:
    filled(work, NOISY, refs(1, 2))
    filled(work, NOISY, refs(1, 1, "other"))
    now = MONDAY + timedelta(hours=1)
    outage = states.failed("main", now=now, retry_after=None, error="refused")
    assert (outage.first, outage.until) == (True, now + timedelta(seconds=5))
    item = taken(work)
    assert item is not None
    assert item.ref.site == "other"
    assert taken(work) is None
    assert work.free_at(now=now) == outage.until
    assert not states.failed("main", now=now, retry_after=None, error="refused").first
    again = states.failed("main", now=now + timedelta(seconds=6), retry_after=None, error="refused")
    assert again.until == now + timedelta(seconds=16), "a pause that was of no use doubles"
    states.answered("main")
    assert taken(work) is not None
    assert states.states(["main"])[0].error == ""
