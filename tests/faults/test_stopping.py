"""SIGTERM: what was acknowledged is kept, what is in hand is finished or given back, nothing done twice."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from svc_plugin import bootstrap
from svc_plugin.cli.init import write_config
from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.settings import Settings, load_settings
from svc_plugin.store.database import Database
from svc_plugin.store.tables import deliveries, work
from tests.builders import NOW
from tests.component.receiver_kit import own
from tests.faults.test_killed_worker import Tracker
from tests.faults.test_killed_worker import closing as closed_too_early
from tests.thorough import takes_minutes

ROOT = Path(__file__).parents[2]


class Slow:
    """Makes the tracker answer writes slowly, and says when it was first asked for one."""

    def __init__(self, tracker: Tracker) -> None:
        self.pause, self.writing = 0.0, threading.Event()
        inner = tracker.served.app.wsgi_app

        def slow(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] == "PUT" and self.pause:
                self.writing.set()
                time.sleep(self.pause)
            return inner(environ, start)

        tracker.served.app.wsgi_app = slow  # type: ignore[method-assign]


class Sender:
    """Sends signed deliveries and remembers which were acknowledged."""

    def __init__(self, settings: Settings, address: str) -> None:
        self._secret = settings.sites["main"].hook_secrets[0]
        self._address = address
        self._number = 0
        self.acknowledged: set[str] = set()

    def deliver(self, issue: int) -> bool:
        """Send one; False when nobody listens any more."""
        name, body, headers = self._signed(issue)
        try:
            answer = requests.post(f"{self._address}/hooks/main", body, headers=headers, timeout=10)
        except requests.ConnectionError:
            return False
        if answer.status_code == 202:
            self.acknowledged.add(name)
        return True

    def begin(self, issue: int) -> Callable[[], None]:
        """Send the first bytes of one; return what sends the rest and expects it to be acknowledged."""
        name, body, headers = self._signed(issue)
        late = http.client.HTTPConnection(self._address.removeprefix("http://"), timeout=20)
        late.putrequest("POST", "/hooks/main")
        for header, value in (headers | {"Content-Length": str(len(body))}).items():
            late.putheader(header, value)
        late.endheaders(body[:10])

        def end() -> None:
            late.send(body[10:])
            assert late.getresponse().status == 202
            self.acknowledged.add(name)

        return end

    def _signed(self, issue: int) -> tuple[str, bytes, dict[str, str]]:
        self._number += 1
        name = f"00000000-0000-0000-0000-{self._number:012}"
        body, headers = own(issue=issue, delivery=name, secret=self._secret)
        return name, body, {"Content-Type": "application/json", **headers}


def configured(folder: Path, url: str, port: int) -> Settings:
    write_config(folder, api_key=api_key(BOT))
    main = folder / "svc-plugin.yaml"
    text = (
        main.read_text().replace("http://127.0.0.1:8181", url).replace("127.0.0.1:8180", f"127.0.0.1:{port}")
    )
    main.write_text(text)
    return load_settings(folder, {}, now=NOW)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "svc_plugin", *arguments], cwd=ROOT, env=os.environ | environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def until(true: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    pytest.fail("it did not come to pass")


def told(tracker: Tracker) -> Counter[int]:
    """How often each issue was told that it was closed too early."""
    notes = ((one.issue_id, one.notes or "") for one in tracker.store.journals.all())
    return Counter(issue for issue, note in notes if "svc:M40" in note)


@takes_minutes
def test_a_server_that_is_told_to_stop_keeps_what_it_acknowledged_and_finishes_what_it_began(tmp_path: Path):
    tracker, port, folder = Tracker(without_moves=False), free_port(), tmp_path / "config"
    slow, settings = Slow(tracker), configured(folder, tracker.served.url, port)
    address = f"http://127.0.0.1:{port}"
    sender = Sender(settings, address)
    for _ in range(3):
        closed_too_early(tracker.people)
    issues = [issue.id for issue in tracker.store.issues.all()]
    slow.pause = 2.0
    with running("--config", str(folder), "serve", "--notice", "10", "--grace", "20") as process:
        until(lambda: requests.get(f"{address}/live", timeout=5).ok)
        assert sender.deliver(issues[0])
        assert slow.writing.wait(60)
        finish = sender.begin(issues[1])
        process.send_signal(signal.SIGTERM)
        until(lambda: requests.get(f"{address}/ready", timeout=5).status_code == 503)
        assert requests.get(f"{address}/live", timeout=5).ok
        assert sender.deliver(issues[2])
        finish()
        while sender.deliver(issues[2]):
            time.sleep(0.05)
        assert process.wait(60) == 0
    assert len(sender.acknowledged) > 3
    stored, claims = left_behind(settings)
    assert sender.acknowledged <= stored
    assert claims == 0
    slow.pause = 0.0
    work_off(settings)
    assert told(tracker) == dict.fromkeys(issues, 1)
    tracker.served.close()


def left_behind(settings: Settings) -> tuple[set[str], int]:
    """The ids of all deliveries that were stored, and how many claims nobody gave back."""
    database = Database(settings.database)
    with database.begin() as connection:
        stored = set(connection.scalars(sa.select(deliveries.c.delivery)))
        claims = connection.scalar(sa.select(sa.func.count()).where(work.c.busy > 0))
    database.close()
    return stored, claims or 0


def work_off(settings: Settings) -> None:
    services = bootstrap.build(settings)
    services.worker.drain()
    services.close()


@takes_minutes
@pytest.mark.postgresql
def test_a_worker_that_cannot_finish_in_time_gives_its_issue_to_another(postgresql_url: str, tmp_path: Path):
    tracker = Tracker(without_moves=False)
    slow = Slow(tracker)
    settings = configured(tmp_path / "config", tracker.served.url, free_port())
    closed_too_early(tracker.people)
    environment = {"SVC_DATABASE_URL": postgresql_url, "SVC_QUEUE_URL": os.environ.get("SVC_TEST_REDIS", "")}
    settings = load_settings(tmp_path / "config", environment, now=NOW)
    slow.pause = 20.0
    with running("--config", str(settings.folder), "worker", "--grace", "0.5", **environment) as process:
        assert slow.writing.wait(60)
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        assert process.wait(20) == 0
        assert time.monotonic() - begun < 10, "it waited for the slow answer"
    database = Database(postgresql_url)
    with database.begin() as connection:
        (left,) = connection.execute(sa.select(work)).all()
    database.close()
    assert 0 < left.busy < time.time() + 11
    assert (left.tries, left.error) == (0, "")
    slow.pause = 0.0
    time.sleep(max(0.0, left.busy - time.time()))
    work_off(settings)
    assert list(told(tracker).values()) == [1]
    tracker.served.close()
