"""``svc-plugin setup jira``: make on a Jira what its REST interface allows, and say what is left to click."""

import os
import sys
from collections.abc import Sequence
from functools import partial

import click

from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json, show_progress
from svc_plugin.connecting import jira_setup
from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.domain.texts import Texts
from svc_plugin.messages import load
from svc_plugin.settings import Settings
from svc_plugin.sites.jira.setup import JiraSetup, SetupPlan, Step, Wishes


@click.command()
@click.option("--site", "site_name", help="站点 Which site; needed when there are several.")
@click.option("--email", help="管理员邮箱 The administrator's e-mail address (API tokens of Cloud).")
@click.option("--screen", "screens", multiple=True, help="界面 A create or edit screen, by name; repeatable.")
@click.option("--take-over", is_flag=True, help="接管项目 Take projects over from another installation.")
@click.option("--yes", is_flag=True, help="不再询问 Take the steps without asking.")
@click.option("--dry-run", is_flag=True, help="只显示计划 Show the plan only.")
@json_option
@click.pass_obj
def jira(
    shell: Shell,
    *,
    site_name: str | None,
    email: str | None,
    screens: tuple[str, ...],
    take_over: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """建立自定义字段、选项、界面、链接类型、网络钩子；其余说明到哪里点击。

    Create custom fields with their options and screens, the link type, the webhook and the marker on the
    projects, after showing a plan; say what a person has to click. It only adds, and may be run again.

    It needs an administrator's token, from the environment (SVC_SITE_<NAME>_ADMIN_KEY and, for an API
    token of Cloud, SVC_SITE_<NAME>_ADMIN_EMAIL) or typed in. It is kept nowhere.

    \b
    Example: svc-plugin setup jira --email admin@example.com
    """
    settings = shell.settings()
    texts = load(settings.language)
    name = _site(settings, site_name, texts)
    prefix = f"SVC_SITE_{name.upper()}_ADMIN"
    key = os.environ.get(f"{prefix}_KEY") or click.prompt(texts.say("jira.setup.token"), hide_input=True)
    wishes = Wishes(next(iter(settings.sites[name].hook_secrets), ""), screens, take_over)
    mail = email or os.environ.get(f"{prefix}_EMAIL", "")
    found = jira_setup(settings, name, key=key, email=mail, wishes=wishes)
    try:
        _run(
            found,
            name,
            texts,
            ask=not yes and not dry_run and not as_json,
            apply=yes and not dry_run,
            as_json=as_json,
        )
    except SvcPluginError as error:
        raise click.ClickException(str(error)) from error


def _site(settings: Settings, name: str | None, texts: Texts) -> str:
    sites = [known for known, site in settings.sites.items() if site.type == "jira"]
    if name is None and len(sites) == 1:
        return sites[0]
    if name is None or name not in sites:
        raise click.BadParameter(texts.say("jira.setup.not_jira", known=", ".join(sites) or "-"))
    return name


def _run(found: JiraSetup, name: str, texts: Texts, *, ask: bool, apply: bool, as_json: bool) -> None:
    plan = found.plan(partial(show_progress, name))
    if not as_json:
        _show(plan, name, texts)
    wanted = plan.steps and (apply or (ask and sys.stdin.isatty() and click.confirm(_say(texts, "ask"))))
    if not wanted:
        if as_json:
            print_json(_as_data(plan, (), ()))
        elif plan.steps:
            click.echo(_say(texts, "trial"))
        return
    done, refused = _take(plan.steps, texts)
    # what is there now is read again: an answer of success proves nothing
    left = [one.said for one in found.plan().steps]
    refused += [_say(texts, "left", step=said) for said in left if said in done]
    if as_json:
        print_json(_as_data(plan, done, refused))
    else:
        for line in refused:
            click.echo(f"  {line}")
        click.echo(_say(texts, "done", done=len(done), refused=len(refused)))
    if refused or left:
        raise click.exceptions.Exit(FAULTS)


def _take(steps: Sequence[Step], texts: Texts) -> tuple[list[str], list[str]]:
    """Take the steps; one that is refused does not keep the others from being taken."""
    done: list[str] = []
    refused: list[str] = []
    for number, step in enumerate(steps, start=1):
        try:
            step.do()
            done.append(step.said)
        except SvcPluginError as error:
            refused.append(_say(texts, "refused", step=step.said, cause=error))
        show_progress("+", number, len(steps))
    return done, refused


def _show(plan: SetupPlan, name: str, texts: Texts) -> None:
    if plan.steps:
        click.echo(_say(texts, "head", site=name, count=len(plan.steps)))
    else:
        click.echo(_say(texts, "nothing", site=name))
    for step in plan.steps:
        click.echo(f"  + {step.said}")
    click.echo(_say(texts, "by_hand"))
    for sentence in plan.by_hand:
        click.echo(f"  - {sentence}")


def _as_data(plan: SetupPlan, done: Sequence[str], refused: Sequence[str]) -> dict[str, Sequence[str]]:
    steps = [one.said for one in plan.steps]
    return {"steps": steps, "by_hand": plan.by_hand, "done": done, "refused": refused}


def _say(texts: Texts, key: str, **facts: object) -> str:
    return texts.say(f"jira.setup.{key}", **facts)
