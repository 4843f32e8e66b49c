"""Sending webhooks as Redmine 7.0 does: signed, once, from a thread of their own."""

from __future__ import annotations

import hashlib
import hmac
import logging
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from queue import SimpleQueue
from threading import Thread
from typing import IO

LOG = logging.getLogger(__name__)
TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST to make: the exact bytes of the body, and the secret that signs them ("" = unsigned)."""

    url: str
    secret: str
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is a failed delivery, as in Redmine."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Never follow."""


@dataclass(slots=True)
class HookSender:
    """Delivers in order, each once with a timeout of 5 s; a failure is one log line and nothing more.

    Unlike the real Redmine it may post to loopback addresses: the stand-in runs beside its receiver.
    """

    queue: SimpleQueue[Delivery | None] = field(default_factory=SimpleQueue["Delivery | None"])
    thread: Thread | None = None

    def send(self, delivery: Delivery) -> None:
        """Hand the delivery to the thread and return at once."""
        if self.thread is None:
            self.thread = Thread(target=self._run, name="standin-webhooks", daemon=True)
            self.thread.start()
        self.queue.put(delivery)

    def close(self) -> None:
        """Deliver what waits, then end the thread."""
        if self.thread is not None:
            self.queue.put(None)
            self.thread.join()
            self.thread = None

    def _run(self) -> None:
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
        while (delivery := self.queue.get()) is not None:
            try:
                opener.open(_request(delivery), timeout=TIMEOUT_SECONDS).close()
            except (OSError, ValueError) as error:
                LOG.warning("webhook to %s failed, not tried again: %s", delivery.url, error)


def signature(secret: str, body: bytes) -> str:
    """The value of X-Redmine-Signature-256 for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _request(delivery: Delivery) -> urllib.request.Request:
    headers = {"Content-Type": "application/json", "User-Agent": "Redmine", "Accept": "*/*"}
    if delivery.secret:
        headers["X-Redmine-Signature-256"] = signature(delivery.secret, delivery.body)
    if not delivery.url.startswith(("http://", "https://")):
        raise ValueError("the URL of a webhook starts with http:// or https://")
    return urllib.request.Request(delivery.url, data=delivery.body, headers=headers, method="POST")  # noqa: S310
