"""From the configured sites to their adapters: for the work, for signing in, for setting up."""

from dataclasses import replace

from svc_plugin.domain.policy import Mode
from svc_plugin.domain.vocabulary import IssueKind, Stage
from svc_plugin.engine.identity import Identity
from svc_plugin.engine.ports import Site
from svc_plugin.messages import load
from svc_plugin.settings import Settings, SiteSettings
from svc_plugin.sites.jira import CloudOAuth, JiraIdentity, JiraSettings, JiraSite
from svc_plugin.sites.jira.setup import JiraSetup, Wishes
from svc_plugin.sites.oauth import OAuth
from svc_plugin.sites.redmine import SCOPE as REDMINE_SCOPE
from svc_plugin.sites.redmine import RedmineIdentity, RedmineSettings, RedmineSite


def connect_sites(settings: Settings) -> dict[str, Site]:
    """Return an adapter for each configured site; nothing is asked of the sites yet."""
    return {name: _connect(site, settings) for name, site in settings.sites.items()}


def identities(settings: Settings) -> dict[str, Identity]:
    """Return the way in which people sign in at each configured site."""
    return {name: _identity(site, settings) for name, site in settings.sites.items()}


def _identity(site: SiteSettings, settings: Settings) -> Identity:
    client, secret = site.oauth_client, site.oauth_secret
    if site.type == "jira":
        return JiraIdentity(_jira(site, settings), CloudOAuth(client, secret) if client and secret else None)
    where = f"{site.browse_url}/oauth/authorize", f"{site.url}/oauth/token"
    oauth = OAuth(client, secret, *where, REDMINE_SCOPE) if client and secret else None
    return RedmineIdentity(_redmine(site, settings), oauth, site.switch_key)


def _connect(site: SiteSettings, settings: Settings) -> Site:
    if site.type == "jira":
        return JiraSite(_jira(site, settings))
    return RedmineSite(_redmine(site, settings))


def _jira(site: SiteSettings, settings: Settings) -> JiraSettings:
    return JiraSettings(
        name=site.name,
        api_url=site.url,
        browse_url=site.browse_url,
        cloud=site.cloud,
        api_key=site.api_key,
        email=site.email,
        language=site.language,
        zone=settings.registers.calendar.zone,
        mapping=site.mapping,
        accounts=site.accounts,
        people=frozenset(person.account for person in settings.registers.people.values()),
        link_type=site.link_type,
        public_url=settings.public_url,
        pages_url=settings.public_url if settings.pages else "",
        makes_versions=_makes_versions(site, settings),
    )


def _makes_versions(site: SiteSettings, settings: Settings) -> bool:
    """Tell whether M11, now or by a policy to come, makes a version of what was converted."""
    work = site.mapping.kinds.get(IssueKind.MAINTENANCE)
    enforced = any(policy.mode("M11") is Mode.ENFORCED for _, policy in settings.policies.entries)
    return enforced and work is not None and Stage.CONVERTED in work.statuses


def jira_setup(settings: Settings, name: str, *, key: str, email: str, wishes: Wishes) -> JiraSetup:
    """Return the set-up of a configured Jira, with an administrator's token instead of our account's."""
    site = _jira(settings.sites[name], settings)
    return JiraSetup(replace(site, api_key=key, email=email), load(settings.language), wishes)


def _redmine(site: SiteSettings, settings: Settings) -> RedmineSettings:
    return RedmineSettings(
        name=site.name,
        url=site.url,
        api_key=site.api_key,
        language=site.language,
        zone=settings.registers.calendar.zone,
        mapping=site.mapping,
        people={person.name: person.account for person in settings.registers.people.values()},
        check_url=_check_url(site, settings),
    )


def _check_url(site: SiteSettings, settings: Settings) -> str:
    return f"{settings.public_url}/issues/{site.name}" if settings.pages else ""
