"""How often a page asks the database: the same application, in this process, with an ear at the engine."""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from svc_plugin.bootstrap import Services, build_hints
from svc_plugin.demo.stage import password
from svc_plugin.web.app import create_app
from svc_plugin.web.serving import parts


def queries(services: Services, account: str, paths: Mapping[str, str]) -> Mapping[str, int]:
    """Return how many statements each page takes when it is asked for the second time."""
    app = create_app(parts(services, services.inbox, build_hints(services)))
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    client = _signed_in(app.test_client(), account)
    engine = services.database._engine  # noqa: SLF001 -- nothing of the product needs to be asked this
    sa.event.listen(engine, "before_cursor_execute", note)
    counts: dict[str, int] = {}
    for name, path in paths.items():
        client.get(path)
        asked.clear()
        client.get(path)
        counts[name] = len(asked)
    sa.event.remove(engine, "before_cursor_execute", note)
    return counts


def _signed_in(client: FlaskClient, account: str) -> FlaskClient:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    form = {"account": account, "password": password(account), "csrf_token": token[1] if token else ""}
    if client.post("/sign-in", data=form).status_code != 303:
        raise RuntimeError(f"{account} could not sign in")
    return client
