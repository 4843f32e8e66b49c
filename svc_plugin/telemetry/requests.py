"""One request to a site, told to metrics, contacts and traces alike; never with what was sent."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from svc_plugin.telemetry.contacts import CONTACTS
from svc_plugin.telemetry.metrics import time_request
from svc_plugin.telemetry.traces import span

PEOPLE = "people"
"""The label of requests in the name of people."""
_REFUSING = frozenset({401, 429})  # answers, but of no use to anybody


@dataclass(slots=True)
class Answer:
    """What the caller learns while the request runs; None while there is no answer."""

    status: int | None = None


@contextmanager
def watched_request(site: str, method: str, url: str) -> Generator[Answer]:
    """Measure the request inside; ``url`` counts by its path only: what stands behind it may be private.

    ``site`` is "" for what is asked in the name of a person: that a site refuses them is no fault of it.
    """
    parts, answer, started = urlsplit(url), Answer(), time.perf_counter()
    named = {"http.request.method": method, "url.path": parts.path, "server.address": parts.hostname or ""}
    failure = "no answer"
    with span(f"{method} {site or PEOPLE}", {**named, "svc.site": site}) as told:
        try:
            yield answer
        except Exception as error:
            failure = type(error).__name__
            raise
        finally:
            if answer.status is not None:
                told("http.response.status_code", answer.status)
                bad = answer.status >= 500 or answer.status in _REFUSING
                failure = str(answer.status) if bad else ""
            time_request(site or PEOPLE, method, str(answer.status or "none"), time.perf_counter() - started)
            if site:
                CONTACTS.note(site, failure and f"{method} {parts.path}: {failure}", time.time())
