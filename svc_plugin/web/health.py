"""For machines that watch over this one: ``/live``, ``/ready``, and ``/metrics`` for whom it is meant."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from svc_plugin.domain.errors import TransientError
from svc_plugin.running.readiness import Readiness
from svc_plugin.telemetry.metrics import process_registry
from svc_plugin.web.gauges import Gauges

_TOLD_BY_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


@dataclass(frozen=True, slots=True)
class HealthParts:
    """What is looked at, and who may read metrics: some addresses, and whoever knows the token."""

    readiness: Readiness
    gauges: Gauges
    metrics_from: frozenset[str] = frozenset()
    trusted_proxies: frozenset[str] = frozenset()
    metrics_token: str = field(default="", repr=False)


def create_health(parts: HealthParts) -> Blueprint:
    """Build the three addresses; for whom metrics are not meant there are none."""
    health = Blueprint("health", __name__)
    stored = CollectorRegistry(auto_describe=False)
    stored.register(parts.gauges)

    @health.get("/live")
    def live() -> Response:
        """The process answers."""
        return jsonify(live=True)

    @health.get("/ready")
    def ready() -> tuple[Response, int]:
        """Database, schema, workers, queue and disk are as work needs them; else each reason by name."""
        state = parts.readiness.state()
        facts: dict[str, object] = {"ready": not state.reasons, "reasons": _named(state.reasons)}
        if state.backlog:
            backlog = state.backlog
            oldest = backlog.oldest_due.isoformat() if backlog.oldest_due else None
            counts = {"waiting": backlog.waiting, "retrying": backlog.retrying, "parked": backlog.parked}
            facts |= {**counts, "oldest_due": oldest}
        return jsonify(facts), 503 if state.reasons else 200

    @health.get("/metrics")
    def metrics() -> Response:
        """Tell this process's counters and the store's figures; these are missing while it is down."""
        if not _may_read(parts):
            abort(404)
        text = generate_latest(process_registry())
        try:
            text += generate_latest(stored)
        except TransientError:
            text += b"# the database did not answer: the figures it knows are missing\n"
        return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return health


def _named(reasons: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"check": check, "reason": reason} for check, reason in reasons]


def _may_read(parts: HealthParts) -> bool:
    given = request.headers.get("Authorization", "").encode("latin-1", "replace")
    wanted = f"Bearer {parts.metrics_token}".encode()
    if parts.metrics_token and hmac.compare_digest(given, wanted):
        return True
    # a proxy's address is that of everybody behind it
    direct = request.remote_addr or ""
    forwarded = direct in parts.trusted_proxies or any(name in request.headers for name in _TOLD_BY_PROXIES)
    return direct in parts.metrics_from and not forwarded
