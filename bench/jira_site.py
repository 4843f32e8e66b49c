"""The Jira to measure with, as the stand-in and its clients both know it."""

from datetime import timedelta, timezone
from pathlib import Path

from svc_plugin.settings.build import to_mapping
from svc_plugin.settings.files import MappingFile
from svc_plugin.settings.reading import Reader
from svc_plugin.sites.jira import JiraSettings
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.standins.jira import JiraPlan, Mode, Person, plan_of

BOT, SERVICE = "svc-bot", "wang.fang"
ZONE = timezone(timedelta(hours=8))
_CONFIG = Path(__file__).parent.parent / "config"
PEOPLE = {
    name: Person(name, name, f"{name}@example.com", f"bench-token-of-{name}", admin=name == BOT)
    for name in (BOT, SERVICE)
}


def known() -> SiteMapping:
    """Return the shipped mapping for Jira."""
    reader = Reader(_CONFIG)
    file = reader.read("mappings/jira-zh.yaml", MappingFile)
    assert file is not None
    return to_mapping(reader, "jira-zh", file, {"erp": "ERP"})


def blueprint() -> JiraPlan:
    """Return the Jira that the mapping asks for."""
    return plan_of(known(), tuple(PEOPLE.values()))


def settings(url: str, mode: Mode) -> JiraSettings:
    """Return how to work with it."""
    cloud = mode == "cloud"
    return JiraSettings(
        name="main",
        api_url=url,
        browse_url=url,
        cloud=cloud,
        api_key=PEOPLE[BOT].token,
        email=PEOPLE[BOT].email if cloud else "",
        language="zh",
        zone=ZONE,
        mapping=known(),
        accounts={name: one.account_id for name, one in PEOPLE.items()} if cloud else {},
    )
