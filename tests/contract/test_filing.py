"""A request is filed in the name of the person who took it down, once, whatever breaks off meanwhile."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Response, request

from svc_plugin.domain.errors import TerminalError, TransientError
from svc_plugin.domain.plan import EnsureIssue
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.identity import Access, Identity
from svc_plugin.sites.jira import JiraIdentity
from svc_plugin.sites.memory_identity import MemoryIdentity
from svc_plugin.sites.redmine import RedmineIdentity
from svc_plugin.standins.redmine import create_app, serve
from tests.builders import BOT, SERVICE
from tests.contract import jira_kit
from tests.contract.jira_kit import a_jira
from tests.contract.redmine_kit import KNOWN
from tests.contract.worlds import (
    OTHER_PRODUCT,
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

FIELDS = (
    (Field.CUSTOMER, "恒通机械有限公司"),
    (Field.CONTACT, "李建国 010-5550 3311"),
    (Field.RECEIVED_AT, "2026-11-22 09:30"),
    (Field.CHANNEL, "phone"),
    (Field.REQUEST_KIND, "complaint"),
)


def a_call(product: str = PRODUCT) -> EnsureIssue:
    kind, words = IssueKind.SERVICE_REQUEST, "第一行\n第二行"
    return EnsureIssue(f"entry:{uuid4().hex}", kind, product, "来电：开票失败", words, FIELDS)


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


REAL = pytest.param("real", marks=pytest.mark.real_redmine)


@pytest.fixture(params=["memory", "redmine", "cloud", "dc", REAL])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    if request.param == "memory":
        yield memory_office()
    elif request.param == "real":
        world: RedmineWorld = request.getfixturevalue("real_redmine_world")
        world.create()
        identity = RedmineIdentity(settings(world.url, world.keys[BOT], world.mapping))
        yield Office(world, identity, world.keys[SERVICE], lambda: pytest.skip("nothing gets lost here"))
    elif request.param == "redmine":
        with FailingRedmine() as made:
            yield made
    else:
        with a_jira(request.param) as (world, _):
            who = jira_kit.PEOPLE[SERVICE]
            identity = JiraIdentity(jira_kit.settings(world.url, request.param))
            account = who.email if request.param == "cloud" else ""
            key = identity.key_of(account, who.token) if account else identity.own_key(who.token)
            yield Office(world, identity, str(key), lambda: world.fault(
                effect="drop_after", method="POST", path="/issue$"
            ))  # fmt: skip


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


def all_filed(world: Any, origin: str) -> list[Any]:
    seen = {one.ref for one in world.site.changed_since(None)}
    return [ref for ref in seen if world.site.fetch(ref).value(Field.ORIGIN) == origin]


def test_the_request_is_the_persons_own_with_everything_they_said(office: Office) -> None:
    wanted = a_call()
    issue = office.world.site.fetch(office.identity.file(office.key, wanted))
    assert (issue.author, issue.kind, issue.stage) == (SERVICE, wanted.kind, Stage.REGISTERED)
    assert (issue.title, issue.description, issue.product) == (wanted.title, wanted.description, PRODUCT)
    assert issue.fields == {**dict(FIELDS), Field.ORIGIN: wanted.origin}


def test_filed_again_it_is_still_one(office: Office) -> None:
    wanted = a_call()
    refs = {office.identity.file(office.key, wanted) for _ in range(3)}
    assert len(refs) == 1
    assert all_filed(office.world, wanted.origin) == [*refs]


def test_an_answer_that_was_lost_makes_no_second_one(office: Office) -> None:
    wanted = a_call()
    office.lose_the_next_answer()
    with pytest.raises(TransientError):
        office.identity.file(office.key, wanted)
    ref = office.identity.file(office.key, wanted)
    assert all_filed(office.world, wanted.origin) == [ref]


def test_what_the_site_does_not_let_the_person_do_is_refused(office: Office) -> None:
    wanted = a_call(OTHER_PRODUCT if isinstance(office.identity, MemoryIdentity) else "nothing")
    with pytest.raises(TerminalError):
        office.identity.file(office.key, wanted)
    assert all_filed(office.world, wanted.origin) == []


def test_a_key_that_is_none_files_nothing(office: Office) -> None:
    with pytest.raises((TransientError, TerminalError)):
        office.identity.file("vouched:admin", a_call())


def test_fields_that_the_role_may_not_fill_in_are_written_for_the_person() -> None:
    redmine = FailingRedmine()
    with redmine as office:
        redmine.dropping = True
        wanted = a_call()
        issue = office.world.site.fetch(office.identity.file(office.key, wanted))
        assert issue.author == SERVICE
        assert issue.fields == {**dict(FIELDS), Field.ORIGIN: wanted.origin}
        assert office.identity.file(office.key, wanted) == issue.ref


def test_on_cloud_nothing_is_made_again_before_the_search_can_know() -> None:
    with a_jira("cloud") as (world, _):
        who = jira_kit.PEOPLE[SERVICE]
        identity = JiraIdentity(jira_kit.settings(world.url, "cloud"))
        key = str(identity.key_of(who.email, who.token))
        world.fault(effect="drop_after", method="POST", path="/issue$")
        with pytest.raises(TransientError) as raised:
            identity.file(key, a_call())
        assert (raised.value.retry_after or 0) >= 60
