"""``svc-plugin check``: does the configuration hold together, and do the sites fit it."""

import click

from svc_plugin.bootstrap import connect_sites, templates_of
from svc_plugin.channels import Channels
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.domain.errors import ConfigError, SvcPluginError
from svc_plugin.domain.rules import RULES
from svc_plugin.messages import load
from svc_plugin.settings import Settings


@click.command()
@click.option("--offline", is_flag=True, help="只检查配置文件 Look at the files only.")
@json_option
@click.pass_obj
def check(shell: Shell, *, offline: bool, as_json: bool) -> None:
    """检查配置与公司模板，并与各站点核对。

    Check the configuration and the company's templates, and compare with every site.

    \b
    Example: svc-plugin --config my-company check
    """
    settings = shell.settings()
    texts = load(settings.language)
    faults = {} if offline else _ask_sites(settings)
    if settings.notify:
        faults |= _channels(settings)
    templates = {
        name: [fault.told(texts) for fault in found]
        for name, found in templates_of(settings).faults().items()
    }
    if as_json:
        modes = {rule.id: str(settings.policy.mode(rule.id)) for rule in RULES}
        print_json({"policy": settings.policy.name, "rules": modes, "sites": faults, "templates": templates})
    else:
        click.echo(texts.say("cli.check.files", folder=settings.folder, policy=settings.policy.name))
        for since, policy in settings.policies.entries[1:]:
            click.echo(texts.say("cli.check.policy", policy=policy.name, day=since.date().isoformat()))
        for rule in RULES:
            mode = texts.say(f"mode.{settings.policy.mode(rule.id)}")
            click.echo(f"  {texts.say(f'{rule.id}.clause')}: {mode}")
        for name, found in faults.items():
            click.echo(texts.say("cli.check.site", site=name, count=len(found)))
            for sentence in found:
                click.echo(f"  - {sentence}")
        for name, found in templates.items():
            click.echo(texts.say("cli.check.template", template=name, count=len(found)))
            for sentence in found:
                click.echo(f"  - {sentence}")
    if any(faults.values()) or any(templates.values()):
        raise click.exceptions.Exit(FAULTS)


def _channels(settings: Settings) -> dict[str, list[str]]:
    try:
        Channels(settings.channels)
    except ConfigError as error:
        return {"notify": error.faults}
    return {}


def _ask_sites(settings: Settings) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, site in connect_sites(settings).items():
        try:
            found[name] = list(site.check())
        except SvcPluginError as error:
            found[name] = [str(error)]
    return found
