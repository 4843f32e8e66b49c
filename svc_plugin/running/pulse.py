"""A thread that tells the store, every few seconds, that this process works and how the sites answer it."""

import os
import socket
import threading
from datetime import datetime, timedelta

import structlog

from svc_plugin import __version__
from svc_plugin.domain.errors import TransientError
from svc_plugin.engine.ports import Clock
from svc_plugin.store.database import Database
from svc_plugin.store.heartbeats import Contact, Heartbeat, SqlContacts, SqlHeartbeats
from svc_plugin.store.moments import to_utc
from svc_plugin.telemetry.contacts import CONTACTS, Contacts, Seen

EVERY = timedelta(seconds=15)
FRESH = timedelta(seconds=90)
"""How long a process that said nothing is taken to be alive: five beats may fail."""
_FORGOTTEN = timedelta(days=1)
_log = structlog.get_logger(__name__)


class Pulse:
    """The heartbeat of one process; ``start`` beats at once, ``stop`` takes the process off the list."""

    def __init__(self, database: Database, clock: Clock, contacts: Contacts = CONTACTS) -> None:
        self._heartbeats, self._contacts = SqlHeartbeats(database), SqlContacts(database)
        self._clock = clock
        self._seen = contacts
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._started_at = clock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Beat once, then go on in a thread of its own."""
        self.beat()
        self._thread.start()

    def beat(self) -> None:
        """Tell now. A store that is down is told the next time."""
        now = self._clock()
        try:
            self._heartbeats.beat(Heartbeat(self._name, self._started_at, now, __version__))
            seen = self._seen.take()
            if seen:
                self._contacts.merge({site: _contact(one) for site, one in seen.items()})
        except TransientError as error:
            _log.warning("pulse.failed", error=str(error))

    def stop(self) -> None:
        """End the thread and leave the list; those that died long ago go with it."""
        self._stopped.set()
        self._thread.join()
        self.beat()
        try:
            self._heartbeats.leave(self._name, before=self._clock() - _FORGOTTEN)
        except TransientError as error:
            _log.warning("pulse.failed", error=str(error))

    def _run(self) -> None:
        while not self._stopped.wait(EVERY.total_seconds()):
            self.beat()


def _contact(seen: Seen) -> Contact:
    return Contact(_moment(seen.answered), _moment(seen.failed), seen.failures, seen.error)


def _moment(seconds: float) -> datetime | None:
    return to_utc(seconds) if seconds else None
