"""The adapter for Jira; only here is its client library used."""

from svc_plugin.sites.jira.identity import CloudOAuth, JiraIdentity
from svc_plugin.sites.jira.settings import JiraSettings
from svc_plugin.sites.jira.site import JiraSite

__all__ = ["CloudOAuth", "JiraIdentity", "JiraSettings", "JiraSite"]
