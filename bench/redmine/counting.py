"""Counts the requests that this process sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests


@dataclass(slots=True)
class Sent:
    """How many requests were sent."""

    requests: int = 0


@contextmanager
def counted() -> Iterator[Sent]:
    """Count while the block lasts: both our client and python-redmine send with ``requests``."""
    sent, send = Sent(), requests.Session.send

    def counting(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> Any:
        sent.requests += 1
        return send(session, request, **more)

    requests.Session.send = counting  # type: ignore[method-assign, assignment]
    try:
        yield sent
    finally:
        requests.Session.send = send  # type: ignore[method-assign]
