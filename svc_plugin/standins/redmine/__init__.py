"""A small Redmine-compatible server, so that the product can be tried without a Redmine."""

from .app import create_app
from .server import Served, serve

__all__ = ["Served", "create_app", "serve"]
