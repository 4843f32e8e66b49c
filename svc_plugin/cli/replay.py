"""``svc-plugin replay``: what another policy would decide on the issues as they stand; nothing is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from svc_plugin.bootstrap import Services, utc_now
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json, show_progress
from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.plan import Finding
from svc_plugin.domain.policy import Policy
from svc_plugin.domain.texts import Texts
from svc_plugin.engine.replay import Difference, Replay, Replayed
from svc_plugin.messages import load
from svc_plugin.settings import Settings, load_policy

_MARKS = ("blocked", "free", "breached", "kept")


@click.command()
@click.option(
    "--policy", "name", required=True, help="另一策略的名称或文件 Name of another policy, or a .yaml file."
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="起始时间 Changed since, local time."
)
@json_option
@click.pass_obj
def replay(shell: Shell, *, name: str, since: datetime | None, as_json: bool) -> None:
    """假如换一种策略，哪些单的判断会不同；不作改动。

    What if: judge every issue as it was last seen under another policy, and say what would differ from the
    policy in force. Reads only the mirror; nothing is written.

    \b
    Example: svc-plugin replay --policy light --since 2026-10-01
    """
    with shell.services() as (services, texts):
        zone = services.settings.registers.calendar.zone
        found = _replayer(services).run(
            services.settings.policies,
            _policy(shell.settings(), name),
            since=since.replace(tzinfo=zone) if since else None,
            progress=show_progress,
        )
        if as_json:
            print_json(_data(found))
        else:
            _report(found, services.settings.policy.name, name, texts)


def _replayer(services: Services) -> Replay:
    texts = {name: load(site.language) for name, site in services.sites.items()}
    return Replay(services.mirror, services.settings.registers, texts, utc_now)


def _policy(settings: Settings, name: str) -> Policy:
    try:
        return load_policy(settings.folder, name, settings.registers.people)
    except ConfigError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        raise click.exceptions.Exit(FAULTS) from error


def _count(found: Replayed, mark: str) -> int:
    return sum(bool(getattr(one, mark)) for one in found.differences)


def _report(found: Replayed, in_force: str, other: str, texts: Texts) -> None:
    counts = {mark: _count(found, mark) for mark in _MARKS}
    different = len(found.differences)
    click.echo(
        texts.say(
            "cli.replay.total", looked=found.looked_at, different=different, in_force=in_force, other=other
        )
    )
    click.echo(texts.say("cli.replay.counts", **counts))
    for one in found.differences:
        click.echo(f"{one.ref}  {one.title}  {_marked(one, texts)}".rstrip())
        for sign, findings in (("-", one.before), ("+", one.after)):
            for finding in findings:
                click.echo(f"  {sign} {finding.rule}  {finding.fact}")
    for name, reason in found.failed.items():
        click.echo(f"{name}  {reason}")


def _marked(one: Difference, texts: Texts) -> str:
    rules = {"breached": " ".join(one.breached), "kept": " ".join(one.kept)}
    marks = [mark for mark in _MARKS if getattr(one, mark)]
    return texts.listed([texts.say(f"cli.replay.{mark}", rules=rules.get(mark, "")) for mark in marks])


def _data(found: Replayed) -> dict[str, Any]:
    return {
        "looked_at": found.looked_at,
        "different": len(found.differences),
        **{mark: _count(found, mark) for mark in _MARKS},
        "failed": found.failed,
        "differences": [
            {
                "ref": str(one.ref),
                "title": one.title,
                **{mark: getattr(one, mark) for mark in _MARKS},
                "before": _findings(one.before),
                "after": _findings(one.after),
            }
            for one in found.differences
        ],
    }


def _findings(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [{"rule": finding.rule, "fact": finding.fact} for finding in findings]
