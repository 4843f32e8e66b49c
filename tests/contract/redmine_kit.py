"""A Redmine of its own for each test, and the list of what we ask of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Response, request

from svc_plugin.domain.vocabulary import Field
from svc_plugin.sites.mapping import SiteMapping
from svc_plugin.standins.redmine import create_app, serve
from svc_plugin.standins.redmine.web import EXTENSION
from tests.builders import BOT
from tests.contract.worlds import (
    PRODUCT,
    ROLES,
    RedmineWorld,
    api_key,
    mapping,
    plan_of,
)
from tests.contract.worlds import Watch as Time

KNOWN = mapping({PRODUCT: "erp"})


@contextmanager
def a_redmine(
    plan: Mapping[str, Any] | None = None,
    known: SiteMapping = KNOWN,
    *,
    hidden: Callable[[str], bool] = lambda _: False,
    answered: Callable[[str, Any], None] = lambda _path, _data: None,
    first_issue: int = 1,
) -> Iterator[tuple[RedmineWorld, list[str]]]:
    """A fresh Redmine and the list of what our own account asks of it.

    ``hidden`` paths are 404 for us; ``answered`` sees, and may change, what other paths answer us.
    """
    asked: list[str] = []
    watch = Time()
    app = create_app(plan or plan_of(KNOWN), clock=watch)
    app.extensions[EXTENSION].store.issues.last = first_issue - 1

    @app.before_request
    def note_down() -> Response | None:
        if request.headers.get("X-Redmine-API-Key") == api_key(BOT):
            asked.append(f"{request.method} {request.path}")
            if hidden(request.path):
                return Response(status=404)
        return None

    @app.after_request
    def look_at(response: Response) -> Response:
        data = response.get_json(silent=True)
        if request.headers.get("X-Redmine-API-Key") == api_key(BOT) and data:
            answered(request.path, data)
            response.set_data(json.dumps(data))
        return response

    keys = {login: api_key(login) for login in ("admin", *ROLES)}
    with serve(app) as served:
        yield RedmineWorld(served.url, keys, known, watch), asked


def without(*fields: Field) -> SiteMapping:
    return replace(KNOWN, fields={k: v for k, v in KNOWN.fields.items() if k not in fields})


def changed_plan(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(json.dumps(plan_of(KNOWN)))
    change(plan)
    return plan


def like_redmine_5_0(path: str, data: Any) -> None:
    """Redmine 5.0 does not list the fields that are "for all projects" with a project."""
    if path.startswith("/projects/") and "project" in data:
        data["project"]["issue_custom_fields"] = []


def field_of(plan: dict[str, Any], name: Field) -> dict[str, Any]:
    return next(one for one in plan["custom_fields"] if one["name"] == KNOWN.fields[name])
