"""Single sign-on: whom a trusted proxy names goes on as that person; nobody else's word counts."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from svc_plugin.demo.stage import ADMIN, api_key
from svc_plugin.sites.redmine import RedmineIdentity
from tests.builders import LEADER, SERVICE
from tests.pages.conftest import House, Visitor

PROXY = "10.9.8.7"


def proxied(house: House, **more: Any) -> Visitor:
    assert house.web.pages
    main = house.web.pages.identities["main"]
    able = RedmineIdentity(main.settings, switch_key=api_key(ADMIN))
    return house.visitor(
        **{
            "identities": {"main": able},
            "sign_on_header": "X-Remote-User",
            "trusted_proxies": frozenset({PROXY}),
            **more,
        }
    )


def sent(visitor: Visitor, path: str, who: Any, *, method: str = "get", address: str = PROXY) -> TestResponse:
    told = [("X-Remote-User", one) for one in ([who] if isinstance(who, str) else who)]
    more: dict[str, Any] = {"headers": told, "environ_base": {"REMOTE_ADDR": address}}
    if method == "get":
        return visitor.client.get(path, **more)
    return visitor.client.post(path, data={"csrf_token": visitor.token()}, **more)


def test_whom_the_companys_proxy_names_goes_on_as_that_person(house: House) -> None:
    visitor = proxied(house)
    assert "王芳" in sent(visitor, "/sign-in", SERVICE).text
    assert sent(visitor, "/sign-in/proxy", SERVICE, method="post").status_code == 303
    page = sent(visitor, "/shelf", SERVICE)
    assert page.status_code == 200
    assert "王芳" in page.text
    of_mes = house.issues["mes"]
    assert sent(visitor, f"/issues/{of_mes}", SERVICE).status_code == 404  # Redmine judges, not the proxy


@pytest.mark.parametrize(
    ("who", "address", "more"),
    [
        (LEADER, "127.0.0.1", {}),
        (LEADER, "10.9.8.70", {}),
        ([LEADER, SERVICE], PROXY, {}),
        (LEADER, PROXY, {"sign_on_header": ""}),
        (LEADER, PROXY, {"trusted_proxies": frozenset[str]()}),
        ("", PROXY, {}),
        ("x/../admin", PROXY, {}),
        ("王芳", PROXY, {}),
    ],
)
def test_nobody_else_is_believed_who_sits_there(house: House, who: Any, address: str, more: Any) -> None:
    visitor = proxied(house, **more)
    coded = who.encode().decode("latin-1") if isinstance(who, str) else who
    assert "/sign-in/proxy" not in sent(visitor, "/sign-in", coded, address=address).text
    answer = sent(visitor, "/sign-in/proxy", coded, method="post", address=address)
    assert answer.status_code == 403
    assert visitor.get("/").location == "/sign-in"


def test_a_header_names_only_people_whom_tracker_and_register_know(house: House) -> None:
    for stranger in ("nobody.at.all", "some.customer"):
        visitor = proxied(house)
        assert sent(visitor, "/sign-in/proxy", stranger, method="post").status_code == 403


def test_a_key_that_is_no_administrators_lets_nobody_act_as_another(house: House) -> None:
    assert house.web.pages
    able = RedmineIdentity(house.web.pages.identities["main"].settings, switch_key=api_key(SERVICE))
    visitor = proxied(house, identities={"main": able})
    assert sent(visitor, "/sign-in/proxy", LEADER, method="post").status_code == 403


def test_the_session_ends_when_somebody_else_sits_down(house: House) -> None:
    visitor = proxied(house)
    sent(visitor, "/sign-in/proxy", SERVICE, method="post")
    assert sent(visitor, "/", LEADER).location == "/sign-in"
    assert sent(visitor, "/", SERVICE).location == "/sign-in"


@pytest.mark.parametrize("key", [f"vouched:{LEADER}", f" vouched:{LEADER}", 'oauth:["x","",0]'])
def test_no_key_that_is_typed_names_somebody_else(house: House, key: str) -> None:
    visitor = proxied(house)
    assert visitor.post("/sign-in", {"key": key}).status_code == 403
    assert visitor.post("/sign-in", {"account": LEADER, "password": key}).status_code == 403
