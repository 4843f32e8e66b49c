"""The stage of the demo: the example company on the stand-in Redmine, in a folder of its own."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from svc_plugin.demo.redmine_actor import Names, RedmineActor
from svc_plugin.domain.registers import Registers
from svc_plugin.settings import Settings
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.sites.redmine.blueprint import BOT as BOT_ROLE
from svc_plugin.sites.redmine.blueprint import ROLE_NAMES, blueprint
from svc_plugin.sites.redmine.wording import in_language
from svc_plugin.standins.redmine import Served, create_app, serve

BOT = "svc-bot"
ADMIN = "admin"


def open_redmine(settings: Settings, hook_url: str, port: int, state_file: Path | None) -> Served:
    """Serve the stand-in with the company's people, projects and webhooks; port 0 takes a free one."""
    site = settings.sites["main"]
    products = {key: product.name for key, product in settings.registers.products.items()}
    wanted = blueprint(site.mapping, site.language, products)
    wanted |= demo_people(settings.registers, site.mapping, site.language)
    wanted["hooks"] = [{"url": hook_url, "secret": site.hook_secrets[0], "login": BOT}]
    app = create_app(wanted, clock=lambda: datetime.now(UTC), state_file=state_file)
    return serve(app, port=port)


def demo_people(registers: Registers, mapping: SiteMapping, language: str) -> dict[str, object]:
    """Describe the register's people as users of a Redmine, with roles in every project."""
    users: list[dict[str, object]] = [
        _user(person.account, person.name[0], person.name[1:]) for person in registers.people.values()
    ]
    users += [_user(BOT, "服务", "机器人"), {**_user(ADMIN, "系统", "管理员"), "admin": True}]
    names = in_language(ROLE_NAMES, language)
    memberships: list[dict[str, object]] = []
    for project in mapping.projects.values():
        memberships.append(_member(project, BOT, [names[BOT_ROLE]]))
        for person in registers.people.values():
            roles = [names[role] for role in sorted(person.roles)]
            memberships.append(_member(project, person.account, roles))
    return {"users": users, "memberships": memberships}


def api_key(account: str) -> str:
    """Return a person's key on the stand-in: made from the name, because nothing is guarded there."""
    return hashlib.sha1(f"key-{account}".encode(), usedforsecurity=False).hexdigest()


def password(account: str) -> str:
    """Return a person's password on the stand-in."""
    return f"{account}-demo-1"


def cast(url: str, mapping: SiteMapping, keys: Mapping[str, str], admin_key: str) -> dict[str, RedmineActor]:
    """Return the actors of a story by account."""
    names = Names.read(url, admin_key)
    return {account: RedmineActor(url, key, names, mapping) for account, key in keys.items()}


def _member(project: str, account: str, roles: list[str]) -> dict[str, object]:
    return {"project": project, "login": account, "roles": roles}


def _user(account: str, first: str, last: str) -> dict[str, object]:
    # Redmine shows the first name first unless it is told otherwise: the family name goes there
    return {
        "login": account,
        "firstname": first,
        "lastname": last,
        "mail": f"{account}@example.com",
        "password": password(account),
        "api_key": api_key(account),
    }
