"""Approvals and clocks that a site keeps itself, as a service desk does: shown beside ours, never touched.

They decide nothing here, and no reconcile asks for them. Only whoever is named may answer an approval, on the
site; that is why there is nothing to write.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol, runtime_checkable

from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.ports import Site


class Decision(StrEnum):
    """How an approval stands."""

    APPROVED = "approved"
    DECLINED = "declined"
    PENDING = "pending"


class NativeState(StrEnum):
    """Whether a site's clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NativeApproval:
    """An approval that the site asks for; ``approvers`` are names and what each of them decided."""

    name: str
    decision: Decision
    approvers: Sequence[tuple[str, Decision]] = ()


@dataclass(frozen=True, slots=True)
class NativeClock:
    """A cycle of a clock of the site; times are those that the site counts, in its own calendar."""

    name: str
    state: NativeState
    breached: bool
    target: timedelta | None = None
    used: timedelta | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NativeRecord:
    """What a site keeps itself about an issue; ``unread`` says why something of it could not be read."""

    approvals: Sequence[NativeApproval] = ()
    clocks: Sequence[NativeClock] = ()
    unread: str = ""


@runtime_checkable
class KeepsOwn(Protocol):
    """A site with approvals and clocks of its own."""

    def native(self, ref: IssueRef) -> NativeRecord | None:
        """Read them; None for an issue that has none, as it is no request of a service desk."""
        ...


def native_record(sites: Mapping[str, Site], ref: IssueRef) -> NativeRecord | None:
    """Read what the issue's site keeps itself; trouble with it is told, because it stops nothing of ours."""
    site = sites.get(ref.site)
    if not isinstance(site, KeepsOwn):
        return None
    try:
        return site.native(ref)
    except SvcPluginError as error:
        return NativeRecord(unread=str(error))


def native_told(record: NativeRecord, texts: Texts, zone: tzinfo) -> Iterator[str]:
    """Put a record into words, a line each; moments are shown in ``zone``."""
    for approval in record.approvals:
        decision = texts.say(f"native.decision.{approval.decision}")
        people = [
            texts.say("native.approver", name=name, decision=texts.say(f"native.decision.{one}"))
            for name, one in approval.approvers
        ]
        yield texts.say("native.approval", name=approval.name, decision=decision, people=texts.listed(people))
    for clock in record.clocks:
        yield _clock_told(clock, texts, zone)
    if record.unread:
        yield texts.say("native.unread", cause=record.unread)
    elif not (record.approvals or record.clocks):
        yield texts.say("native.none")


def _clock_told(clock: NativeClock, texts: Texts, zone: tzinfo) -> str:
    state = texts.say(f"native.state.{clock.state}")
    return texts.say(
        "native.clock",
        name=clock.name,
        state=texts.say("clock.breached", state=state) if clock.breached else state,
        target=texts.duration(clock.target) if clock.target is not None else "-",
        used=texts.duration(clock.used) if clock.used is not None else "-",
        due=texts.moment(clock.due_at, zone) if clock.due_at else "-",
    )
