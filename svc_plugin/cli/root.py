"""The root command: which configuration, which commands."""

import os
from pathlib import Path

import click

from svc_plugin import __version__
from svc_plugin.cli.audit import audit
from svc_plugin.cli.backup import backup, restore
from svc_plugin.cli.base import Shell
from svc_plugin.cli.brake import brake
from svc_plugin.cli.check import check
from svc_plugin.cli.clauses import clauses
from svc_plugin.cli.clock import clock
from svc_plugin.cli.demo import demo
from svc_plugin.cli.document_copies import read, verify
from svc_plugin.cli.document_files import pdf, preview
from svc_plugin.cli.document_register import get, list_, show
from svc_plugin.cli.documents import documents
from svc_plugin.cli.init import init
from svc_plugin.cli.notify import notify
from svc_plugin.cli.parked import parked
from svc_plugin.cli.plan import plan
from svc_plugin.cli.registers import registers
from svc_plugin.cli.replay import replay
from svc_plugin.cli.serve import serve, worker
from svc_plugin.cli.setup import setup
from svc_plugin.cli.sync import sync


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(os.environ.get("SVC_CONFIG", "config")),
    show_default="$SVC_CONFIG, else ./config",
    help="配置目录 Configuration folder.",
)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """客户服务与产品维护，融入 Redmine。

    Customer service and product maintenance inside Redmine.

    \b
    svc-plugin init my-company          write a configuration to edit
    svc-plugin --config my-company check
    svc-plugin --config my-company serve
    """
    context.obj = Shell(folder)


for command in (
    audit,
    backup,
    brake,
    check,
    clauses,
    clock,
    demo,
    documents,
    init,
    notify,
    parked,
    plan,
    registers,
    replay,
    restore,
    serve,
    setup,
    sync,
    worker,
):
    main.add_command(command)

for command in (get, list_, pdf, preview, read, show, verify):
    documents.add_command(command)
