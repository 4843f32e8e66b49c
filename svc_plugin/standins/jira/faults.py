"""What goes wrong on demand: switches and one-time faults that a test sets while the server runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Effect = Literal["answer", "drop_before", "drop_after", "half"]


@dataclass(slots=True)
class Fault:
    """One fault for the next ``times`` requests that fit ``method`` and ``path`` (a pattern; both optional).

    ``answer`` refuses with ``status``, ``headers`` and ``body`` before anything is done (status 0: does not
    refuse, it only takes its time). ``drop_before`` and
    ``drop_after`` close the connection without an answer, before or after applying. ``half`` applies the
    fields of a write, then fails with ``status`` before its comments and the rest. ``seconds`` is how long
    the request takes first.
    """

    effect: Effect = "answer"
    method: str = ""
    path: str = ""
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    seconds: float = 0.0
    times: int = 1

    def fits(self, method: str, path: str) -> bool:
        """Whether the fault is for this request."""
        return self.times > 0 and self.method in {"", method} and re.search(self.path, path) is not None


@dataclass(slots=True)
class Faults:
    """The switches, all off at first but the limit of writes per issue that every Cloud has.

    ``search_lag`` is how late the search index is (Cloud). ``captcha`` locks Basic authentication out (Data
    Center). ``closed`` names transitions, by target status, that are absent whoever asks.
    ``keep_resolution`` makes reopening leave the resolution set. ``upload_limit`` is in bytes.
    """

    planned: list[Fault] = field(default_factory=list[Fault])
    search_lag: timedelta = timedelta()
    captcha: bool = False
    write_limit: bool = True
    keep_resolution: bool = False
    upload_limit: int = 10_485_760
    closed: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    failed_logins: dict[str, int] = field(default_factory=dict[str, int])
    half: Fault | None = None

    def plan(self, fault: Fault) -> Fault:
        """Let something go wrong with the next requests that it fits."""
        self.planned.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this request, used up once."""
        for fault in self.planned:
            if fault.fits(method, path):
                fault.times -= 1
                return fault
        return None
