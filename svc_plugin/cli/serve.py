"""``svc-plugin serve`` and ``svc-plugin worker``: the long-running processes."""

import math
import os
import signal
import threading

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from prometheus_client import start_http_server

from svc_plugin.bootstrap import build_hints, templates_of, utc_now
from svc_plugin.cli.base import Shell
from svc_plugin.domain.errors import ConfigError
from svc_plugin.engine.draining import GRACE, drain, leave
from svc_plugin.logs import hide
from svc_plugin.messages import load
from svc_plugin.running.configuration import note_configuration
from svc_plugin.running.pulse import Pulse
from svc_plugin.settings import Settings
from svc_plugin.store.audit import SqlAudit
from svc_plugin.telemetry.metrics import process_registry
from svc_plugin.telemetry.traces import configure_traces
from svc_plugin.web.stopping import PoliteServer

_LAST_REQUESTS = 20  # seconds for requests that are being answered, beside the grace of the workers


_grace = click.option(
    "--grace",
    type=click.FloatRange(0, 600),
    default=GRACE,
    show_default=True,
    metavar="SECONDS",
    help="停止时处理中的问题单最多再用多少秒 How long an issue in hand may take when it is told to stop.",
)


@click.command()
@click.option("--receive-only", is_flag=True, help="只接收与显示 No workers; `worker` runs elsewhere.")
@click.option(
    "--notice",
    type=click.FloatRange(0, 600),
    default=0.0,
    show_default=True,
    metavar="SECONDS",
    help="停止前先让 /ready 回答 503 多少秒 How long /ready says 503 before it stops to listen.",
)
@_grace
@click.pass_obj
def serve(shell: Shell, *, receive_only: bool, notice: float, grace: float) -> None:
    """运行接收器、处理线程与定时器。

    Run receiver, workers and timers in one process. SIGTERM stops it without losing anything.

    \b
    Example: svc-plugin --config my-company serve
    """
    os.environ["SVC_GRACE"] = str(grace)  # how the child process hears of it
    if receive_only:
        _refuse_embedded(shell.settings(), "nobody else could work on what `serve --receive-only` takes in")
        os.environ["SVC_RECEIVE_ONLY"] = "1"
    run_server(shell, notice=notice, grace=grace)


def run_server(shell: Shell, *, notice: float = 0.0, grace: float = GRACE) -> None:
    """Serve until a signal comes."""
    settings = shell.settings()  # faults are better told here than by a child process
    if not settings.secret_key:
        raise click.ClickException("SVC_SECRET_KEY is empty; `svc-plugin init` writes one into secrets.env")
    _refuse_faulty_templates(settings)
    os.environ["SVC_CONFIG"] = str(shell.folder.resolve())
    host, port = settings.listen
    click.echo(f"{settings.public_url}  (POST /hooks/<site>)", err=True)
    server = PoliteServer(
        "svc_plugin.web.serving:create",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        factory=True,
        workers=1,
        workers_kill_timeout=math.ceil(grace) + _LAST_REQUESTS,
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
    )
    server.notice = notice
    server.serve()


def _refuse_embedded(settings: Settings, reason: str) -> None:
    if settings.database.startswith("sqlite"):
        raise click.ClickException(
            f"with the embedded database {reason}; set SVC_DATABASE_URL to PostgreSQL for that"
        )


def _refuse_faulty_templates(settings: Settings) -> None:
    try:
        templates_of(settings).refuse_faulty(load(settings.language))
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--threads", type=click.IntRange(1, 64), default=2, show_default=True, help="线程 Threads.")
@click.option("--metrics", metavar="HOST:PORT", help="在此地址提供指标 Serve this process's metrics there.")
@_grace
@click.pass_obj
def worker(shell: Shell, *, threads: int, metrics: str | None, grace: float) -> None:
    """在任意机器上运行更多处理线程（需 PostgreSQL 或 Redis）。

    Run more workers, on any machine that reaches the same PostgreSQL (and Redis). SIGTERM stops it
    without losing anything.

    \b
    Example: SVC_DATABASE_URL=postgresql+psycopg://… svc-plugin worker --threads 4
    """
    with shell.services() as (services, _):
        _refuse_embedded(services.settings, "the workers live inside `svc-plugin serve`")
        _refuse_faulty_templates(services.settings)
        stopped = threading.Event()

        def stop(_number: int, _frame: object) -> None:
            stopped.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        hide(services.settings.secrets)
        configure_traces()
        _serve_metrics(metrics)
        note_configuration(SqlAudit(services.database), services.settings.folder, at=utc_now())
        consumer, pulse = build_hints(services).consumer(threads), Pulse(services.database, utc_now)
        consumer.start()
        pulse.start()
        stopped.wait()
        services.stopping.set()
        pulse.stop()
        if drain(consumer, services.work, utc_now, grace):
            leave()


def _serve_metrics(address: str | None) -> None:
    if address:
        host, _, port = address.rpartition(":")
        if not (host and port.isdecimal()):
            raise click.BadParameter(f"'{address}': write HOST:PORT, for instance 127.0.0.1:9181")
        start_http_server(int(port), addr=host, registry=process_registry())
