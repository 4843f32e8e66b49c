"""The command line: one module a command group."""

from svc_plugin.cli.root import main

__all__ = ["main"]
