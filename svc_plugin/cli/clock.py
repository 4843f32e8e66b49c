"""``svc-plugin clock``: every clock of an issue, with the proof of what counted and what did not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

import click

from svc_plugin.cli.base import Shell, json_option, parse_ref, print_json, table_lines
from svc_plugin.domain.clocks import Clock, ClockSpec, clocks_of
from svc_plugin.domain.clocks.proof import Interval, cause_shown, length_shown, proof
from svc_plugin.domain.explain import customer_zone, moment_shown
from svc_plugin.domain.model import Snapshot
from svc_plugin.domain.policy import Policies, Policy
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.native import NativeRecord, native_record, native_told
from svc_plugin.messages import LANGUAGES, load


@click.command()
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--lang", type=click.Choice(LANGUAGES), help="语言 Language; as configured unless given.")
@json_option
@click.pass_obj
def clock(shell: Shell, *, refs: tuple[str, ...], lang: str | None, as_json: bool) -> None:
    """列出问题单的各项计时，并逐段证明。

    Print every clock of an issue: target, start, due, state, and each interval with its cause.

    \b
    Example: svc-plugin clock main/4711
    """
    with shell.services() as (services, configured):
        texts = load(lang) if lang else configured
        policies = services.reconciler.policies
        looks = [replace(services.reconciler.look(parse_ref(text)), texts=texts) for text in refs]
        if as_json:
            native = (_native_data(native_record(services.sites, seen.issue.ref)) for seen in looks)
            clocks = (_as_data(seen, policies) for seen in looks)
            print_json([{**one, "native": own} for one, own in zip(clocks, native, strict=True)])
            return
        for seen in looks:
            click.echo(f"{seen.issue.ref}")
            found = list(clocks_of(seen, policies))
            for spec, one in found:
                _print(seen, spec, one, policies)
            if not found:
                click.echo(f"  {texts.say('cli.clock.none')}")
            _print_native(seen, native_record(services.sites, seen.issue.ref))


def _print(seen: Snapshot, spec: ClockSpec, one: Clock, policies: Policies | Policy) -> None:
    texts, intervals = seen.texts, proof(one, seen.now)
    state = texts.say(f"clock.state.{one.state}")
    if one.breached(seen.now):
        state = texts.say("clock.breached", state=state)
    name, clauses = texts.say(f"clock.{spec.name}"), texts.listed(spec.clauses)
    click.echo("\n  " + texts.say("cli.clock.head", clock=name, clauses=clauses, state=state))
    facts = {
        "target": texts.duration(one.target),
        "started": moment_shown(seen, one.started_at),
        "due": moment_shown(seen, one.due_at),
        "rule": spec.rule,
        "policy": policies.at(one.started_at).name,
    }
    click.echo("  " + texts.say("cli.clock.span", **facts))
    if one.stopped_at:
        click.echo("  " + texts.say("cli.clock.stopped", stopped=moment_shown(seen, one.stopped_at)))
    for line in table_lines(list(_rows(seen, intervals))):
        click.echo(f"    {line}")


def _print_native(seen: Snapshot, record: NativeRecord | None) -> None:
    if record is None:
        return
    click.echo(f"\n  {seen.texts.say('native.head')}")
    for line in native_told(record, seen.texts, seen.registers.calendar.zone):
        click.echo(f"    {line}")
    click.echo(f"  {seen.texts.say('native.only_shown')}")


def _rows(seen: Snapshot, intervals: Sequence[Interval]) -> Iterator[tuple[str, ...]]:
    texts, own, theirs = seen.texts, seen.registers.calendar.zone, customer_zone(seen)
    heads = ("from", "to", "customer", "lasted", "used", "cause")
    titles = tuple(texts.say(f"cli.clock.{head}") for head in heads)
    rows = [titles]
    for one in intervals:
        local = _span(texts, one, theirs) if theirs else ""
        starts, ends = texts.moment(one.starts_at, own), texts.moment(one.ends_at, own)
        spans = length_shown(one.lasted), length_shown(one.used)
        rows.append((starts, ends, local, *spans, cause_shown(texts, one)))
    lasted, used = (sum(spans, timedelta()) for spans in _spans(intervals))
    rows.append((texts.say("cli.clock.total"), "", "", length_shown(lasted), length_shown(used), ""))
    for row in rows:
        yield row if theirs else (*row[:2], *row[3:])


def _spans(intervals: Sequence[Interval]) -> tuple[list[timedelta], list[timedelta]]:
    return [one.lasted for one in intervals], [one.used for one in intervals]


def _span(texts: Texts, one: Interval, zone: tzinfo) -> str:
    return f"{texts.moment(one.starts_at, zone)} – {texts.moment(one.ends_at, zone)}"


def _as_data(seen: Snapshot, policies: Policies | Policy) -> dict[str, Any]:
    clocks = [
        {
            "clock": spec.name,
            "rule": spec.rule,
            "clauses": spec.clauses,
            "policy": policies.at(one.started_at).name,
            "target_seconds": one.target.total_seconds(),
            "started": _iso(one.started_at),
            "due": _iso(one.due_at),
            "stopped": _iso(one.stopped_at) if one.stopped_at else None,
            "state": one.state,
            "breached": one.breached(seen.now),
            "used_seconds": one.used.total_seconds(),
            "intervals": [_interval_data(part, seen.texts) for part in proof(one, seen.now)],
        }
        for spec, one in clocks_of(seen, policies)
    ]
    return {"issue": str(seen.issue.ref), "at": _iso(seen.now), "clocks": clocks}


def _native_data(record: NativeRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    clocks = [
        {
            "name": one.name,
            "state": one.state,
            "breached": one.breached,
            "target_seconds": one.target.total_seconds() if one.target is not None else None,
            "used_seconds": one.used.total_seconds() if one.used is not None else None,
            "due": _iso(one.due_at) if one.due_at else None,
        }
        for one in record.clocks
    ]
    approvals = [
        {"name": one.name, "decision": one.decision, "approvers": dict(one.approvers)}
        for one in record.approvals
    ]
    return {"approvals": approvals, "clocks": clocks, "unread": record.unread}


def _interval_data(part: Interval, texts: Texts) -> dict[str, Any]:
    return {
        "from": _iso(part.starts_at),
        "to": _iso(part.ends_at),
        "cause": part.cause,
        "said": cause_shown(texts, part),
        "used_seconds": part.used.total_seconds(),
    }


def _iso(at: datetime) -> str:
    return at.isoformat()
