"""Approvals and SLAs of Jira Service Management: read, never answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.native import Decision, NativeApproval, NativeClock, NativeRecord, NativeState
from svc_plugin.sites.errors import ForbiddenError, NotThereError
from svc_plugin.sites.jira.client import Json
from svc_plugin.sites.jira.directory import Directory
from svc_plugin.sites.jira.reader import Reader

_PAGE: Final = 50


def native_of(reader: Reader, ref: IssueRef) -> NativeRecord | None:
    """Read what a service desk says of one of its requests, None for another issue; two requests as a rule.

    Raises what ``svc_plugin.sites.errors`` lists, but for "not yours to see", which the record tells.
    """
    path = f"/rest/servicedeskapi/request/{ref.key}"
    try:
        approvals = [_approval(row, reader.directory) for row in _rows(reader, f"{path}/approval")]
        clocks = [clock for row in _rows(reader, f"{path}/sla") for clock in _clocks(row)]
    except NotThereError:
        return None
    except ForbiddenError:
        return NativeRecord(unread=reader.values.texts.say("no_agent"))
    return NativeRecord(approvals, clocks)


def _rows(reader: Reader, path: str) -> Iterator[Json]:
    start = 0
    while True:
        page: Json = reader.client.get(path, start=start, limit=_PAGE)
        yield from page["values"]
        start += len(page["values"])
        if page.get("isLastPage", True) or not page["values"]:
            return


def _approval(row: Json, directory: Directory) -> NativeApproval:
    people = [
        (_name(one.get("approver") or {}, directory), Decision(one.get("approverDecision", "pending")))
        for one in row.get("approvers", ())
    ]
    return NativeApproval(str(row.get("name", "-")), Decision(row.get("finalDecision", "pending")), people)


def _name(user: Json, directory: Directory) -> str:
    """Return our name for a person, else what the site shows of him."""
    known = directory.account(user)
    return known if known != user.get("accountId") else str(user.get("displayName") or known)


def _clocks(row: Json) -> Iterator[NativeClock]:
    """Return the cycle that runs and, before it, the last one that ended."""
    name = str(row.get("name", "-"))
    for ended in (row.get("completedCycles") or ())[-1:]:
        yield _cycle(name, NativeState.STOPPED, ended)
    if ongoing := row.get("ongoingCycle"):
        state = NativeState.PAUSED if ongoing.get("paused") else NativeState.RUNNING
        yield _cycle(name, state, ongoing)


def _cycle(name: str, state: NativeState, cycle: Json) -> NativeClock:
    breach: Json = cycle.get("breachTime") or {}
    due = breach.get("epochMillis")
    return NativeClock(
        name,
        state,
        bool(cycle.get("breached")),
        target=_length(cycle.get("goalDuration")),
        used=_length(cycle.get("elapsedTime")),
        due_at=datetime.fromtimestamp(due / 1000, UTC) if due is not None else None,
    )


def _length(duration: Json | None) -> timedelta | None:
    return timedelta(milliseconds=duration["millis"]) if duration and "millis" in duration else None
