"""A worker of the product against a tracker of this process, through a fault and to the end of its queue."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from svc_plugin import bootstrap
from svc_plugin.bootstrap import Services, utc_now
from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.domain.errors import TransientError
from svc_plugin.store.database import Database
from svc_plugin.store.tables import site_states, work
from tests.builders import example
from tests.faults.test_killed_worker import (
    Facts,
    Tracker,
    closing,
    conversion,
    hand_over,
    own_facts,
    report,
    survey,
    visit,
)
from tests.faults.unruly import App

_ROUNDS = 60
_REFUSAL = re.compile("svc:refused")


class Stage:
    """Trackers on which people acted; ``expected`` is what comes of it undisturbed.

    One for each scenario: what is made then has the same number in every run.
    """

    def __init__(self, migrated: Path, folder: Path) -> None:
        self._migrated, self._folder, self._runs = migrated, folder, 0
        self.trackers: dict[str, Tracker] = {}
        for acts in (hand_over, closing, report, visit, survey, conversion):
            tracker = self.trackers[acts.__name__] = Tracker(without_moves=False)
            acts(tracker.people)
            tracker.remember()
        self.expected = self.facts()

    def close(self) -> None:
        """Stop the trackers."""
        for tracker in self.trackers.values():
            tracker.served.close()

    def facts(
        self,
        disturb: Callable[[Services], object] = lambda _: None,
        around: Callable[[App], App] = lambda app: app,
    ) -> Facts:
        """Run each scenario; return every fact there is then.

        ``disturb`` is called before each round of work, ``around`` stands between us and the tracker.
        """
        found: Facts = Facts()
        for name, tracker in self.trackers.items():
            tracker.put_back()
            self._runs += 1
            file = self._folder / f"{self._runs}.db"
            shutil.copy(self._migrated, file)
            server = tracker.served.server
            app, server.app = server.app, around(server.app)
            with running(f"sqlite:///{file}", tracker.served.url) as services:
                worked_off(services, disturb)
            server.app = app
            facts = tracker.facts() + own_facts(file)
            found.update({(name, *fact): count for fact, count in facts.items() if not _refusal(fact)})
        return found


def _refusal(fact: tuple[object, ...]) -> bool:
    """Tell of what was said of a refusal: a site that lies for a while is found out, and that stays said."""
    return any(_REFUSAL.search(str(part)) for part in fact)


@contextmanager
def running(database: str, tracker: str) -> Iterator[Services]:
    """The product's services on a database, for the tracker at an address."""
    settings = example()
    site = replace(settings.sites["main"], url=tracker, api_key=api_key(BOT))
    own = {"database": database, "secret_key": "k" * 40, "public_url": "http://127.0.0.1:1"}
    services = bootstrap.build(replace(settings, sites={"main": site}, **own))  # type: ignore[arg-type]
    yield services
    services.close()


def worked_off(services: Services, disturb: Callable[[Services], object] = lambda _: None) -> None:
    """Work until the queue is empty; what waits for a later try is due at once, as if time had passed."""
    swept = False
    for _ in range(_ROUNDS):
        try:
            disturb(services)
            if not swept:
                services.sweeper.sweep(services.sites["main"])
                swept = True
            services.worker.drain()
            for parked in services.work.parked(limit=99):  # a person reads the queue
                services.refusals.release(parked.ref, at=utc_now())
                services.work.add([parked.ref], due=utc_now())
            if swept and not _hastened(services.database):
                return
        except TransientError:
            continue
    raise AssertionError("the queue does not run dry")


def _hastened(database: Database) -> bool:
    """Let pauses, leases and waits for another try be over; tell whether anything waits."""
    late = sa.or_(work.c.tries > 0, work.c.busy > 0)
    now = utc_now().timestamp()
    with database.begin() as connection:
        connection.execute(sa.update(site_states).values(paused_until=0, next_at=0))
        hastened = connection.execute(sa.update(work).where(late).values(due=now, busy=0)).rowcount
        due = sa.select(sa.func.count()).where(work.c.due <= now)
        return bool(hastened or connection.execute(due).scalar_one())


def compared(fault: str, struck: int, expected: Facts, found: Facts) -> tuple[Facts, Facts]:
    """Print a line of the table of faults; return what is lost and what is doubled."""
    lost, doubled = expected - found, found - expected
    line = f"{fault:>24}: {struck:5} times, {lost.total()} lost, {doubled.total()} doubled\n"
    sys.__stdout__.write(line)  # type: ignore[union-attr]
    return lost, doubled
