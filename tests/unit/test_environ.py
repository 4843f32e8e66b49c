"""What a view is told of a request, where no server of ours can show it."""

import io
from types import SimpleNamespace

import pytest

from svc_plugin.web.environ import environ_of

REQUEST = {
    "method": "GET",
    "path": "/x",
    "query_string": "",
    "http_version": "1.1",
    "scheme": "http",
    "server": "127.0.0.1:8180",
    "client": "127.0.0.1:50000",
    "authority": None,
    "headers": {},
}


def told(**differing: object) -> dict[str, object]:
    return environ_of(SimpleNamespace(**(REQUEST | differing)), io.BytesIO())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "host"), [("[::1]:50000", "::1"), ("[fe80::2]:1", "fe80::2"), ("10.0.0.7:50000", "10.0.0.7")]
)
def test_an_address_is_told_without_port_and_brackets_as_proxies_are_configured(address, host):
    environ = told(client=address, server=address)
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"]) == (host, host)


def test_what_http_2_calls_authority_is_the_host():
    assert told(authority="svc.example.com")["HTTP_HOST"] == "svc.example.com"
    with_host = told(authority="other.example.com", headers={"host": "svc.example.com"})
    assert with_host["HTTP_HOST"] == "svc.example.com"
