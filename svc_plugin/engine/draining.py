"""Stopping without loss: what is in hand is finished, or given back to the others."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Clock

GRACE = 30.0
"""Seconds that an issue in hand may take at the stop; most take one or two."""
_END = timedelta(seconds=10)  # by then a process that was told to stop has ended, with its last request
_JOIN = 0.1  # seconds; zero would mean for ever

log = structlog.get_logger(__name__)


class Workers(Protocol):
    """Worker threads, as Huey's consumer runs them."""

    shutdown_timeout: float | None

    def stop(self, graceful: bool = False) -> None: ...


class Claims(Protocol):
    """The part of the work table that knows what this process holds."""

    def let_go(self, *, until: datetime) -> Sequence[IssueRef]: ...


def drain(workers: Workers, claims: Claims, clock: Clock, grace: float) -> bool:
    """Take no more work, wait up to ``grace`` seconds for what is in hand, give the rest back.

    Return whether there was a rest: threads are still at work on it, so the process must ``leave``.
    """
    workers.shutdown_timeout = max(grace, _JOIN)
    workers.stop(graceful=True)
    rest = claims.let_go(until=clock() + _END)
    for ref in rest:
        log.warning("reconcile.given_back", issue=str(ref))
    return bool(rest)


def leave() -> None:
    """End the process now: an orderly end takes seconds on a busy machine, with threads still writing."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
