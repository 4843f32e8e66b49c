"""What the check page says of an issue: what is missing to close it, its clocks, changes in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from svc_plugin.domain.clocks import Clock, ClockSpec, clocks_of
from svc_plugin.domain.clocks.proof import cause_shown, length_shown, proof
from svc_plugin.domain.decide import decide
from svc_plugin.domain.explain import moment_shown
from svc_plugin.domain.model import HistoryEntry, Snapshot
from svc_plugin.domain.plan import (
    Assign,
    Attach,
    Change,
    EnsureIssue,
    EnsureVersion,
    Finding,
    IssueDocument,
    PutComment,
    SetField,
    SetStage,
    Watch,
)
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.texts import Texts
from svc_plugin.domain.vocabulary import FINAL_STAGES, STAGES, Stage
from svc_plugin.engine.native import NativeRecord, native_told


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock in words; each row of ``proof`` is from, to, how long, how much of it counted, and why."""

    name: str
    clauses: str
    state: str
    breached: bool
    facts: Mapping[str, str]
    proof: Sequence[Sequence[str]]


def missing_to_close(seen: Snapshot, policies: Policies | Policy, account: str) -> Sequence[Finding]:
    """Return what the rules would send the issue back for if ``account`` closed it now."""
    issue = seen.issue
    if not issue.kind or Stage.CLOSED not in STAGES[issue.kind] or issue.stage in {None, *FINAL_STAGES}:
        return ()
    move = HistoryEntry(seen.now, account, moved_from=issue.stage, moved_to=Stage.CLOSED)
    closed = replace(issue, stage=Stage.CLOSED, history=(*issue.history, move))
    found = decide(replace(seen, issue=closed), policies).findings
    return [one for one in found if any(isinstance(change, SetStage) for change in one.changes)]


def clocks_shown(seen: Snapshot, policies: Policies | Policy) -> Iterator[ClockShown]:
    """Put every clock of the issue, with its proof, into words."""
    for spec, clock in clocks_of(seen, policies):
        yield _clock(seen, spec, clock, policies)


def _clock(seen: Snapshot, spec: ClockSpec, clock: Clock, policies: Policies | Policy) -> ClockShown:
    texts, intervals = seen.texts, proof(clock, seen.now)
    zone = seen.registers.calendar.zone
    rows = [
        (
            texts.moment(one.starts_at, zone),
            texts.moment(one.ends_at, zone),
            length_shown(one.lasted),
            length_shown(one.used),
            cause_shown(texts, one),
        )
        for one in intervals
    ]
    used = sum((one.used for one in intervals), timedelta())
    state, breached = texts.say(f"clock.state.{clock.state}"), clock.breached(seen.now)
    return ClockShown(
        name=texts.say(f"clock.{spec.name}"),
        clauses=texts.listed(spec.clauses),
        state=texts.say("clock.breached", state=state) if breached else state,
        breached=breached,
        facts={
            "target": texts.duration(clock.target),
            "used": texts.duration(used),
            "started": moment_shown(seen, clock.started_at),
            "due": moment_shown(seen, clock.due_at),
            "policy": policies.at(clock.started_at).name,
        },
        proof=rows,
    )


def native_shown(seen: Snapshot, record: NativeRecord | None) -> Sequence[str] | None:
    """Put what the site keeps itself into words, None where it keeps nothing of the kind."""
    return list(native_told(record, seen.texts, seen.registers.calendar.zone)) if record else None


def change_shown(texts: Texts, registers: Registers, change: Change) -> str:  # noqa: PLR0911 - one return a kind of change
    """Say what a change does to the issue."""
    match change:
        case SetStage(stage):
            return texts.say("pages.change.stage", stage=texts.stage(stage))
        case SetField(name, value):
            said = texts.choice(name, value)
            return texts.say("pages.change.field", field=texts.field(name), value=said)
        case Assign(account):
            return texts.say("pages.change.assign", account=registers.name_of(account))
        case Watch(account):
            return texts.say("pages.change.watch", account=registers.name_of(account))
        case PutComment(marker):
            return texts.say("pages.change.comment", marker=marker)
        case EnsureIssue(kind=kind, title=title):
            return texts.say("pages.change.issue", kind=texts.say(f"kind.{kind}"), title=title)
        case EnsureVersion(name=name):
            return texts.say("pages.change.version", version=name)
        case IssueDocument(document_id=document_id):
            return texts.say("pages.change.document", document=document_id)
        case Attach(name=name):
            return texts.say("pages.change.attach", name=name)
        case _:
            assert_never(change)
