"""Sending webhooks: signed over their bytes, repeated by Cloud, never by Data Center."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Condition, Thread
from typing import Final

LOG = logging.getLogger(__name__)
REPEATED: Final = frozenset({408, 409, 425, 429})
RETRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook: the exact bytes, the secret that signs them and the headers beside."""

    url: str
    secret: str
    body: bytes
    identifier: str = ""
    flow: str = "Primary"


@dataclass(slots=True)
class HookFaults:
    """What happens to deliveries: ``drop`` the next ones, send each ``copies`` times, hold them for
    ``delay`` seconds, and ``hold`` them all back until so many wait, then send the last first.
    """

    drop: int = 0
    copies: int = 1
    delay: float = 0.0
    hold: int = 0


@dataclass(slots=True)
class HookSender:
    """Delivers from a thread of its own.

    With ``repeats`` (Cloud) a delivery that failed in a way that may pass is sent again after ``pause``
    seconds, up to five times: minutes on the real server.
    """

    repeats: bool
    pause: float = 0.05
    timeout: float = 5.0
    faults: HookFaults = field(default_factory=HookFaults)
    queue: SimpleQueue[Delivery | None] = field(default_factory=SimpleQueue["Delivery | None"])
    thread: Thread | None = None
    held: list[Delivery] = field(default_factory=list[Delivery])
    waiting: int = 0
    quiet: Condition = field(default_factory=Condition)

    def send(self, delivery: Delivery) -> None:
        """Hand the delivery to the thread and return at once."""
        if self.faults.drop > 0:
            self.faults.drop -= 1
            return
        self.held += [delivery] * self.faults.copies
        if len(self.held) <= self.faults.hold:
            return
        ready, self.held = self.held, []
        if self.faults.hold:
            ready.reverse()
        for one in ready:
            self._put(one)

    def release(self) -> None:
        """Send what is held back, the last first."""
        ready, self.held = self.held[::-1], []
        for one in ready:
            self._put(one)

    def settle(self, seconds: float = 10.0) -> None:
        """Wait until everything handed over was delivered or given up; raises TimeoutError."""
        with self.quiet:
            if not self.quiet.wait_for(lambda: self.waiting == 0, seconds):
                raise TimeoutError(f"{self.waiting} deliveries are still on their way")

    def close(self) -> None:
        """Deliver what waits, then end the thread."""
        if self.thread is not None:
            self.queue.put(None)
            self.thread.join()
            self.thread = None

    def _put(self, delivery: Delivery) -> None:
        if self.thread is None:
            self.thread = Thread(target=self._run, name="jira-webhooks", daemon=True)
            self.thread.start()
        with self.quiet:
            self.waiting += 1
        self.queue.put(delivery)

    def _run(self) -> None:
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
        while (delivery := self.queue.get()) is not None:
            time.sleep(self.faults.delay)
            self._deliver(opener, delivery)
            with self.quiet:
                self.waiting -= 1
                self.quiet.notify_all()

    def _deliver(self, opener: urllib.request.OpenerDirector, delivery: Delivery) -> None:
        for retry in range(RETRIES + 1 if self.repeats else 1):
            if retry:
                time.sleep(self.pause)
            try:
                opener.open(_request(delivery, retry), timeout=self.timeout).close()
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in REPEATED and error.code < 500:
                    LOG.warning("webhook to %s refused for good: %s", delivery.url, error.code)
                    return
            except (OSError, ValueError) as error:
                LOG.warning("webhook to %s failed: %s", delivery.url, error)
            else:
                return


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is a failed delivery."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Never follow."""


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _request(delivery: Delivery, retry: int) -> urllib.request.Request:
    if not delivery.url.startswith(("http://", "https://")):
        raise ValueError("the URL of a webhook starts with http:// or https://")
    headers = {"Content-Type": "application/json; charset=UTF-8", "User-Agent": "Atlassian HttpClient"}
    if delivery.secret:
        headers["X-Hub-Signature"] = signature(delivery.secret, delivery.body)
    if delivery.identifier:
        headers["User-Agent"] = "Atlassian Webhook HTTP Client"
        headers["X-Atlassian-Webhook-Identifier"] = delivery.identifier
        headers["X-Atlassian-Webhook-Flow"] = delivery.flow
        if retry:
            headers["X-Atlassian-Webhook-Retry"] = str(retry)
    return urllib.request.Request(delivery.url, data=delivery.body, headers=headers, method="POST")  # noqa: S310
