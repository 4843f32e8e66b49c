"""The other ways in: over the tracker's own sign-in, and with passwords and tokens of Jira."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
from werkzeug.test import TestResponse

from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.sites.jira import CloudOAuth, JiraIdentity
from svc_plugin.sites.oauth import OAuth, tokens_of
from svc_plugin.sites.redmine import SCOPE, RedmineIdentity
from svc_plugin.standins.jira import create_app as create_jira
from svc_plugin.standins.jira import serve as serve_jira
from svc_plugin.standins.jira import site_of
from svc_plugin.standins.oauth import OAuthClient
from svc_plugin.standins.redmine import create_app as create_redmine
from svc_plugin.standins.redmine import serve as serve_redmine
from svc_plugin.store.tables import sessions
from tests.builders import LEADER, SERVICE
from tests.contract import jira_kit
from tests.contract.worlds import mapping, settings
from tests.pages.conftest import House, Visitor, plan_of

HERE = "https://svc.example.com"
APP = OAuthClient("the-app", "secret-of-the-app", f"{HERE}/sign-in/back", timedelta(hours=1))


@dataclass
class Tracker:
    """A tracker that signs people in, and how the pages are to know it."""

    url: str
    identity: Any
    cookies: dict[str, str]
    app: Any

    def pages(self, house: House, **more: Any) -> Visitor:
        return house.visitor(identities={"main": self.identity}, public_url=HERE, **more)

    def consents(self, visitor: Visitor, **cookies: str) -> str:
        """Begin on our page, consent at the tracker; return the address with which the browser comes back."""
        gone = visitor.get("/sign-in/over/main")
        assert gone.status_code == 303, gone.text
        answer = requests.get(
            gone.location, cookies=cookies or self.cookies, allow_redirects=False, timeout=10
        )
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(f"{HERE}/sign-in/back?")
        return answer.headers["Location"].removeprefix(HERE)


@pytest.fixture(scope="module")
def redmine(house: House) -> Iterator[Tracker]:
    app = create_redmine(plan_of(house.services.settings), clock=house.watch, oauth=APP)
    with serve_redmine(app) as served:
        known = mapping({"erp": "erp", "mes": "mes"})
        oauth = OAuth(APP.client_id, APP.client_secret, f"{served.url}/oauth/authorize",
                      f"{served.url}/oauth/token", SCOPE)  # fmt: skip
        identity = RedmineIdentity(settings(served.url, api_key(BOT), known), oauth)
        users = app.extensions["redmine_standin"].catalogue.users.values()
        number = next(str(one.id) for one in users if one.login == SERVICE)
        yield Tracker(served.url, identity, {"acting_as": number}, app)


@pytest.fixture(scope="module")
def cloud(house: House) -> Iterator[Tracker]:
    app = create_jira(jira_kit.plan(jira_kit.shipped()), "cloud", clock=house.watch, oauth=APP)
    with serve_jira(app) as served:
        known = jira_kit.settings(served.url, "cloud", browse_url=served.url)
        identity = JiraIdentity(known, CloudOAuth(APP.client_id, APP.client_secret, served.url, served.url))
        yield Tracker(served.url, identity, {"acting_as": SERVICE}, app)


@pytest.fixture(params=["redmine", "cloud"])
def tracker(request: pytest.FixtureRequest) -> Tracker:
    found: Tracker = request.getfixturevalue(request.param)
    return found


def key_of(house: House, visitor: Visitor) -> str:
    with visitor.client.session_transaction(base_url=HERE) as held:
        token = held["token"]
    assert house.web.pages
    found = house.web.pages.sessions.find(token, house.watch())
    assert found
    return found.key


class Browser(Visitor):
    """A visitor that comes by HTTPS, as the cookie wants it."""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=HERE, **more)

    def token(self, page: str = "/sign-in") -> str:
        return self.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]

    def post(self, path: str, data: Any = None, **more: Any) -> TestResponse:
        headers = {"Referer": f"{HERE}/"}
        sent = {**(data or {}), "csrf_token": self.token()}
        return self.client.post(path, base_url=HERE, data=sent, headers=headers, **more)


def browser(house: House, tracker: Tracker, **more: Any) -> Browser:
    return Browser(tracker.pages(house, **more).client)


def test_who_consents_at_the_tracker_is_signed_in(house: House, tracker: Tracker) -> None:
    visitor = browser(house, tracker)
    assert visitor.get("/shelf").status_code == 303
    assert "/sign-in/over/main" in visitor.get("/sign-in").text
    answer = visitor.get(tracker.consents(visitor))
    assert (answer.status_code, answer.location) == (303, "/shelf")
    assert "王芳" in visitor.get("/shelf").text


def test_the_tracker_learns_neither_our_secret_nor_the_verifier(house: House, tracker: Tracker) -> None:
    url = browser(house, tracker).get("/sign-in/over/main").location
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 20
    assert asked["redirect_uri"] == APP.redirect_uri
    assert APP.client_secret not in url
    assert "verifier" not in asked


def test_a_return_counts_once_in_the_browser_that_was_sent(house: House, tracker: Tracker) -> None:
    visitor, stranger = browser(house, tracker), browser(house, tracker)
    back = tracker.consents(visitor)
    assert stranger.get(back).status_code == 400
    stranger.get("/sign-in/over/main")  # sent away too, but with another state
    assert stranger.get(back).status_code == 400
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 400
    assert stranger.get("/").location == "/sign-in"


@pytest.mark.parametrize("change", ["state=x&code=y", "code=y", "state=&code=", "state=%00"])
def test_a_return_that_nobody_asked_for_opens_nothing(house: House, tracker: Tracker, change: str) -> None:
    visitor = browser(house, tracker)
    back = tracker.consents(visitor)
    assert visitor.get(f"/sign-in/back?{change}").status_code == 400
    assert visitor.get(back).status_code == 400  # one guess is all there is
    assert visitor.get("/").location == "/sign-in"


def test_a_code_that_was_stolen_is_of_no_use_without_the_verifier(house: House, tracker: Tracker) -> None:
    victim, thief = browser(house, tracker), browser(house, tracker)
    code = parse_qs(urlsplit(tracker.consents(victim)).query)["code"][0]
    state = parse_qs(urlsplit(thief.get("/sign-in/over/main").location).query)["state"][0]
    assert thief.get("/sign-in/back", query_string={"state": state, "code": code}).status_code == 403
    assert thief.get("/").location == "/sign-in"


def test_who_comes_back_late_begins_again(house: House, tracker: Tracker) -> None:
    visitor = browser(house, tracker)
    back = tracker.consents(visitor)
    house.watch.ahead = timedelta(minutes=11)
    assert visitor.get(back).status_code == 400


def test_who_does_not_consent_stays_outside(house: House, tracker: Tracker) -> None:
    visitor = browser(house, tracker)
    assert visitor.get(tracker.consents(visitor, acting_as="0")).status_code == 403


def test_a_session_over_the_tracker_renews_its_token(house: House, tracker: Tracker) -> None:
    visitor = browser(house, tracker)
    visitor.get(tracker.consents(visitor))
    first = key_of(house, visitor)
    for minutes in (54, 108, 162):
        house.watch.ahead = timedelta(minutes=minutes)
        assert visitor.get("/").status_code == 200
    now = key_of(house, visitor)
    assert now != first
    renewed, former = tokens_of(now), tokens_of(first)
    assert renewed
    assert former
    assert renewed.access != former.access


def test_a_consent_taken_back_ends_the_session(house: House, tracker: Tracker) -> None:
    visitor = browser(house, tracker)
    visitor.get(tracker.consents(visitor))
    names = ("redmine_oauth", "jira_oauth")
    authority = next(tracker.app.extensions[name] for name in names if name in tracker.app.extensions)
    authority._tokens.clear()
    authority._refreshes.clear()
    house.watch.ahead = timedelta(minutes=6)
    assert visitor.get("/").location == "/sign-in"


def test_a_copy_of_the_database_holds_no_token_of_the_tracker(house: House, tracker: Tracker) -> None:
    visitor = browser(house, tracker)
    visitor.get(tracker.consents(visitor))
    held = tokens_of(key_of(house, visitor))
    assert held
    with house.services.database.begin() as connection:
        rows = repr(connection.execute(sa.select(sessions)).all())
    assert held.access not in rows
    assert held.refresh not in rows


def test_a_tracker_that_does_not_answer_says_nothing_of_who_came(house: House, redmine: Tracker) -> None:
    down = replace(redmine.identity.oauth, token_url="http://127.0.0.1:1/oauth/token")
    identity = RedmineIdentity(redmine.identity.settings, down)
    visitor = Browser(house.visitor(identities={"main": identity}, public_url=HERE).client)
    back = redmine.consents(visitor)
    assert visitor.get(back).status_code == 503


def test_a_consent_for_another_jira_is_none_for_ours(house: House, cloud: Tracker) -> None:
    other = replace(cloud.identity.settings, browse_url="https://third.example")
    identity = JiraIdentity(other, cloud.identity.oauth)
    visitor = Browser(house.visitor(identities={"main": identity}, public_url=HERE).client)
    assert visitor.get(cloud.consents(visitor)).status_code == 403


def test_without_an_application_the_way_is_not_there(house: House) -> None:
    visitor = house.visitor()
    assert "/sign-in/over" not in visitor.get("/sign-in").text
    assert visitor.get("/sign-in/over/main").status_code == 404
    assert visitor.get("/sign-in/over/other").status_code == 404


def jira_browser(house: House, url: str, mode: Any) -> Browser:
    identity = JiraIdentity(jira_kit.settings(url, mode))
    return Browser(house.visitor(identities={"main": identity}, public_url=HERE).client)


@pytest.fixture(scope="module")
def data_center(house: House) -> Iterator[Any]:
    plan = jira_kit.plan(jira_kit.shipped())
    people = tuple(replace(one, password=f"密码 of {one.name}") for one in plan.people)
    app = create_jira(replace(plan, people=people), "dc", clock=house.watch)
    with serve_jira(app) as served:
        yield served


def test_data_center_takes_a_token_or_a_password(house: House, data_center: Any) -> None:
    for form in (
        {"key": f"planted-token-of-{SERVICE}"},
        {"account": SERVICE, "password": f"密码 of {SERVICE}"},
    ):
        visitor = jira_browser(house, data_center.url, "dc")
        assert visitor.post("/sign-in", form).status_code == 303
        assert "王芳" in visitor.get("/").text


@pytest.mark.parametrize(
    "form",
    [
        {"key": "no-token"},
        {"account": SERVICE, "password": "wrong"},
        {"account": f"x:{SERVICE}", "password": "y"},
        {"key": f'basic:["{SERVICE}","x"]'},
        {"key": 'oauth:["a","b",0]'},
    ],
)
def test_data_center_takes_nothing_else(house: House, data_center: Any, form: dict[str, str]) -> None:
    assert jira_browser(house, data_center.url, "dc").post("/sign-in", form).status_code == 403
    site_of(data_center.app).faults.failed_logins.clear()


def test_cloud_takes_an_api_token_with_its_mail_address(house: House, cloud: Tracker) -> None:
    visitor = browser(house, cloud)
    given = {"account": f"{SERVICE}@example.com", "password": f"planted-token-of-{SERVICE}"}
    assert visitor.post("/sign-in", given).status_code == 303
    assert browser(house, cloud).post("/sign-in", {"key": f"planted-token-of-{SERVICE}"}).status_code == 403


def test_jira_shows_what_it_shows_the_person(house: House, cloud: Tracker) -> None:
    key = cloud.identity.key_of(f"{SERVICE}@example.com", f"planted-token-of-{SERVICE}")
    access = cloud.identity.access(key)
    assert (access.account, access.administrator) == (SERVICE, False)
    assert access.products == {"erp", "mes"}
    leader = cloud.identity.key_of(f"{LEADER}@example.com", f"planted-token-of-{LEADER}")
    assert cloud.identity.access(leader).administrator
