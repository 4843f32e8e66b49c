"""The topic ``redmine-answer``: how long after a person's act a real Redmine has our answer."""

import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import requests

from bench.machine import load, wait_until_quiet
from bench.processes import started
from bench.receiver.servers import free_port, work_folder
from bench.redmine.house import PRODUCT, House, house
from bench.report import Goal, Row, Table, plain
from svc_plugin.demo.redmine_actor import RedmineActor
from svc_plugin.demo.stage import api_key, cast
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.e2e.conftest import wait_for

ACTS = 60
_PERSON = "wang.fang"
_PATIENCE, _LOOK = 120.0, 0.02  # seconds
_REQUEST = IssueKind.SERVICE_REQUEST
_QUIET = "SELECT done = wanted AND busy = 0 FROM work WHERE key = ?"
# an answer is there when it was read back from Redmine and written down
_ANSWERED = "SELECT min(at) FROM ledger WHERE key = ? AND at > ?"
_DELIVERED = "SELECT min(received_at) FROM deliveries WHERE key = ? AND received_at > ?"


def run(*, quick: bool) -> Table:
    """Let a person close requests that may not be closed, one after the other; each is answered."""
    acts, before = 5 if quick else ACTS, load()
    with house() as redmine, work_folder() as folder:
        redmine.fill(0)  # a first sweep over thousands is work of its own
        others = wait_until_quiet()
        webhooks, whole = _answers(redmine, folder, acts)
    heading = (
        f"{acts} requests on a real Redmine (Debian's package, puma with 4 threads, SQLite) with our plugin for",
        "webhooks, and `svc-plugin serve` on SQLite; a person closes each without evidence, one at a time, and it is",
        "reopened with a comment that says why; Redmine, product and person have the same cores",
        "webhook to answer: from the delivery's arrival until the answer was read back from Redmine, all requests and",
        "both commits included; act to answer: from sending the person's request until the same moment",
        f"load average {before} before, {load()} after; others kept {others:.2f} cores busy at the start",
    )
    rows: list[Row] = []
    for name, seconds in (("webhook to answer", webhooks), ("act to answer", whole)):
        for share, goal in ((0.5, None), (0.95, Goal.at_most(5, " s") if seconds is webhooks else None)):
            rows.append(plain(f"{name}: p{share * 100:.0f}", _at(seconds, share), "s", goal))
    return Table(heading, rows)


def _answers(redmine: House, folder: Path, acts: int) -> tuple[Sequence[float], Sequence[float]]:
    main, port = redmine.config / "svc-plugin.yaml", free_port()
    main.write_text(main.read_text(encoding="utf-8").replace("127.0.0.1:8180", f"127.0.0.1:{port}"))
    file = folder / "bench.db"
    command = [sys.executable, "-m", "svc_plugin", "--config", str(redmine.config), "serve"]
    with started(command, {"SVC_DATABASE_URL": f"sqlite:///{file}"}, folder / "output"):
        wait_for(lambda: requests.get(f"http://127.0.0.1:{port}/live", timeout=5).ok)
        redmine.point_hooks_at(f"http://127.0.0.1:{port}/hooks/main")
        mapping = redmine.settings().sites["main"].mapping
        person = cast(redmine.url, mapping, {_PERSON: api_key(_PERSON)}, redmine.admin_key)[_PERSON]
        found = [_act(person, file) for _ in range(acts)]
        redmine.point_hooks_at("")
    return [one for one, _ in found], [whole for _, whole in found]


def _act(person: RedmineActor, file: Path) -> tuple[float, float]:
    """Return the seconds from the delivery, and from the act, until the answer."""
    fields = {Field.CHANNEL: "phone", Field.REQUEST_KIND: "request", Field.CUSTOMER: "恒通机械有限公司"}
    number = person.create(_REQUEST, PRODUCT, "怎样导出", fields)
    person.change(number, _REQUEST, stage=Stage.IN_PROGRESS)
    _waited(file, _QUIET, number)
    time.sleep(1.0)  # what our own writes set off is over, too
    _waited(file, _QUIET, number)
    acted = time.time()
    person.change(number, _REQUEST, stage=Stage.CLOSED)
    answered = _waited(file, _ANSWERED, number, acted)
    return answered - _waited(file, _DELIVERED, number, acted), answered - acted


def _waited(file: Path, question: str, number: int, *more: float) -> float:
    """Ask the product's database until it has an answer."""
    deadline = time.monotonic() + _PATIENCE
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        while time.monotonic() < deadline:
            row = connection.execute(question, (str(number), *more)).fetchone()
            if row and row[0]:
                return float(row[0])
            time.sleep(_LOOK)
    raise RuntimeError(f"#{number} was not answered")


def _at(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
