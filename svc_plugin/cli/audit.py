"""``svc-plugin audit``: is the log whole, give it to others, pack it with the documents."""

from datetime import datetime
from pathlib import Path

import click

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json, show_progress
from svc_plugin.documents.audit_pack import jsonl, pack, told_csv
from svc_plugin.domain.texts import Texts
from svc_plugin.store.audit import AuditKind, SqlAudit, Verdict, Wanted


@click.group()
def audit() -> None:
    """审计日志：校验、导出、打包。

    The audit log: verify, export, pack.
    """


@audit.command()
@click.option("--expect", metavar="SEQ:HASH", help="另处记下的链尾 The end of the chain as noted elsewhere.")
@json_option
@click.pass_obj
def verify(shell: Shell, *, expect: str | None, as_json: bool) -> None:
    """走完整条链，指出第一处断裂；断裂时退出码为 1。

    Walk the whole chain and name the first link that does not hold; exit code 1 then. What it prints can
    be noted elsewhere and given to --expect later: that finds even a log that was forged as a whole.

    \b
    Example: svc-plugin audit verify --expect 4711:9f86d081…
    """
    seq, mark = _noted(expect)
    with shell.services() as (services, texts):
        log = SqlAudit(services.database)
        found = log.verify(lambda done, of: show_progress("verify", done, of))
        if not found.fault and seq:
            found = _held_against(log, found, seq, mark)
        if as_json:
            head = {"seq": found.head.seq, "hash": found.head.hash}
            print_json({"head": head, "broken": found.broken or None, "fault": found.fault})
        else:
            click.echo(_sentence(texts, found))
    if found.fault:
        raise click.exceptions.Exit(FAULTS)


@audit.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--kind", type=click.Choice([str(kind) for kind in AuditKind]))
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="起始时间 Local time.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="结束时间 Local time.")
@click.pass_obj
def export(
    shell: Shell, *, output: Path, form: str, kind: str | None, since: datetime | None, until: datetime | None
) -> None:
    """导出审计日志：CSV（供表格软件）或 JSON 行（供再次校验）。

    Write the log as CSV for spreadsheets, or as lines of JSON with which the chain can be checked again.

    \b
    Example: svc-plugin audit export -o audit.csv --since 2026-10-01
    """
    with shell.services() as (services, texts):
        zone = services.settings.registers.calendar.zone
        begin, end = (one.replace(tzinfo=zone) if one else None for one in (since, until))
        entries = SqlAudit(services.database).walk(Wanted(kind=kind or "", since=begin, until=end))
        lines = told_csv(entries) if form == "csv" else map(jsonl, entries)
        count = -1 if form == "csv" else 0  # the header is no entry
        with output.open("xb") as file:
            for line in lines:
                file.write(line)
                count += 1
        click.echo(texts.say("cli.audit.exported", count=count, path=output))


@audit.command(name="pack")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.pass_obj
def pack_(shell: Shell, *, output: Path) -> None:
    """打包：文档、校验和、审批、决定、豁免、投递记录。

    Pack documents, checksums, approvals, decisions, waivers and deliveries into one zip with a manifest.
    Neither private notes nor secrets are in it. Exit code 1 when the chain does not hold.

    \b
    Example: svc-plugin audit pack -o audit-2026.zip
    """
    with shell.services() as (services, texts):
        try:
            done = pack(services.database, output, now=utc_now(), progress=show_progress)
        except FileExistsError as error:
            raise click.ClickException(str(error)) from error
        click.echo(texts.say("cli.audit.packed", count=done.files, path=output))
        click.echo(_sentence(texts, done.verdict))
    if done.verdict.fault:
        raise click.exceptions.Exit(FAULTS)


def _noted(expect: str | None) -> tuple[int, str]:
    seq, colon, mark = (expect or "").partition(":")
    if expect and not (colon and seq.isdecimal() and int(seq)):
        raise click.BadParameter(f"'{expect}': write SEQ:HASH as `audit verify` prints it")
    return int(seq or 0), mark


def _held_against(log: SqlAudit, found: Verdict, seq: int, mark: str) -> Verdict:
    there = list(log.entries(Wanted(), before=seq + 1, limit=1))
    same = bool(there) and there[0].seq == seq and there[0].hash == mark
    return found if same else Verdict(found.head, seq, "expected")


def _sentence(texts: Texts, found: Verdict) -> str:
    if found.fault:
        return texts.say(f"audit.fault.{found.fault}", seq=found.broken)
    return texts.say("cli.audit.whole", seq=found.head.seq, head=f"{found.head.seq}:{found.head.hash}")
