"""Downloads by signed link, and health, on the application as it is served."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from svc_plugin.bootstrap import build, utc_now
from svc_plugin.links import DocumentKey, Links
from svc_plugin.running.pulse import Pulse
from svc_plugin.settings import load_settings
from svc_plugin.store.documents import StoredDocument
from svc_plugin.web.app import create_app
from svc_plugin.web.serving import parts
from tests.builders import CONFIG, NOW, ref

KEY = DocumentKey("CSR-erp-2026-Q4", 1, "zh")
SECRETS = {"SVC_SECRET_KEY": "k" * 40, "SVC_SITE_MAIN_HOOK_SECRETS": "hook"}


class NoHints:
    def send(self, ref) -> None:
        """Nobody works here."""

    def send_sync(self) -> None:
        """Nobody works here."""


@pytest.fixture
def services(tmp_path):
    environ = {**SECRETS, "SVC_DATABASE_URL": f"sqlite:///{tmp_path}/svc.db"}
    built = build(load_settings(CONFIG, environ, now=NOW), sites={})
    yield built
    built.close()


@pytest.fixture
def client(services):
    Pulse(services.database, utc_now).beat()
    return create_app(parts(services, services.inbox, NoHints())).test_client()


@pytest.fixture
def stored(services):
    document = StoredDocument(
        KEY.document_id, 1, "zh", "service_report", "erp", "2026-Q4", utc_now(), "客户服务报告",
        "f" * 64, "c" * 64, "d" * 64, b"PK the very bytes",
    )  # fmt: skip
    services.library.store.put(document)
    return document


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_a_signed_link_gives_the_very_bytes_that_were_issued(services, client, stored):
    answer = client.get(path_of(services.links().to_document(KEY)))
    assert answer.status_code == 200
    assert answer.data == stored.content
    assert "CSR-erp-2026-Q4-v1.docx" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_expired_link_is_refused_in_words(services, stored):
    past = replace(services, settings=replace(services.settings, link_age=timedelta(seconds=-1)))
    client = create_app(parts(past, services.inbox, NoHints())).test_client()
    answer = client.get(path_of(past.links().to_document(KEY)))
    assert answer.status_code == 410
    assert "过期" in answer.text
    assert stored.content not in answer.data


@pytest.mark.parametrize("token", ["x", "WyJDU1IiLDEsInpoIl0.abc.def"])
def test_a_link_that_we_did_not_sign_gives_nothing(client, stored, token):
    assert client.get(f"/documents/{token}").status_code == 404


def test_a_link_signed_with_another_key_gives_nothing(client, stored):
    forged = Links("other", "http://x", timedelta(days=1)).to_document(KEY)
    assert client.get(path_of(forged)).status_code == 404


def test_there_is_no_unsigned_way_to_a_document(client, stored):
    for path in ("/documents", "/documents/", "/documents/CSR-erp-2026-Q4", "/documents/CSR-erp-2026-Q4/1"):
        assert client.get(path).status_code == 404


def test_links_need_a_secret():
    with pytest.raises(ValueError, match="SVC_SECRET_KEY"):
        Links("", "http://x", timedelta(days=1))


def test_ready_says_what_waits(services, client):
    services.work.add([ref("1"), ref("2")], due=utc_now())
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["waiting"]) == (200, 2)


def test_ready_is_honest_when_work_is_stuck(services, client):
    services.work.add([ref("1")], due=utc_now() - timedelta(hours=1))
    assert client.get("/ready").status_code == 503


def test_every_answer_carries_the_protecting_headers(client):
    headers = client.get("/live").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


_WALKED = """
import gc, os
from svc_plugin.web.serving import create
create()
print(len(gc.get_objects()), gc.get_freeze_count())
os._exit(0)
"""


def test_what_a_server_holds_from_its_start_is_not_walked_through_for_garbage(tmp_path):
    own = {"SVC_CONFIG": str(CONFIG), "SVC_DATABASE_URL": f"sqlite:///{tmp_path}/svc.db"}
    environ = {**os.environ, **SECRETS, **own, "SVC_RECEIVE_ONLY": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _WALKED], env=environ, cwd=CONFIG.parent, check=True, stdout=subprocess.PIPE
    )
    walked, frozen = map(int, done.stdout.split()[-2:])
    assert walked < frozen / 10
