"""A small Jira, Cloud or Data Center, so that adapter and receiver can be tried without one."""

from svc_plugin.standins.jira.app import create_app, site_of
from svc_plugin.standins.jira.mapped import plan_of
from svc_plugin.standins.jira.plan import JiraPlan, Mode, Person
from svc_plugin.standins.server import Served, serve

__all__ = ["JiraPlan", "Mode", "Person", "Served", "create_app", "plan_of", "serve", "site_of"]
