"""``svc-plugin parked``: what waits for a person, and how to let it go on."""

import getpass

import click

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import Shell, json_option, parse_ref, print_json
from svc_plugin.store.administration import SqlAdministration


@click.command()
@click.option("--release", "refs", multiple=True, metavar="REF", help="重新处理 Let REF be tried again.")
@json_option
@click.pass_obj
def parked(shell: Shell, *, refs: tuple[str, ...], as_json: bool) -> None:
    """列出挂起待人处理的问题单，或放行。

    List the issues that wait for a person, with the reason; or release some.

    \b
    Example: svc-plugin parked --release main/4711
    """
    with shell.services() as (services, texts):
        released = [parse_ref(text) for text in refs]
        desk, person = SqlAdministration(services.database), f"cli:{getpass.getuser()}"
        for ref in released:
            if not desk.release(ref, account=person, at=utc_now()):
                services.work.add([ref], due=utc_now())
        rows = services.work.parked(limit=1000)
        if as_json:
            print_json([{"ref": str(row.ref), "tries": row.tries, "error": row.error} for row in rows])
            return
        click.echo(texts.say("cli.parked", count=len(rows)))
        for row in rows:
            click.echo(f"  {row.ref}  {row.error}")
