"""Two worker processes on one database: what the process has us make is made once."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from svc_plugin.store.database import Database
from tests.faults.test_killed_worker import Launcher, Tracker, conversion, hand_over, survey, visit
from tests.thorough import takes_minutes

_REQUESTS = 8
ORIGIN = re.compile(r"M\d\d[\w-]*@main/\d+")


@takes_minutes
@pytest.mark.postgresql
@pytest.mark.clause("M32")
def test_two_processes_on_one_database_make_one_of_each(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    database.migrate()
    database.close()
    tracker = Tracker(without_moves=False)
    for acts in (*[hand_over] * _REQUESTS, visit, survey, conversion):
        acts(tracker.people)
    workers = [Launcher(), Launcher()]
    try:
        with ThreadPoolExecutor(len(workers)) as pool:
            runs = [
                pool.submit(worker.run, postgresql_url, tracker.served.url, None, alone=False)
                for worker in workers
            ]
            ended = [run.result() for run in runs]
            # what one left for the other, or for later
            ended.append(workers[0].run(postgresql_url, tracker.served.url, None, alone=False))
    finally:
        for worker in workers:
            worker.close()
    assert [status for status, _ in ended] == [0, 0, 0]
    made = Counter(
        origin for issue in tracker.store.issues.all() for origin in set(ORIGIN.findall(repr(issue)))
    )
    tracker.served.close()
    assert Counter(origin.partition("@")[0].partition("-")[0] for origin in made) == {
        "M32": _REQUESTS,
        "M33": 1,
        "M29": 3,
    }
    assert set(made.values()) == {1}, made
    assert len(list(tracker.store.relations.all())) == len(made)
    assert len(list(tracker.store.versions.all())) == 1, "that of the conversion"
