"""Signing in and out, against the stand-in's own accounts."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from svc_plugin.demo.stage import ADMIN, api_key
from svc_plugin.domain.errors import TransientError
from svc_plugin.sites.redmine import RedmineIdentity
from svc_plugin.store.tables import sessions
from tests.builders import LEADER, SERVICE
from tests.contract.worlds import mapping, settings
from tests.pages.conftest import STRANGER, House


def cookie(visitor, name="svc"):
    found = visitor.client.get_cookie(name)
    return found.value if found else None


def test_who_asks_for_a_page_signs_in_and_comes_back_to_it(house: House) -> None:
    visitor = house.visitor()
    assert visitor.get("/shelf").location == "/sign-in"
    answer = visitor.sign_in(SERVICE)
    assert (answer.status_code, answer.location) == (303, "/shelf")
    assert visitor.get("/shelf").status_code == 200


def test_an_api_key_will_do_in_place_of_a_password(house: House) -> None:
    visitor = house.visitor()
    assert visitor.post("/sign-in", {"key": api_key(SERVICE)}).location == "/"
    assert "王芳" in visitor.get("/").text


@pytest.mark.parametrize(
    ("account", "password"),
    [
        (SERVICE, "wrong"),
        (SERVICE, "密码不对"),
        ("nobody.at.all", "x"),
        ("王芳", "密码"),
        (f"{SERVICE}:x", "y"),
        (STRANGER, f"{STRANGER}-demo-1"),
    ],
)
def test_whom_the_site_or_the_register_does_not_know_stays_outside(house, account, password) -> None:
    visitor = house.visitor()
    assert visitor.sign_in(account, password).status_code == 403
    assert visitor.get("/").location == "/sign-in"


def test_a_wrong_password_and_an_unknown_account_look_alike(house: House) -> None:
    answers = [house.visitor().sign_in(account, "x") for account in (SERVICE, "nobody.at.all")]
    assert answers[0].text.count("密码") == answers[1].text.count("密码")
    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("key", ["wrong", "with space", "行", "a\r\nX: y", "x" * 101])
def test_a_key_that_is_none_opens_nothing(house: House, key: str) -> None:
    assert house.visitor().post("/sign-in", {"key": key}).status_code in {400, 403}


@pytest.mark.parametrize("form", [{}, {"account": SERVICE}, {"password": "x"}, {"site": "other", "key": "x"}])
def test_half_a_form_is_asked_for_again(house: House, form: dict[str, str]) -> None:
    assert house.visitor().post("/sign-in", form).status_code == 400


def test_after_five_failures_even_the_right_password_waits(house: House) -> None:
    visitor = house.visitor()
    for _ in range(5):
        assert visitor.sign_in(SERVICE, "wrong").status_code == 403
    answer = visitor.sign_in(SERVICE.upper())
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    house.watch.ahead = timedelta(minutes=16)
    assert visitor.sign_in(SERVICE).status_code == 303


def test_success_forgets_the_failures_before_it(house: House) -> None:
    visitor = house.visitor()
    for _ in range(3):
        for _ in range(4):
            visitor.sign_in(SERVICE, "wrong")
        assert visitor.sign_in(SERVICE).status_code == 303


def test_only_a_trusted_proxy_tells_where_a_request_came_from(house: House) -> None:
    def tried(visitor, address):
        return visitor.sign_in(SERVICE, "wrong", headers={"X-Forwarded-For": f"9.9.9.9, {address}"})

    plain, proxied = house.visitor(), house.visitor(trusted_proxies=frozenset({"127.0.0.1"}))
    for number in range(5):
        tried(plain, f"10.0.0.{number}")
    assert tried(plain, "10.0.0.9").status_code == 429  # as one address, whatever it says
    assert tried(proxied, "10.0.0.9").status_code == 403  # as another


def test_a_sign_in_leaves_nothing_of_the_session_before_it(house: House) -> None:
    visitor = house.visitor()
    visitor.get("/sign-in")
    planted = cookie(visitor)
    visitor.sign_in(SERVICE)
    first = cookie(visitor)
    visitor.sign_in(LEADER)
    for old in (planted, first):
        other = house.visitor()
        other.client.set_cookie("svc", old)
        assert other.get("/").location == "/sign-in"


def test_who_signed_out_is_out_even_with_a_copy_of_the_cookie(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    copy = cookie(visitor)
    assert visitor.post("/sign-out").status_code == 303
    other = house.visitor()
    other.client.set_cookie("svc", copy)
    assert other.get("/").location == "/sign-in"


def test_signing_out_everywhere_ends_the_other_browsers_of_that_person_only(house: House) -> None:
    phone, desk, colleague = (house.signed_in(one) for one in (SERVICE, SERVICE, LEADER))
    assert desk.post("/sign-out-everywhere").status_code == 303
    assert phone.get("/").location == "/sign-in"
    assert colleague.get("/").status_code == 200


@pytest.mark.parametrize("hours", [3, 13])
def test_a_session_ends_by_itself(house: House, hours: int) -> None:
    visitor = house.signed_in(SERVICE)
    for _ in range(hours // 2 if hours > 12 else 0):
        house.watch.ahead += timedelta(minutes=119)
        assert visitor.get("/").status_code == 200
    house.watch.ahead = timedelta(hours=hours)
    assert visitor.get("/").location == "/sign-in"


def test_what_the_site_no_longer_shows_is_gone_within_minutes(house: House, monkeypatch, papers) -> None:
    visitor = house.signed_in(LEADER)
    paper = f"/shelf/{papers['erp'].document_id}/1/zh"
    site = house.redmine.extensions["redmine_standin"]
    known = site.catalogue
    left = tuple(one for one in known.memberships if known.users[one.user_id].login != LEADER)
    bare = replace(site, catalogue=replace(known, memberships=left))
    monkeypatch.setitem(house.redmine.extensions, "redmine_standin", bare)
    assert visitor.get(paper).status_code == 200
    house.watch.ahead = timedelta(minutes=6)
    assert visitor.get(paper).status_code == 404
    empty = replace(site, catalogue=replace(known, users={}))
    monkeypatch.setitem(house.redmine.extensions, "redmine_standin", empty)
    house.watch.ahead = timedelta(minutes=12)
    assert visitor.get("/").location == "/sign-in"


def test_while_the_site_is_down_what_it_said_counts_for_half_an_hour(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    gone = {"main": RedmineIdentity(_settings("http://127.0.0.1:1"))}
    elsewhere = house.visitor(identities=gone)
    elsewhere.client.set_cookie("svc", cookie(visitor))
    for minutes, status in ((20, 200), (31, 503)):
        house.watch.ahead = timedelta(minutes=minutes)
        assert elsewhere.get("/").status_code == status


def test_a_site_that_does_not_answer_says_nothing_of_a_password() -> None:
    with pytest.raises(TransientError):
        RedmineIdentity(_settings("http://127.0.0.1:1")).key_of("a", "b")


def _settings(url):
    return settings(url, "", mapping({"erp": "erp"}))


def test_a_copy_of_the_database_holds_no_key_and_no_token(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    with visitor.client.session_transaction() as held:
        token = held["token"]
    with house.services.database.begin() as connection:
        rows = repr(connection.execute(sa.select(sessions)).all())
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path(house.services.settings.database.removeprefix("sqlite:///"))
    for secret in (api_key(SERVICE), token, f"{SERVICE}-demo-1"):
        assert secret not in rows
        assert secret.encode() not in file.read_bytes()


def test_behind_tls_the_cookie_belongs_to_this_host_alone(house: House) -> None:
    visitor = house.visitor(public_url="https://svc.example.com")
    answer = visitor.get("/sign-in")
    (held,) = answer.headers.getlist("Set-Cookie")
    assert held.startswith("__Host-svc=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(held.split("; "))
    assert "Domain" not in held
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_tls_the_cookie_is_hidden_from_scripts_all_the_same(house: House) -> None:
    answer = house.visitor().get("/sign-in")
    assert {"HttpOnly", "SameSite=Lax"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert "Strict-Transport-Security" not in answer.headers


def test_an_administrator_of_the_site_may_sign_in_without_being_in_the_register(house: House) -> None:
    assert house.signed_in(ADMIN).get("/queue").status_code == 200
