"""Preparing a Jira for the process, as far as its REST interface allows it to an administrator."""

from svc_plugin.sites.jira.setup.planner import JiraSetup
from svc_plugin.sites.jira.setup.steps import SetupPlan, Step, Wishes

__all__ = ["JiraSetup", "SetupPlan", "Step", "Wishes"]
