"""Stands around the work on an issue: its deliveries on every log line, its trace, its metrics."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

import structlog

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.worker import Result, Watch
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.telemetry.metrics import time_reconcile
from svc_plugin.telemetry.traces import work_span

_NAMED = 5  # deliveries on a log line; a storm has thousands


def watching(inbox: SqlInbox) -> Watch:
    """Return what the worker enters for each issue."""

    @contextmanager
    def watch(ref: IssueRef) -> Generator[Callable[[Result], None]]:
        named = _asking(inbox, ref)
        bound = {"delivery": ",".join(named)} if named else {}
        newest = named[0].removesuffix(f"/{ref.key}") if named else ""
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**bound), work_span(ref.site, newest) as span:

            def told(result: Result) -> None:
                span("svc.result", result.state)
                time_reconcile(result.state, time.perf_counter() - started)

            yield told

    return watch


def _asking(inbox: SqlInbox, ref: IssueRef) -> Sequence[str]:
    try:
        return inbox.open_deliveries(ref, limit=_NAMED)
    except TransientError:  # only names for the log: the work itself meets the database next
        return ()
