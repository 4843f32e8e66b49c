"""Sites at which a person does something themself: how they are known there, and what may go wrong."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Response, request

from svc_plugin.domain.errors import TransientError
from svc_plugin.engine.identity import Access, Identity
from svc_plugin.sites.jira import JiraIdentity
from svc_plugin.sites.memory_identity import MemoryIdentity
from svc_plugin.sites.redmine import RedmineIdentity
from svc_plugin.standins.jira import Mode
from svc_plugin.standins.redmine import create_app, serve
from tests.builders import BOT, SERVICE
from tests.contract import jira_kit
from tests.contract.jira_kit import a_jira
from tests.contract.redmine_kit import KNOWN
from tests.contract.worlds import (
    PRODUCT,
    ROLES,
    MemoryWorld,
    RedmineWorld,
    Watch,
    World,
    api_key,
    plan_of,
    settings,
)


@dataclass
class Office:
    """A site, how people are known there, and the key of one of them."""

    world: World
    identity: Identity
    key: str
    lose_the_next_answer: Callable[[], None]


def memory_office() -> Office:
    world = MemoryWorld()
    identity = MemoryIdentity(world.memory, {SERVICE: Access(SERVICE, False, frozenset({PRODUCT}))})

    def lose() -> None:
        def once() -> None:
            identity.after_filing = lambda: None
            raise TransientError("lost")

        identity.after_filing = once

    return Office(world, identity, f"key:{SERVICE}", lose)


def real_office(world: RedmineWorld) -> Office:
    world.create()
    identity = RedmineIdentity(settings(world.url, world.keys[BOT], world.mapping))
    return Office(world, identity, world.keys[SERVICE], lambda: pytest.skip("nothing gets lost here"))


@contextmanager
def jira_office(mode: Mode) -> Iterator[Office]:
    with a_jira(mode) as (world, _):
        who = jira_kit.PEOPLE[SERVICE]
        identity = JiraIdentity(jira_kit.settings(world.url, mode))
        key = identity.key_of(who.email, who.token) if mode == "cloud" else identity.own_key(who.token)

        def lose() -> None:
            world.fault(effect="drop_after", method="POST", path="/issue$")

        yield Office(world, identity, str(key), lose)


class FailingRedmine:
    def __enter__(self) -> Office:
        self.losing = self.dropping = False
        app = create_app(plan_of(KNOWN), clock=Watch())
        app.after_request(self._lose)
        app.before_request(self._drop)
        self.served = serve(app)
        keys = {login: api_key(login) for login in ("admin", *ROLES)}
        world = RedmineWorld(self.served.url, keys, KNOWN)
        world.create()  # Redmine shows which fields a request has by another one only
        identity = RedmineIdentity(settings(self.served.url, keys[BOT], KNOWN))
        return Office(world, identity, keys[SERVICE], self._next)

    def __exit__(self, *_: object) -> None:
        self.served.close()

    def _next(self) -> None:
        self.losing = True

    def _lose(self, answer: Response) -> Response:
        if self.losing and request.method == "POST" and request.path == "/issues.json":
            self.losing = False
            return Response("a proxy's page", 502)
        return answer

    def _drop(self) -> None:
        """As a role that may not fill in fields: Redmine leaves them out and says nothing."""
        if self.dropping and request.method == "POST" and request.path == "/issues.json":
            body = json.loads(request.get_data())
            body["issue"]["custom_fields"] = []
            request._cached_data = json.dumps(body).encode()  # type: ignore[attr-defined]
