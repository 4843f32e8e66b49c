"""Starts workers that die at a given step: ``python -m tests.faults.launcher``, one JSON order a line.

The parent imports everything once and forks a worker for each order (``database``, ``site``: address,
``kill_at``: number of the step or null). A step is the moment before or after each HTTP request and each
database transaction; there the worker sends itself SIGKILL, as the out-of-memory killer would. The answer
is one line of JSON: how the worker ended, and the names of the steps it came past. ``alone`` false: other
workers are at work, whose claims are not given back.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any

import requests

from svc_plugin import bootstrap
from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.logs import configure_logs
from svc_plugin.settings import Settings
from svc_plugin.store.database import Database
from tests.builders import example


@dataclass
class Steps:
    """Counts steps, tells each through a pipe, and ends the process at one of them."""

    pipe: int
    kill_at: int | None
    passed: int = 0

    def step(self, name: str) -> None:
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1
        os.write(self.pipe, f"{name}\n".encode())


def main() -> None:
    """Carry out orders until the input ends."""
    configure_logs(quiet=True)
    settings = example()
    with TemporaryDirectory() as folder:  # what is imported and read once is so before the first fork
        bootstrap.build(replace(settings, database=f"sqlite:///{folder}/warm.db")).close()
    _answer("ready")
    for line in sys.stdin:
        order = json.loads(line)
        _answer(json.dumps(_run(settings, order)))


def _answer(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _run(settings: Settings, order: dict[str, Any]) -> dict[str, object]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            _work(settings, order, Steps(writing, order["kill_at"]))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as told:
        names = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    return {"ended": os.waitstatus_to_exitcode(status), "steps": names}


def _work(settings: Settings, order: dict[str, Any], steps: Steps) -> None:
    _watch(steps)
    site = replace(settings.sites["main"], url=order["site"], api_key=api_key(BOT))
    services = bootstrap.build(
        replace(
            settings,
            database=order["database"],
            sites={"main": site},
            secret_key="k" * 40,
            public_url="http://127.0.0.1:1",
        )
    )
    if order.get("alone", True):
        services.work.release_leases()
    bootstrap.tick(services)
    services.worker.drain()
    services.close()


def _watch(steps: Steps) -> None:
    send: Callable[..., requests.Response] = requests.Session.send
    begin = Database.begin

    def stepped_send(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> Any:
        what = f"{request.method} {request.path_url.partition('?')[0]}"
        steps.step(f"before {what}")
        try:
            return send(session, request, **more)
        finally:
            steps.step(f"after {what}")

    @contextmanager
    def stepped_begin(database: Database, **how: Any) -> Iterator[Any]:
        steps.step("before transaction")
        with begin(database, **how) as connection:
            yield connection
        steps.step("after transaction")

    requests.Session.send = stepped_send  # type: ignore[method-assign, assignment]
    Database.begin = stepped_begin  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    main()
