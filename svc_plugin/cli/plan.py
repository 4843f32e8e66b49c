"""``svc-plugin plan``: what would be done to an issue and why; nothing is written."""

import click

from svc_plugin.cli.base import Shell, json_option, parse_ref, print_json
from svc_plugin.store.codec import change_to_data, plan_to_data


@click.command()
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@json_option
@click.pass_obj
def plan(shell: Shell, *, refs: tuple[str, ...], as_json: bool) -> None:
    """说明将对问题单做什么、为什么；不作改动。

    Say what would be done to issues, and why; nothing is written.

    \b
    Example: svc-plugin plan main/4711
    """
    with shell.services() as (services, texts):
        plans = [services.reconciler.plan(parse_ref(text)) for text in refs]
        if as_json:
            print_json([plan_to_data(found) for found in plans])
            return
        for found in plans:
            click.echo(f"{found.ref}")
            for finding in found.findings:
                click.echo(f"  {finding.rule}  {finding.fact}")
            for change in found.changes:
                facts = {name: value for name, value in change_to_data(change).items() if name != "change"}
                shown = ", ".join(f"{name}={value!r}" for name, value in facts.items())
                click.echo(f"  -> {type(change).__name__}({shown})")
            if not found:
                click.echo(f"  {texts.say('cli.plan.nothing')}")
            if found.recheck_at:
                click.echo(f"  {texts.say('cli.plan.again', at=found.recheck_at.isoformat())}")
