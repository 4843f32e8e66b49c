"""Traces by OpenTelemetry: importable only where the extra ``otel`` is installed (see ``traces``)."""

import hashlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

Value: TypeAlias = str | int
Tell: TypeAlias = Callable[[str, Value], None]
_CARRIED = ("issue", "delivery", "plan")
_root: ContextVar[tuple[int, int] | None] = ContextVar("root", default=None)


def trace_of(site: str, delivery: str) -> tuple[int, int]:
    """Return the ids of a delivery's trace and of its first span."""
    digest = hashlib.sha256(f"{site}/{delivery}".encode()).digest()
    return int.from_bytes(digest[:16], "big") or 1, int.from_bytes(digest[16:24], "big") or 1


class _Ids(RandomIdGenerator):
    """Gives the first span of a delivery the ids that the delivery decides."""

    def generate_trace_id(self) -> int:
        wanted = _root.get()
        return wanted[0] if wanted else super().generate_trace_id()

    def generate_span_id(self) -> int:
        wanted = _root.get()
        _root.set(None)
        return wanted[1] if wanted else super().generate_span_id()


def send_away() -> None:
    """Send every span to where the library's own variables say."""
    send_to(BatchSpanProcessor(OTLPSpanExporter()))


def send_to(processor: SpanProcessor) -> None:
    """Hand every span of this process to a processor."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        named = Resource.create({"service.name": "svc-plugin"})
        provider = TracerProvider(id_generator=_Ids(), resource=named)
        trace.set_tracer_provider(provider)
    provider.add_span_processor(processor)


@contextmanager
def delivery_span(site: str, delivery: str, attributes: Mapping[str, Value]) -> Generator[Tell]:
    """Begin the trace of a delivery."""
    if not _is_heard():
        yield _unheard
        return
    token = _root.set(trace_of(site, delivery))
    try:
        with span("delivery", {"svc.site": site, "svc.delivery": delivery, **attributes}) as told:
            yield told
    finally:
        _root.reset(token)


@contextmanager
def work_span(site: str, delivery: str, attributes: Mapping[str, Value]) -> Generator[Tell]:
    """Go on with the trace of a delivery."""
    trace_id, span_id = trace_of(site, delivery)
    came = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    with trace.use_span(NonRecordingSpan(came)), span("reconcile", attributes) as told:
        yield told


@contextmanager
def span(name: str, attributes: Mapping[str, Value]) -> Generator[Tell]:
    """Measure what happens inside; yields how to add what is learned on the way."""
    if not _is_heard():
        yield _unheard
        return
    bound = structlog.contextvars.get_contextvars()
    known = {f"svc.{key}": str(bound[key]) for key in _CARRIED if key in bound}
    tracer = trace.get_tracer("svc_plugin")
    # what an error says may quote what people wrote: its kind is enough
    with tracer.start_as_current_span(
        name, attributes={**known, **attributes}, record_exception=False, set_status_on_exception=False
    ) as running:
        try:
            yield running.set_attribute
        except Exception as error:
            running.set_attribute("error.type", type(error).__name__)
            raise


def _is_heard() -> bool:
    """Tell whether anybody receives spans: to make them takes time."""
    return isinstance(trace.get_tracer_provider(), TracerProvider)


def _unheard(_name: str, _value: Value) -> None:
    """Nobody listens."""
