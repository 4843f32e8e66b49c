"""What the tests of the receiver share: an inbox in memory, senders that sign, and a site to send to."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Notice
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source

SECRET = "planted-never-to-be-logged"
UUID = "3f1c1f0e-8f0a-4a57-9a3b-0d9a3c1b2d4e"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class MemoryInbox:
    """Keeps deliveries in a list; ``trouble`` is raised instead, as a store that is down would."""

    stored: list[Notice] = field(default_factory=list)
    trouble: Exception | None = None

    def accept(self, notice: Notice) -> bool:
        if self.trouble:
            raise self.trouble
        known = {(old.ref.site, old.delivery) for old in self.stored}
        if (notice.ref.site, notice.delivery) in known:
            return False
        self.stored.append(notice)
        return True


@dataclass
class Receiver:
    """A running receiver: where deliveries end, which hints were given, and how to send."""

    inbox: MemoryInbox
    client: FlaskClient
    hints: list[IssueRef]

    def send(self, path: str, body: bytes, **options: object):
        """POST and return the answer with the log lines of that one request."""
        options.setdefault("content_type", "application/json")
        with capture_logs() as lines:
            answer = self.client.post(path, data=body, **options)
        return answer, lines


SOURCES = {
    "main": Source("main", "redmine", (SECRET, "planted-the-next-secret")),
    "old": Source("old", "redmine", (SECRET,), allow_token=True),
    "open": Source("open", "redmine", ("",), allow_token=True),
}


def a_receiver(hint: Callable[[IssueRef], None] | None = None) -> Receiver:
    inbox, hints, app = MemoryInbox(), [], Flask("test")
    app.register_blueprint(create_receiver(SOURCES, inbox, lambda: NOW, hint=hint or hints.append))
    return Receiver(inbox, app.test_client(), hints)


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def own(issue: object = 12, delivery: str = UUID, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    """A delivery of our plugin: body and headers."""
    body = json.dumps(
        {
            "event": "issue.updated",
            "delivery": delivery,
            "issue": {"id": issue},
            "project": "erp",
            "timestamp": "2026-11-22T08:00:00Z",
        }
    ).encode()
    return body, {"X-Svc-Signature-256": signature(body, secret), "X-Svc-Delivery": delivery}


def native(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers of Redmine 7 for a body."""
    return {"X-Redmine-Signature-256": signature(body, secret)}
