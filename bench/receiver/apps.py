"""What granian serves here: our application without its workers, and the floors under it.

The folder of the configuration is in ``SVC_CONFIG``, as for ``svc-plugin serve``.
"""

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from pathlib import Path

from flask import Flask, Response, request
from granian.rsgi import Scope

from svc_plugin.bootstrap import Services, build, build_hints
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Inbox, Notice
from svc_plugin.logs import configure_logs
from svc_plugin.settings import load_settings
from svc_plugin.store.inbox import GroupCommitInbox
from svc_plugin.web.app import create_app
from svc_plugin.web.environ import Exchange
from svc_plugin.web.gateway import Gateway
from svc_plugin.web.serving import freeze, parts
from svc_plugin.web.suspending import alarm

Application = Callable[[Scope, Exchange], Awaitable[None]]


def ours() -> Gateway:
    """The real application and its store; only the workers and their hints are left out."""
    services = _services()
    inbox = GroupCommitInbox(services.inbox, alarm=alarm)
    Finalize(None, inbox.close, exitpriority=10)
    return _app(services, inbox)


def verified() -> Gateway:
    """The real application with an inbox that keeps nothing: what everything before the store costs."""
    return _app(_services(), _Nowhere())


def flask_noop() -> Gateway:
    """A Flask view that reads the body: the floor of the framework."""
    app = Flask("bench.noop")

    @app.post("/hooks/main")
    def take() -> Response:
        request.get_data(cache=False)
        return Response("{}", 202, content_type="application/json")

    return Gateway(app, in_loop=True)


def bare() -> Application:
    """A coroutine that reads the body: the floor of the server."""

    async def take(_: Scope, exchange: Exchange) -> None:
        await exchange()
        exchange.response_bytes(202, [("Content-Type", "application/json"), ("Content-Length", "2")], b"{}")

    return take


class _Nowhere:
    def accept(self, notice: Notice) -> bool:
        return bool(notice.body)


def _services() -> Services:
    configure_logs()
    folder = Path(os.environ["SVC_CONFIG"])
    return build(load_settings(folder, os.environ, now=datetime.now(UTC)))


def _app(services: Services, inbox: Inbox) -> Gateway:
    app = create_app(replace(parts(services, inbox, build_hints(services)), hint=_no_hint))
    freeze()
    return Gateway(app, in_loop=services.database.embedded)


def _no_hint(_: IssueRef) -> None:
    """Nobody works here."""
