"""The work table: one row an issue, never two workers on one, nothing lost that came meanwhile."""

import multiprocessing
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Backlog, WorkItem
from svc_plugin.store.database import Database
from svc_plugin.store.work import SqlWorkTable
from tests.builders import MONDAY, ref

LEASE = timedelta(minutes=10)


def later(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture
def work(database: Database) -> SqlWorkTable:
    return SqlWorkTable(database)


def taken(work: SqlWorkTable, minutes: float = 0, key: str | None = None) -> WorkItem:
    item = work.take(now=later(minutes), lease=LEASE, ref=ref(key) if key else None)
    assert item is not None
    return item


def test_what_was_added_is_taken_once_and_done(work: SqlWorkTable) -> None:
    assert work.add([ref()], due=MONDAY) == 1
    item = taken(work)
    assert (item.ref, item.tries) == (ref(), 0)
    assert work.take(now=MONDAY, lease=LEASE) is None
    assert work.take(now=MONDAY, lease=LEASE, ref=ref()) is None
    assert work.done(item, now=MONDAY, again=None) is None
    assert work.take(now=later(60), lease=LEASE) is None


def test_an_issue_is_not_taken_before_it_is_due(work: SqlWorkTable) -> None:
    work.add([ref()], due=later(5))
    assert work.take(now=later(4.9), lease=LEASE) is None
    assert taken(work, 5).ref == ref()


def test_the_longest_overdue_is_taken_first_and_a_named_one_out_of_turn(work: SqlWorkTable) -> None:
    for key, minutes in (("1", 3), ("2", 1), ("3", 2)):
        work.add([ref(key)], due=later(minutes))
    assert taken(work, 5, "3").ref == ref("3")
    assert [taken(work, 5).ref.key for _ in range(2)] == ["2", "1"]


@pytest.mark.postgresql
def test_one_claim_takes_one_issue_even_when_postgresql_plans_a_nested_loop(postgresql_url: str) -> None:
    ways = "".join(f" -cenable_{way}=off" for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"))
    url = sa.make_url(postgresql_url)
    url = url.update_query_dict({"options": f"{url.query['options']}{ways}"})
    database = Database(url.render_as_string(hide_password=False))
    database.migrate()
    work = SqlWorkTable(database)
    work.add([ref(str(number)) for number in range(6)], due=MONDAY)
    taken(work)
    assert work.pending(now=MONDAY).busy == 1
    database.close()


def test_add_says_how_many_did_not_wait_already(work: SqlWorkTable) -> None:
    assert work.add([ref("1"), ref("2"), ref("2")], due=MONDAY) == 2
    assert work.add([ref("1"), ref("3")], due=MONDAY) == 1
    assert work.add([], due=MONDAY) == 0
    assert work.add([ref(str(number)) for number in range(500)], due=later(1)) == 497


def test_an_earlier_due_wins(work: SqlWorkTable) -> None:
    work.add([ref()], due=later(30))
    work.add([ref()], due=later(10))
    work.add([ref()], due=later(20))
    assert work.take(now=later(9), lease=LEASE) is None
    assert taken(work, 10).ref == ref()


def test_an_event_during_the_work_is_looked_at_once_more(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    item = taken(work)
    work.add([ref()], due=later(1))
    assert work.take(now=later(1), lease=LEASE) is None, "it is still being worked on"
    assert work.done(item, now=later(2), again=later(300)) == later(2)
    again = taken(work, 2)
    assert work.done(again, now=later(3), again=None) is None


def test_the_time_to_look_again_is_kept_and_returned(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    assert work.done(taken(work), now=MONDAY, again=later(90)) == later(90)
    assert work.due(now=later(89), limit=9) == []
    assert work.due(now=later(90), limit=9) == [ref()]


def test_a_retry_counts_and_waits(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    for tries in range(3):
        item = taken(work, tries * 10)
        assert item.tries == tries
        work.retry(item, due=later(tries * 10 + 10), error="down")
    assert work.take(now=later(29), lease=LEASE) is None


def test_an_event_during_a_failing_run_is_not_made_to_wait(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    item = taken(work)
    work.add([ref()], due=later(1))
    work.retry(item, due=later(60), error="down")
    assert taken(work, 1).ref == ref()


def test_an_event_gives_a_waiting_retry_a_fresh_start(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    work.retry(taken(work), due=later(60), error="down")
    work.add([ref()], due=later(1))
    assert taken(work, 1).tries == 0


def test_a_parked_issue_waits_for_a_person_and_says_why(work: SqlWorkTable) -> None:
    work.add([ref("1"), ref("2")], due=MONDAY)
    work.park(taken(work, key="2"), error="站点不接受")
    assert work.due(now=later(600), limit=9) == [ref("1")]
    assert [(one.ref, one.error, one.due_at, one.busy) for one in work.parked(limit=9)] == [
        (ref("2"), "站点不接受", None, False)
    ]
    work.add([ref("2")], due=later(5))
    assert work.parked(limit=9) == []
    assert taken(work, 5, "2").tries == 0


def test_an_event_during_a_run_that_ends_parked_keeps_the_issue_going(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    item = taken(work)
    work.add([ref()], due=later(1))
    work.park(item, error="refused")
    assert work.due(now=later(1), limit=9) == [ref()]


def test_a_parked_issue_keeps_its_deadline(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    assert work.park(taken(work), error="refused", again=later(90)) == later(90)
    assert [(one.ref, one.due_at) for one in work.parked(limit=9)] == [(ref(), later(90))]
    assert work.pending(now=later(1)).parked == 1
    assert work.due(now=later(89), limit=9) == []
    item = taken(work, 90)
    assert work.parked(limit=9) == [], "somebody works on it"
    work.done(item, now=later(90), again=None)
    assert work.parked(limit=9) == []


def test_a_claim_whose_worker_died_counts_as_a_try(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    for tries in range(3):
        assert taken(work, tries * 11).tries == tries
    work.release_leases()
    item = taken(work, 40)
    assert item.tries == 3
    work.done(item, now=later(40), again=later(41))
    assert taken(work, 41).tries == 0, "a look that ends well starts the count anew"


@pytest.mark.parametrize("end", ["done", "retry", "park"])
def test_who_comes_back_after_the_lease_changes_nothing(work: SqlWorkTable, end: str) -> None:
    work.add([ref()], due=MONDAY)
    late = taken(work)
    mine = taken(work, 11)
    if end == "done":
        assert work.done(late, now=later(12), again=None) is None
    elif end == "retry":
        work.retry(late, due=later(99), error="late")
    else:
        work.park(late, error="late")
    assert work.take(now=later(12), lease=LEASE) is None, "the second worker still has it"
    assert work.parked(limit=9) == []
    assert work.done(mine, now=later(13), again=later(40)) == later(40)


def test_a_worker_that_died_loses_its_claim_when_the_lease_ends(work: SqlWorkTable) -> None:
    work.add([ref()], due=MONDAY)
    taken(work)
    assert work.take(now=later(10), lease=LEASE) is None
    assert work.due(now=later(10), limit=9) == []
    assert work.due(now=later(10.1), limit=9) == [ref()]
    assert taken(work, 10.1).ref == ref()


def test_a_restart_gives_back_every_claim(work: SqlWorkTable) -> None:
    work.add([ref("1"), ref("2"), ref("3")], due=MONDAY)
    taken(work)
    taken(work)
    assert work.release_leases() == 2
    assert work.due(now=MONDAY, limit=9) == [ref("1"), ref("2"), ref("3")]


def test_the_backlog_counts_each_issue_where_it_belongs(work: SqlWorkTable) -> None:
    assert work.pending(now=MONDAY) == Backlog(0, 0, 0, 0, None)
    for number in range(6):
        work.add([ref(str(number))], due=later(number))
    work.park(taken(work, 9, "0"), error="refused")
    work.retry(taken(work, 9, "1"), due=later(20), error="down")
    taken(work, 9, "2")
    work.done(taken(work, 9, "3"), now=later(9), again=later(500))
    assert work.pending(now=later(9)) == Backlog(waiting=2, retrying=1, parked=1, busy=1, oldest_due=later(4))


def _work_off(url: str, found: "multiprocessing.Queue[list[str]]") -> None:
    """Claim and give back until nothing is due; names what was held, with the moment it was taken."""
    database = Database(url)
    work = SqlWorkTable(database)
    mine: list[str] = []
    while (item := work.take(now=later(1), lease=LEASE)) is not None:
        mine.append(item.ref.key)
        work.done(item, now=later(1), again=None)
    database.close()
    found.put(mine)


def test_processes_that_share_a_table_never_share_an_issue(work: SqlWorkTable, database_url: str) -> None:
    work.add([ref(str(number)) for number in range(120)], due=MONDAY)
    fork = multiprocessing.get_context("fork")
    found: multiprocessing.Queue[list[str]] = fork.Queue()
    workers = [fork.Process(target=_work_off, args=(database_url, found)) for _ in range(2)]
    for worker in workers:
        worker.start()
    shares = [found.get(timeout=30) for _ in workers]
    for worker in workers:
        worker.join()
    assert Counter(key for share in shares for key in share) == Counter(map(str, range(120)))


def test_threads_that_hammer_a_few_issues_never_hold_one_together(work: SqlWorkTable) -> None:
    refs = [ref(str(number)) for number in range(4)]
    held: set[IssueRef] = set()
    overlaps: list[IssueRef] = []
    seen: Counter[IssueRef] = Counter()
    guard = threading.Lock()
    work.add(refs, due=MONDAY)

    def hammer(_: int) -> None:
        for turn in range(25):
            work.add([refs[turn % 4]], due=MONDAY)
            item = work.take(now=MONDAY, lease=LEASE)
            if item is None:
                continue
            with guard:
                overlaps.extend({item.ref} & held)
                held.add(item.ref)
                seen[item.ref] += 1
            with guard:
                held.discard(item.ref)
            work.done(item, now=MONDAY, again=None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hammer, range(4)))
    while (item := work.take(now=MONDAY, lease=LEASE)) is not None:
        work.done(item, now=MONDAY, again=None)
    assert overlaps == []
    assert set(seen) == set(refs)
    assert work.pending(now=MONDAY) == Backlog(0, 0, 0, 0, None)


def test_what_a_stopped_process_held_goes_to_the_others_as_if_it_had_not_been_tried(
    database: Database,
) -> None:
    stopped, other = SqlWorkTable(database), SqlWorkTable(database)
    stopped.add([ref("1"), ref("2")], due=MONDAY)
    stopped.done(taken(stopped, key="1"), now=MONDAY, again=None)
    item = taken(stopped, key="2")
    assert stopped.let_go(until=later(1)) == [ref("2")]
    assert other.take(now=later(0.5), lease=LEASE) is None, "the process may still be ending"
    again = taken(other, 1.5)
    assert (again.ref, again.tries) == (ref("2"), 0)
    assert stopped.done(item, now=later(1.6), again=None) is None, "it is not ours any more"
    assert other.pending(now=later(2)).busy == 1
