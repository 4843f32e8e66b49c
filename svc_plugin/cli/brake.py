"""``svc-plugin brake``: which sites may be changed now, and letting one go on."""

import getpass

import click

from svc_plugin.bootstrap import utc_now
from svc_plugin.cli.base import BRAKED, Shell, json_option, print_json
from svc_plugin.engine.pacing import SiteState
from svc_plugin.store.administration import SqlAdministration


@click.command()
@click.option("--release", "released", multiple=True, metavar="SITE", help="放行 Let SITE be changed.")
@json_option
@click.pass_obj
def brake(shell: Shell, *, released: tuple[str, ...], as_json: bool) -> None:
    """列出各站点的制动与停顿，或放行。

    Show the brake of each site and whether the site is left alone because it does not answer; or release
    a brake for 24 hours. Exit codes: 0 no brake holds, 3 one does.

    \b
    Example: svc-plugin brake --release main
    """
    with shell.services() as (services, texts):
        desk, person = SqlAdministration(services.database), f"cli:{getpass.getuser()}"
        for site in released:
            if site not in services.sites:
                known = ", ".join(services.sites)
                raise click.BadParameter(f"'{site}' is not configured; known are {known}")
        for site in released:
            desk.release_site(site, account=person, at=utc_now())
        states = services.site_states.states(services.sites)
        zone = services.settings.registers.calendar.zone
        if as_json:
            print_json([_as_data(one) for one in states])
        else:
            for one in states:
                told = one.told(texts, now=utc_now(), zone=zone)
                click.echo(
                    texts.say("cli.brake.held" if one.brake else "cli.brake", site=one.site, state=told)
                )
    if any(one.brake for one in states):
        raise click.exceptions.Exit(BRAKED)


def _as_data(state: SiteState) -> dict[str, object]:
    held = state.brake
    return {
        "site": state.site,
        "held_at": held.held_at if held else None,
        "changed": held.changed if held else None,
        "known": held.known if held else None,
        "free_until": state.free_until,
        "paused_until": state.paused_until,
        "error": state.error,
    }
