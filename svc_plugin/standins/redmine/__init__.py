"""A small Redmine-compatible server, so that the product can be tried without a Redmine."""

from svc_plugin.standins.redmine.app import create_app
from svc_plugin.standins.server import Served, serve

__all__ = ["Served", "create_app", "serve"]
