"""The adapter for Redmine; only here is its client library used."""

from svc_plugin.sites.redmine.blueprint import blueprint
from svc_plugin.sites.redmine.identity import SCOPE, RedmineIdentity
from svc_plugin.sites.redmine.settings import RedmineSettings
from svc_plugin.sites.redmine.site import RedmineSite

__all__ = ["SCOPE", "RedmineIdentity", "RedmineSettings", "RedmineSite", "blueprint"]
