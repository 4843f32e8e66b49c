"""Which stand-ins the demo can be played on, behind one door."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from svc_plugin.demo.actor import Actor
from svc_plugin.demo.jira_stage import cast_of_jira, email, open_jira
from svc_plugin.demo.stage import ADMIN, api_key, cast, open_redmine, password
from svc_plugin.settings import Settings
from svc_plugin.standins import jira, redmine

TRACKERS: Final = ("redmine", "jira", "jira-dc")


def open_tracker(
    settings: Settings, hook_url: str, port: int, state_file: Path | None
) -> redmine.Served | jira.Served:
    """Serve the configured site's stand-in with the company in it; port 0 takes a free one.

    The stand-in for Redmine keeps its state in ``state_file``, that for Jira begins anew each time.
    """
    if settings.sites["main"].type == "jira":
        return open_jira(settings, hook_url, port)
    return open_redmine(settings, hook_url, port, state_file)


def actors(settings: Settings) -> Mapping[str, Actor]:
    """Return the actors of a story at the configured site by account."""
    site, registers = settings.sites["main"], settings.registers
    if site.type == "jira":
        return cast_of_jira(site.url, site.mapping, registers, cloud=site.cloud)
    return cast(site.url, site.mapping, {one: api_key(one) for one in registers.people}, api_key(ADMIN))


def signing_in(settings: Settings, account: str) -> tuple[str, dict[str, str]]:
    """Return the sentence that tells a person how to sign in to the pages, and its facts."""
    site, facts = settings.sites["main"], {"url": settings.public_url}
    if site.cloud:
        return "demo.pages.cloud", {**facts, "account": email(account), "token": api_key(account)}
    facts |= {"account": account, "password": password(account)}
    if site.type == "jira":
        return "demo.pages.dc", {**facts, "token": api_key(account)}
    return "demo.pages", facts
