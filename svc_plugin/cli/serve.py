"""``svc-plugin serve`` and ``svc-plugin worker``: the long-running processes."""

import os
import signal
import threading

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from svc_plugin.bootstrap import build_hints, templates_of
from svc_plugin.cli.base import Shell
from svc_plugin.domain.errors import ConfigError
from svc_plugin.messages import load
from svc_plugin.settings import Settings

_REQUEST_THREADS = 16  # each waits for one commit; a group commit serves them all


@click.command()
@click.pass_obj
def serve(shell: Shell) -> None:
    """运行接收器、处理线程与定时器。

    Run receiver, workers and timers in one process.

    \b
    Example: svc-plugin --config my-company serve
    """
    run_server(shell)


def run_server(shell: Shell) -> None:
    """Serve until a signal comes."""
    settings = shell.settings()  # faults are better told here than by a child process
    if not settings.secret_key:
        raise click.ClickException("SVC_SECRET_KEY is empty; `svc-plugin init` writes one into secrets.env")
    _refuse_faulty_templates(settings)
    os.environ["SVC_CONFIG"] = str(shell.folder.resolve())
    host, port = settings.listen
    click.echo(f"{settings.public_url}  (POST /hooks/<site>)", err=True)
    Granian(
        "svc_plugin.web.wsgi:create",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=_REQUEST_THREADS,
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def _refuse_faulty_templates(settings: Settings) -> None:
    try:
        templates_of(settings).refuse_faulty(load(settings.language))
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--threads", type=click.IntRange(1, 64), default=2, show_default=True, help="线程 Threads.")
@click.pass_obj
def worker(shell: Shell, *, threads: int) -> None:
    """在任意机器上运行更多处理线程（需 PostgreSQL 或 Redis）。

    Run more workers, on any machine that reaches the same PostgreSQL (and Redis).

    \b
    Example: SVC_DATABASE_URL=postgresql+psycopg://… svc-plugin worker --threads 4
    """
    with shell.services() as (services, _):
        if services.database.embedded:
            raise click.ClickException(
                "with the embedded database the workers live inside `svc-plugin serve`; "
                "set SVC_DATABASE_URL to PostgreSQL to run them elsewhere"
            )
        _refuse_faulty_templates(services.settings)
        stopped = threading.Event()

        def stop(_number: int, _frame: object) -> None:
            stopped.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        consumer = build_hints(services).consumer(threads)
        consumer.start()
        stopped.wait()
        consumer.stop(graceful=True)
