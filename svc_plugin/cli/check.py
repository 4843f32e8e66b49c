"""``svc-plugin check``: does the configuration hold together, and do the sites fit it."""

from collections.abc import Sequence
from importlib.metadata import packages_distributions

import click

from svc_plugin.bootstrap import refuse_foreign_packages, templates_of
from svc_plugin.channels import Channels
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.connecting import connect_sites
from svc_plugin.domain.errors import ConfigError, SvcPluginError
from svc_plugin.domain.rules import RULES
from svc_plugin.engine.examining import Examined, SiteCheck
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
    refuse_foreign_packages(packages_distributions())
    texts = load(settings.language)
    looked = {} if offline else _ask_sites(settings)
    faults = {name: list(one.faults) for name, one in looked.items()}
    notes = {name: list(one.notes) for name, one in looked.items() if one.notes}
    if settings.notify:
        faults |= _channels(settings)
    templates = {
        name: [fault.told(texts) for fault in found]
        for name, found in templates_of(settings).faults().items()
    }
    if as_json:
        modes = {rule.id: str(settings.policy.mode(rule.id)) for rule in RULES}
        print_json(
            {
                "policy": settings.policy.name,
                "rules": modes,
                "sites": faults,
                "notes": notes,
                "templates": templates,
            }
        )
    else:
        click.echo(texts.say("cli.check.files", folder=settings.folder, policy=settings.policy.name))
        for since, policy in settings.policies.entries[1:]:
            click.echo(texts.say("cli.check.policy", policy=policy.name, day=since.date().isoformat()))
        for rule in RULES:
            mode = texts.say(f"mode.{settings.policy.mode(rule.id)}")
            click.echo(f"  {texts.say(f'{rule.id}.clause')}: {mode}")
        for name, found in faults.items():
            for note in notes.get(name, ()):
                click.echo(f"  {note}")
            _list(texts.say("cli.check.site", site=name, count=len(found)), found)
        for name, found in templates.items():
            _list(texts.say("cli.check.template", template=name, count=len(found)), found)
    if any(faults.values()) or any(templates.values()):
        raise click.exceptions.Exit(FAULTS)


def _list(head: str, sentences: Sequence[str]) -> None:
    click.echo(head)
    for sentence in sentences:
        click.echo(f"  - {sentence}")


def _channels(settings: Settings) -> dict[str, list[str]]:
    try:
        Channels(settings.channels)
    except ConfigError as error:
        return {"notify": error.faults}
    return {}


def _ask_sites(settings: Settings) -> dict[str, SiteCheck]:
    found: dict[str, SiteCheck] = {}
    for name, site in connect_sites(settings).items():
        try:
            found[name] = site.examine() if isinstance(site, Examined) else SiteCheck(site.check())
        except SvcPluginError as error:
            found[name] = SiteCheck([str(error)])
    return found
