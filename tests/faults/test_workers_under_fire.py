"""Workers are killed at random, the database crashes, the net is cut, all under load: one of each is made.

``SVC_TEST_KILL_SECONDS`` says for how long (20); 600 for the long run.
"""

import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from svc_plugin.bootstrap import utc_now
from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Notice
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.tables import work
from tests.faults.own_postgresql import OwnPostgresql
from tests.faults.running import Facts, compared, running, worked_off
from tests.faults.test_killed_worker import Launcher, Tracker, conversion, hand_over, survey, visit
from tests.faults.test_two_workers import ORIGIN
from tests.thorough import takes_minutes

pytestmark = takes_minutes
_SECONDS = float(os.environ.get("SVC_TEST_KILL_SECONDS", "20"))
_SCENES = {hand_over: {"M32": 1}, visit: {"M33": 1}, survey: {"M29": 3}, conversion: {"version": 1}}


class Load:
    """People who act now and then, and what the process must have made of it in the end."""

    def __init__(self, seed: int) -> None:
        self.tracker = Tracker(without_moves=False)
        self.wanted: Facts = Facts()
        self._random = random.Random(seed)
        self._surveyed = False
        self._told = 0

    def act(self) -> None:
        """Let somebody act."""
        scenes = [scene for scene in _SCENES if scene is not survey or not self._surveyed]
        scene = self._random.choice(scenes)
        self._surveyed |= scene is survey  # one plan a month
        scene(self.tracker.people)
        self.wanted.update({(what,): count for what, count in _SCENES[scene].items()})

    def unreported(self) -> list[int]:
        """Name the issues filed since the last call."""
        known, self._told = self._told, max((one.id for one in self.tracker.store.issues.all()), default=0)
        return list(range(known + 1, self._told + 1))

    def made(self) -> Facts:
        """Count what was made: each kind as often as there are different origins, twins on top."""
        found: Facts = Facts()
        for issue in self.tracker.store.issues.all():
            for origin in set(ORIGIN.findall(repr(issue))):
                found[(origin.partition("@")[0].partition("-")[0],)] += 1
        found[("version",)] += len(list(self.tracker.store.versions.all()))
        return +found


def survived(
    fault: str,
    postgresql: str,
    load: Load,
    trouble: Callable[[SqlInbox], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Let workers run through the trouble, then one to the end; compare with what must be there."""
    database = Database(postgresql)
    database.migrate()
    struck = trouble(SqlInbox(database))
    with database.begin() as connection:
        connection.execute(sa.update(work).values(busy=0))
    database.close()
    with running(postgresql, load.tracker.served.url) as services:
        worked_off(services)
        left = services.work.pending(now=utc_now())
    load.tracker.served.close()
    with capsys.disabled():
        lost, doubled = compared(fault, struck, load.wanted, load.made())
    assert struck
    assert not lost
    assert not doubled
    assert (left.waiting, left.retrying, left.parked, left.busy) == (0, 0, 0, 0)


def worked_until(
    over: threading.Event, launcher: Launcher, url: str, site: str, kills: random.Random | None
) -> int:
    """Have one worker after the other until it is over; return how many were killed or ended in trouble."""
    ended = 0
    while not over.is_set():
        status, _ = launcher.run(url, site, kills.randrange(150) if kills else None, alone=False)
        ended += status != 0
    launcher.close()
    return ended


@contextmanager
def workers(url: str, load: Load, *, killed: bool = False) -> Iterator[list[int]]:
    """Two lines of workers at work while the block runs; what ended badly is counted afterwards."""
    over, ended = threading.Event(), list[int]()
    with ThreadPoolExecutor(2) as pool:
        lines = [
            pool.submit(
                worked_until,
                over,
                Launcher(),
                url,
                load.tracker.served.url,
                random.Random(n) if killed else None,
            )
            for n in range(2)
        ]
        try:
            yield ended
        finally:
            over.set()
        ended += [line.result() for line in lines]


def acting(load: Load, seconds: float, inbox: SqlInbox) -> None:
    """Let people act for some seconds, and their tracker tell of it, if it can be told."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        load.act()
        with suppress(TransientError):  # the sweep finds it
            for number in load.unreported():
                inbox.accept(Notice(IssueRef("main", str(number)), f"hook {number}", b"{}", utc_now()))
        time.sleep(0.5)


@pytest.mark.postgresql
def test_workers_killed_at_random(postgresql_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    load = Load(1)

    def trouble(inbox: SqlInbox) -> int:
        with workers(postgresql_url, load, killed=True) as ended:
            acting(load, _SECONDS, inbox)
        return sum(ended)

    survived("workers killed", postgresql_url, load, trouble, capsys)


def test_a_database_server_that_crashes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server, load, crashes = OwnPostgresql(tmp_path), Load(2), 3

    def trouble(inbox: SqlInbox) -> int:
        with workers(server.url, load):
            for _ in range(crashes):
                acting(load, 4, inbox)
                server.restart_after(1)
        return crashes

    try:
        survived("database crashed", server.url, load, trouble, capsys)
    finally:
        server.stop()


# of this run alone: two runs at once must not take each other's cable away
_SPACE, _END, _NET = f"svcfaults{os.getpid()}", f"svcf{os.getpid()}", f"10.231.{os.getpid() % 250}"
_OURS, _THEIRS = f"{_NET}.1", f"{_NET}.2"


def _ip(*words: str) -> int:
    return subprocess.run(["ip", *words], check=False, stderr=subprocess.DEVNULL).returncode


@pytest.fixture
def cable() -> Iterator[Callable[[str], object]]:
    """A network of its own, joined to ours by one cable; gives what plugs it in there (``up``) and out.

    Our end stays: without it our own address would be gone, and what we send would go elsewhere.
    """
    if not shutil.which("ip") or os.geteuid() != 0 or _ip("netns", "add", _SPACE):
        pytest.skip("needs root and network namespaces (`ip netns add`), to cut a network")
    ours, theirs = f"{_END}a", f"{_END}b"
    _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", _SPACE)
    _ip("addr", "add", f"{_OURS}/24", "dev", ours)
    _ip("-n", _SPACE, "addr", "add", f"{_THEIRS}/24", "dev", theirs)
    for words in (("link", "set", ours, "up"), ("-n", _SPACE, "link", "set", theirs, "up")):
        _ip(*words)
    yield lambda way: _ip("-n", _SPACE, "link", "set", theirs, way)
    _ip("netns", "delete", _SPACE)


def test_a_network_that_is_cut_between_workers_and_database(
    cable: Callable[[str], object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, load, cuts = OwnPostgresql(tmp_path, host=_THEIRS, namespace=_SPACE), Load(3), 3

    def trouble(inbox: SqlInbox) -> int:
        with workers(server.url, load):
            for _ in range(cuts):
                acting(load, 4, inbox)
                cable("down")
                acting(load, 4, inbox)
                cable("up")
        return cuts

    try:
        survived("network cut", server.url, load, trouble, capsys)
    finally:
        server.stop()
