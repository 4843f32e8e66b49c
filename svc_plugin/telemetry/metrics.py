"""Counters and durations of this process, in Prometheus's own library; figures of the store are read anew.

With ``PROMETHEUS_MULTIPROC_DIR`` set the library shares them between the processes of one machine.
"""

import os
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

_SPANS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_DELIVERIES = Counter("svc_deliveries", "Deliveries of webhooks by what became of them.", ["site", "result"])
_RECONCILE = Histogram("svc_reconcile_seconds", "How long looks at issues took.", ["state"], buckets=_SPANS)
_REQUESTS = Counter("svc_site_requests", "Requests to sites by answer.", ["site", "method", "status"])
_ANSWERS = Histogram("svc_site_request_seconds", "How long sites took.", ["site"], buckets=_SPANS)


def count_delivery(site: str, result: str) -> None:
    """Count a delivery; ``site`` is "" for one to an address that is none of ours."""
    _DELIVERIES.labels(site, result).inc()


def time_reconcile(state: str, seconds: float) -> None:
    """Count a look at an issue by what came of it."""
    _RECONCILE.labels(state).observe(seconds)


def time_request(site: str, method: str, status: str, seconds: float) -> None:
    """Count a request to a site; ``status`` is that of HTTP, or ``none`` without an answer."""
    _REQUESTS.labels(site, method, status).inc()
    _ANSWERS.labels(site).observe(seconds)


def process_registry() -> CollectorRegistry:
    """Return what to read: this process's own figures, or those of all processes that share them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
