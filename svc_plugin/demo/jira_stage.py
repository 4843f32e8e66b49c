"""The stage of the demo on a Jira: the example company on the stand-in, Cloud or Data Center."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from svc_plugin.demo.jira_actor import Door, JiraActor
from svc_plugin.demo.stage import ADMIN, BOT, api_key, password
from svc_plugin.domain.registers import Registers
from svc_plugin.domain.vocabulary import Role
from svc_plugin.settings import Settings
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.standins.jira import JiraPlan, Mode, Person, Served, create_app, plan_of, serve
from svc_plugin.standins.jira.mapped import STAFF
from svc_plugin.standins.jira.plan import HookPlan


def place_on_jira(folder: Path, registers: Registers, language: str, *, cloud: bool) -> None:
    """Rewrite the configuration in ``folder`` so that its site is a Jira with the company's people."""
    main, yaml = folder / "svc-plugin.yaml", cast("Any", YAML())
    settings = yaml.load(main)
    site = settings["sites"]["main"]
    site["type"] = "jira"
    site["edition"] = "cloud" if cloud else "data_center"
    site["mapping"] = f"jira-{language}"
    site["projects"] = {key: key.upper() for key in registers.products}
    if cloud:
        ids = account_ids(registers)
        site["accounts"] = {account: ids[account] for account in registers.people}
        with (folder / "secrets.env").open("a", encoding="utf-8") as secrets:
            secrets.write(f"SVC_SITE_MAIN_EMAIL={email(BOT)}\n")
    yaml.dump(settings, main)


def open_jira(settings: Settings, hook_url: str, port: int) -> Served:
    """Serve the stand-in with the company's people, projects and webhooks; port 0 takes a free one."""
    site = settings.sites["main"]
    hook = HookPlan(hook_url, site.hook_secrets[0])
    mode: Mode = "cloud" if site.cloud else "dc"
    plan = jira_plan(settings.registers, site.mapping, hook)
    app = create_app(plan, mode, clock=lambda: datetime.now(UTC))
    return serve(app, port=port)


def jira_plan(registers: Registers, mapping: SiteMapping, *hooks: HookPlan) -> JiraPlan:
    """Describe the company's Jira; leaders and our account lead the projects: they make versions."""
    people = jira_people(registers)
    leads = {BOT, *(one.account for one in registers.people.values() if Role.LEADER in one.roles)}
    plan = plan_of(mapping, people, hooks, leads=leads)
    named = {key: registers.products[product].name for product, key in mapping.projects.items()}
    return replace(plan, projects=tuple(replace(one, name=named[one.key]) for one in plan.projects))


def jira_people(registers: Registers) -> list[Person]:
    """Describe the register's people as users of a Jira, our own account and an administrator too."""
    named = {**{one.account: one.name for one in registers.people.values()}, BOT: "服务机器人"}
    people = [_person(account, name) for account, name in named.items()]
    return [*people, _person(ADMIN, "系统管理员", admin=True)]


def _person(account: str, name: str, **more: Any) -> Person:
    return Person(account, name, email(account), api_key(account), password(account), **more)


def email(account: str) -> str:
    """Return a person's address on the stand-in."""
    return f"{account}@example.com"


def account_ids(registers: Registers) -> dict[str, str]:
    """Return by what Cloud knows the company's people."""
    return {one.name: one.account_id for one in jira_people(registers)}


def cast_of_jira(
    url: str, mapping: SiteMapping, registers: Registers, *, cloud: bool
) -> dict[str, JiraActor]:
    """Return the actors of a story at a Jira by account."""
    ids = account_ids(registers)
    users = {account: {"accountId": id_} if cloud else {"name": account} for account, id_ in ids.items()}
    door = Door(url, cloud, mapping, registers.calendar.zone, users, STAFF)
    return {account: JiraActor(door, email(account), api_key(account)) for account in ids}
