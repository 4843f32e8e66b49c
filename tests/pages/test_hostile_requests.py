"""Requests that try to lead a browser away, to leave a folder, or to write a header."""

from dataclasses import replace

import pytest
from werkzeug.http import parse_options_header

from svc_plugin.bootstrap import utc_now
from svc_plugin.links import DocumentKey, Links
from svc_plugin.store.documents import StoredDocument
from tests.builders import SERVICE
from tests.pages.conftest import House

EVIL = "evil.example.net"


@pytest.mark.parametrize("host", [EVIL, f"{EVIL}:80", f"svc.example.com@{EVIL}"])
def test_no_answer_leads_to_the_host_that_a_request_names(house: House, host: str) -> None:
    visitor = house.visitor()
    for name in ("Host", "X-Forwarded-Host", "X-Host", "Forwarded"):
        answer = visitor.get("/shelf", headers={name: host})
        assert EVIL not in f"{answer.headers} {answer.text}"


@pytest.mark.parametrize("start", ["//", "/\\", "/%5c", "/%2f", "///"])
def test_nobody_is_led_to_another_site_by_signing_in(house: House, start: str) -> None:
    visitor = house.visitor()
    asked = visitor.get(f"{start}{EVIL}/shelf")
    goal = visitor.sign_in(SERVICE).location
    for location in filter(None, (asked.location, goal)):
        assert location.startswith(("/", "http://localhost/"))
        assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../secrets.env",
        "/static/..%2f..%2fsecrets.env",
        "/static/%2e%2e/%2e%2e/svc-plugin.yaml",
        "/static//etc/passwd",
        "/shelf/..%2f..%2fsecrets.env/1/zh",
        "/shelf/..%2f..%2fsecrets.env/1/zh/word",
        "/documents/..%2f..%2fsecrets.env",
    ],
)
def test_no_address_leaves_its_folder(house: House, path: str) -> None:
    visitor = house.visitor()
    visitor.sign_in(SERVICE)
    answer = visitor.get(path)
    assert answer.status_code in {308, 404}
    assert "SVC_SECRET_KEY" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe', "a\r\nX-Evil: 1", "报告\nX-Evil: 1", "../../etc/cron.d/x"]
)
def test_the_name_of_a_document_adds_no_header_and_names_no_folder(house: House, name: str) -> None:
    services = house.services
    plain = StoredDocument(
        "CSR-erp-2099-Q1", 1, "zh", "service_report", "erp", "2099-Q1", utc_now(), "客户服务报告",
        "f" * 64, "c" * 64, "d" * 64, b"PK",
    )  # fmt: skip
    services.library.store.put(replace(plain, document_id=name))
    links = Links(services.settings.secret_key, "", services.settings.link_age)
    answer = house.visitor().get(links.to_document(DocumentKey(name, 1, "zh")))
    assert "X-Evil" not in answer.headers
    if "\n" in name:
        assert answer.status_code == 500, "no issue can ask for such a document; the framework sends it never"
        return
    kind, options = parse_options_header(answer.headers["Content-Disposition"])
    assert (kind, set(options)) == ("attachment", {"filename"})
