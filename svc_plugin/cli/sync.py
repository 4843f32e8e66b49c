"""``svc-plugin sync``: bring every issue into agreement with the process now."""

import getpass
from datetime import datetime

import click

from svc_plugin.bootstrap import Services, build_syncer, utc_now
from svc_plugin.cli.base import BRAKED, UNFINISHED, Shell, json_option, print_json, show_progress
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.ports import Site
from svc_plugin.engine.sync import SyncOptions, SyncSummary
from svc_plugin.store.audit import AuditKind, Entry, SqlAudit
from svc_plugin.store.codec import plan_to_data

_STATES = ("changed", "unchanged", "gone", "retry", "parked")


@click.command()
@click.option("--site", "site_name", help="只处理一个站点 One site only.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="起始时间 Changed since, local time."
)
@click.option("--full", is_flag=True, help="全部问题单 Take up every issue again.")
@click.option("--dry-run", is_flag=True, help="只显示 Show what would change; write nothing.")
@click.option("--force", is_flag=True, help="允许大量改动 Change more than the brake allows.")
@json_option
@click.pass_obj
def sync(
    shell: Shell,
    *,
    site_name: str | None,
    since: datetime | None,
    full: bool,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    """与站点对账：找出变动，逐单处理。

    Find what changed on the sites and work it off. Exit codes: 0 done, 3 the brake held (more than 30 %
    and more than 10 issues would change), 4 something is left over.

    \b
    Example: svc-plugin sync --full --dry-run
    """
    with shell.services() as (services, texts):
        sites = _chosen(services, site_name)
        zone = services.settings.registers.calendar.zone
        if force:
            told = {"act": "sync", "force": True, "full": full, "dry_run": dry_run}
            log = SqlAudit(services.database)
            log.record(Entry(AuditKind.ADMIN, utc_now(), f"cli:{getpass.getuser()}", told))
        options = SyncOptions(since.replace(tzinfo=zone) if since else None, full, dry_run, force)
        syncer = build_syncer(services)
        summary = syncer.run(sites, options, show_progress)
        _report(summary, options, texts, as_json=as_json)
    if summary.braked:
        raise click.exceptions.Exit(BRAKED)
    if summary.failed or summary.count("retry") or summary.count("parked"):
        raise click.exceptions.Exit(UNFINISHED)


def _chosen(services: Services, name: str | None) -> list[Site]:
    if name is None:
        return list(services.sites.values())
    if name not in services.sites:
        raise click.BadParameter(f"'{name}' is not configured; known are {', '.join(services.sites)}")
    return [services.sites[name]]


def _report(summary: SyncSummary, options: SyncOptions, texts: Texts, *, as_json: bool) -> None:
    if as_json:
        counts = {state: summary.count(state) for state in _STATES}
        plans = [plan_to_data(found) for found in summary.plans]
        print_json(
            {
                "looked_at": summary.looked_at,
                "would_change": len(plans),
                "braked": summary.braked,
                **counts,
                "failed": summary.failed,
                "plans": plans,
            }
        )
        return
    click.echo(texts.say("cli.sync.looked", looked=summary.looked_at, wanted=len(summary.plans)))
    if summary.braked:
        click.echo(texts.say("cli.sync.braked"))
    if options.dry_run or summary.braked:
        for found in summary.plans:
            click.echo(
                f"  {found.ref}  " + "; ".join(f"{f.rule} {f.fact}" for f in found.findings if f.changes)
            )
    else:
        click.echo(texts.say("cli.sync.done", **{state: summary.count(state) for state in _STATES}))
    for result in summary.results:
        if result.error:
            click.echo(f"  {result.ref}  {result.state}: {result.error}")
    for name, reason in summary.failed.items():
        click.echo(f"  {name}: {reason}")
