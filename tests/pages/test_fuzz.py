"""Whatever is asked or sent, no route breaks; a route that is added is asked too."""

import hashlib
import hmac
import io
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from svc_plugin.demo.stage import ADMIN
from svc_plugin.web.app import create_app
from tests.builders import LEADER
from tests.pages.access_world import World
from tests.pages.conftest import House, Visitor
from tests.thorough import examples
from webhooks.delivery import Source

KEY = "k" * 20
ODD = st.sampled_from(
    ["main", "1", "../1", "\x00", "zh", "9" * 400, "-1", "%", "\ufffd", "\u202e", "=1+1", "２０２６"]
)  # fmt: skip
TEXT = st.text(max_size=60) | ODD
NAMES = st.sampled_from([
    "account", "password", "key", "site", "language", "token", "title", "customer", "received_at", "zone",
    "do", "id", "full", "kind", "channel", "product", "pick", "text", "choice", "opinion", "factors", "code",
    "copy", "q", "contact", "since", "until", "before", "page", "actor", "period", "start", "state", "error",
])  # fmt: skip
FORMS = st.dictionaries(NAMES, TEXT, max_size=8)
HEADERS = st.dictionaries(
    st.sampled_from(["Authorization", "X-Forwarded-For", "Accept-Language", "If-None-Match", "Range",
                     "X-Svc-Token"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    max_size=3,
)  # fmt: skip
BYTES = st.binary(max_size=300)
FILES = st.tuples(
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]), BYTES
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
_few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_often = settings(_few, max_examples=examples(80))


@pytest.fixture(scope="module")
def world(house: House, papers) -> World:
    """The pages with a Jira beside the Redmine: its deliveries are read too."""
    world = World.of(house, papers)
    kinds = {"main": "redmine", "jira": "jira"}
    sources = {name: Source(name, kind, (KEY,), allow_token=True) for name, kind in kinds.items()}
    return world.at(create_app(replace(house.web, sources=sources)))


def rules(world: World, method: str) -> list[Rule]:
    found = [rule for rule in world.app.url_map.iter_rules() if method in (rule.methods or ())]
    return [rule for rule in found if rule.endpoint not in {"pages.end", "pages.end_all", "pages.make_pdf"}]


def address(world: World, rule: Rule, given: st.DataObject) -> str:
    """A rule with what exists in some of its places, anything in the others."""
    real = world.things["erp"].path
    filled = {name: given.draw(st.just(real[name]) | TEXT, label=name) for name in sorted(rule.arguments)}
    return re.sub(
        r"<(?:[^:>]+:)?(\w+)>", lambda part: quote(filled[part[1]], safe="", errors="replace"), rule.rule
    )


@_few
@given(given_=st.data())
def test_no_address_breaks_a_page(world: World, given_: st.DataObject) -> None:
    query, headers = given_.draw(FORMS), given_.draw(HEADERS)
    encoded = {name: text.encode("utf-8", "replace") for name, text in query.items()}
    for rule in rules(world, "GET"):
        where = address(world, rule, given_)
        for account in (ADMIN, LEADER):
            answer = world.visitor(account).get(where, query_string=encoded, headers=headers)
            assert unbroken(rule, answer), (where, query, headers)


@_few
@given(given_=st.data())
def test_no_form_breaks_a_page(world: World, given_: st.DataObject) -> None:
    for rule in rules(world, "POST"):
        where, form = address(world, rule, given_), given_.draw(FORMS)
        good = given_.draw(st.booleans(), label="what a good form says too")
        data: dict[str, Any] = {**(world.things["erp"].form if good else {}), **form}
        data = {name: text.encode("utf-8", "replace") for name, text in data.items()}
        visitor = administrator(world)
        if rule.endpoint == "pages.hand_in":
            data["copy"] = (io.BytesIO(b"".join(given_.draw(FILES))), given_.draw(TEXT))
            visitor = world.visitor(LEADER)
        answer = visitor.client.post(where, data={**data, "csrf_token": visitor.token()})
        assert unbroken(rule, answer), (where, form)


@_few
@given(given_=st.data())
def test_no_bytes_that_are_no_form_break_a_page(world: World, given_: st.DataObject) -> None:
    kinds = [
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "",
        "x/y",
    ]
    for rule in rules(world, "POST"):
        body, kind = given_.draw(BYTES), given_.draw(st.sampled_from(kinds))
        where, headers = address(world, rule, given_), given_.draw(HEADERS)
        sent = {"data": body, "content_type": kind, "headers": headers}
        assert unbroken(rule, administrator(world).client.post(where, **sent)), (where, kind, body)


@_often
@given(site=st.sampled_from(["main", "jira"]), body=JSON, shape=st.sampled_from(range(4)), headers=HEADERS)
def test_no_delivery_that_is_signed_breaks_the_receiver(world: World, site, body, shape, headers) -> None:
    """Whoever has the secret may send anything: it is read only after its signature."""
    told = [
        body,
        {"payload": {"action": "updated", "issue": body, "journal": body}},
        {
            "webhookEvent": "jira:issue_updated",
            "issue": {"key": body, "id": body},
            "changelog": body,
            "timestamp": 1,
        },
        {"webhookEvent": body, "issueLink": body, "issue": {"id": "1", "key": "A-1", "fields": body}},
    ][shape]
    content = json.dumps(told, ensure_ascii=True).encode()
    digest = hmac.new(KEY.encode(), content, hashlib.sha256).hexdigest()
    signed = {
        "X-Hub-Signature": f"sha256={digest}",
        "X-Redmine-Signature-256": f"sha256={digest}",
        **headers,
    }
    client = Visitor(world.app.test_client()).client
    for where in (f"/hooks/{site}", f"/hooks/{site}/{KEY}"):
        answer = client.post(where, data=content, content_type="application/json", headers=signed)
        assert answer.status_code < 500, (where, told)


@_often
@given(
    cookie=st.text(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,"\\'), max_size=80
    )
)
def test_no_cookie_breaks_a_page(world: World, cookie: str) -> None:
    client = world.app.test_client()
    client.set_cookie("svc", cookie)
    assert client.get("/").status_code == 303


def unbroken(rule: Rule, answer: Any) -> bool:
    """Tell whether an answer is one that the route means to give: no worker beats here, and none is ready."""
    return answer.status_code < 500 or (answer.status_code == 503 and rule.endpoint == "health.ready")


def administrator(world: World) -> Visitor:
    """Return the administrator's browser, signed in anew if a form has ended the session."""
    visitor = world.visitor(ADMIN)
    if visitor.get("/queue").status_code != 200:
        del world.browsers[ADMIN]
    return world.visitor(ADMIN)
