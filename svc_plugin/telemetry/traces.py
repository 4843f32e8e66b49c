"""Traces, when OpenTelemetry is installed and an address to send to is set; otherwise nothing is done.

A delivery's id decides its trace: receiver and worker find the same trace without telling each other.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

import structlog

try:
    from svc_plugin.telemetry import otel
except ImportError:  # the extra [otel] is not installed
    otel = None  # type: ignore[assignment]

ADDRESSES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""The library's own variables: with one of them traces are sent."""
Value: TypeAlias = str | int
Tell: TypeAlias = Callable[[str, Value], None]
_log = structlog.get_logger(__name__)


def configure_traces(environ: Mapping[str, str] = os.environ) -> None:
    """Send traces if an address is set. A missing library is told in one line and stops nothing."""
    if not any(environ.get(name) for name in ADDRESSES):
        return
    if otel is None:
        _log.warning("traces.unavailable", remedy="pip install 'svc-plugin[otel]'")
        return
    otel.send_away()


def delivery_span(site: str, delivery: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Tell]:
    """Begin the trace of a delivery; yields how to add what is learned on the way."""
    if otel is None:
        return _untraced()
    return otel.delivery_span(site, delivery, attributes)


def work_span(site: str, delivery: str) -> AbstractContextManager[Tell]:
    """Go on with the trace of a delivery, or begin one where no delivery asked ("")."""
    if otel is None:
        return _untraced()
    return otel.work_span(site, delivery, {}) if delivery else otel.span("reconcile", {})


def span(name: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Tell]:
    """Measure what happens inside, as a part of what happens around it."""
    if otel is None:
        return _untraced()
    return otel.span(name, attributes)


@contextmanager
def _untraced() -> Generator[Tell]:
    yield _untold


def _untold(_name: str, _value: Value) -> None:
    """Nobody listens."""
