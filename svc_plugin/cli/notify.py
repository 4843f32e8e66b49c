"""``svc-plugin notify``: try a channel, and see what could not be sent."""

import click

from svc_plugin.channels import VARIABLE, Channels
from svc_plugin.cli.base import FAULTS, Shell, json_option, print_json
from svc_plugin.domain.errors import SvcPluginError
from svc_plugin.messages import load
from svc_plugin.store.outbox import SqlOutbox


@click.group()
def notify() -> None:
    """邮件与即时消息通知。

    Notifications by mail and messenger.
    """


@notify.command()
@click.argument("name")
@click.pass_obj
def test(shell: Shell, *, name: str) -> None:
    """向一个渠道发一条测试消息。

    Send a test message to the channel NAME (its address is SVC_NOTIFY_<NAME>).

    \b
    Example: svc-plugin notify test wecom_li
    """
    settings = shell.settings()
    texts = load(settings.language)
    if name not in settings.channels:
        known = ", ".join(settings.channels) or texts.say("none")
        variable = f"{VARIABLE}{name.upper()}"
        raise click.ClickException(texts.say("cli.notify.unknown", variable=variable, known=known))
    title, text = texts.say("cli.notify.title"), texts.say("cli.notify.text", name=name)
    try:
        Channels({name: settings.channels[name]}).send(name, title, text)
    except SvcPluginError as error:
        click.echo(str(error), err=True)
        click.echo(texts.say("cli.notify.failed", name=name), err=True)
        raise click.exceptions.Exit(FAULTS) from error
    click.echo(texts.say("cli.notify.sent", name=name))


@notify.command(name="list")
@json_option
@click.pass_obj
def list_(shell: Shell, *, as_json: bool) -> None:
    """列出尚未发出的通知。

    List what waits to be sent and what was given up.

    \b
    Example: svc-plugin notify list
    """
    with shell.services() as (services, texts):
        rows = SqlOutbox(services.database).unsent(limit=1000)
    if as_json:
        print_json(
            [
                {
                    "ref": str(row.ref), "marker": row.marker, "channels": row.channels,
                    "next_try": row.due_at, "tries": row.tries, "error": row.error,
                }
                for row in rows
            ]
        )  # fmt: skip
        return
    click.echo(texts.say("cli.notify.unsent", count=len(rows)))
    for row in rows:
        again = row.due_at.isoformat() if row.due_at else texts.say("cli.notify.given_up")
        click.echo(f"  {row.ref}  {row.marker}  {', '.join(row.channels)}  {again}  {row.error}")
