"""The receiver over HTTP: what it stores, what it answers, and its one log line for each request."""

import json
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.model import IssueRef
from tests.component.receiver_kit import (
    NOW,
    SECRET,
    UUID,
    Receiver,
    a_receiver,
    native,
    own,
    signature,
)

ISSUE = b'{"type":"issue.updated","timestamp":"2026-11-22T08:00:00Z","data":{"issue":{"id":12}}}'
PLUGIN = b'{"payload":{"action":"updated","issue":{"id":12}}}'


@pytest.fixture
def receiver() -> Receiver:
    return a_receiver()


def test_a_signed_delivery_is_stored_and_then_hinted(receiver):
    body, headers = own()
    answer, lines = receiver.send("/hooks/main", body, headers=headers)
    assert (answer.status_code, answer.json) == (202, {"stored": True})
    (notice,) = receiver.inbox.stored
    assert (notice.ref, notice.delivery, notice.body) == (IssueRef("main", "12"), UUID, body)
    assert notice.received_at == NOW
    assert receiver.hints == [IssueRef("main", "12")]
    assert lines == [
        {
            "event": "delivery.stored",
            "log_level": "info",
            "site": "main",
            "status": 202,
            "issue": "12",
            "delivery": UUID,
            "kind": "updated",
        }
    ]


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/hooks/main", ISSUE, native(ISSUE)),
        ("/hooks/main/", ISSUE, native(ISSUE)),
        ("/hooks/main", ISSUE, native(ISSUE, "planted-the-next-secret")),
        (f"/hooks/old/{SECRET}", PLUGIN, {}),
        ("/hooks/old", PLUGIN, {"X-Svc-Token": SECRET}),
    ],
)
def test_every_sender_is_heard_and_a_repeated_delivery_is_stored_once(receiver, path, body, headers):
    first, _ = receiver.send(path, body, headers=headers)
    again, lines = receiver.send(path, body, headers=headers)
    assert (first.status_code, first.json) == (202, {"stored": True})
    assert (again.status_code, again.json) == (202, {"stored": False})
    assert [line["event"] for line in lines] == ["delivery.duplicate"]
    assert [notice.ref.key for notice in receiver.inbox.stored] == ["12"]
    assert len(receiver.hints) == 1


def test_the_same_delivery_id_from_two_sites_is_two_deliveries(receiver):
    body, headers = own()
    for site in ("main", "old"):
        receiver.send(f"/hooks/{site}", body, headers=headers)
    assert [str(notice.ref) for notice in receiver.inbox.stored] == ["main/12", "old/12"]


def test_news_of_the_tracker_that_is_about_no_issue_is_ignored(receiver):
    body = b'{"type":"news.created","data":{"news":{"id":5}}}'
    answer, lines = receiver.send("/hooks/main", body, headers=native(body))
    assert (answer.status_code, answer.data) == (204, b"")
    (line,) = lines
    assert (line["event"], line["reason"]) == ("delivery.ignored", "not_about_an_issue")
    assert line["about"] == "'news.created'"
    assert not receiver.inbox.stored


def signed(body: bytes, **more: object) -> dict[str, object]:
    return {"headers": native(body) | dict(more.pop("headers", {})), **more}


REFUSED = [
    ("unknown_site", 404, "/hooks/nowhere", ISSUE, signed(ISSUE)),
    ("no_secret", 401, "/hooks/open", ISSUE, {"headers": native(ISSUE, "")}),
    ("no_secret", 401, "/hooks/open/x", ISSUE, {}),
    ("no_secret", 401, "/hooks/open", b"", {"content_type": "text/plain"}),
    ("unsigned", 401, "/hooks/main", ISSUE, {}),
    ("unsigned", 401, "/hooks/old", PLUGIN, {}),
    ("bad_signature", 401, "/hooks/main", ISSUE, {"headers": native(ISSUE, "wrong")}),
    ("bad_signature", 401, "/hooks/main", ISSUE, {"headers": {"X-Redmine-Signature-256": ""}}),
    ("bad_signature", 401, "/hooks/main", ISSUE + b" ", {"headers": native(ISSUE)}),
    ("token_not_allowed", 401, f"/hooks/main/{SECRET}", PLUGIN, {}),
    ("bad_token", 401, "/hooks/old/wrong-token", PLUGIN, {}),
    ("bad_token", 401, "/hooks/old/%FF%00", PLUGIN, {}),
    ("bad_token", 401, "/hooks/old", PLUGIN, {"headers": {"X-Svc-Token": "wrong-token"}}),
    ("content_type", 415, "/hooks/main", ISSUE, signed(ISSUE, content_type="text/plain")),
    ("content_type", 415, "/hooks/main", ISSUE, signed(ISSUE, content_type="")),
    (
        "content_type",
        415,
        "/hooks/main",
        ISSUE,
        signed(ISSUE, content_type="application/json; charset=latin-1"),
    ),
    ("content_encoding", 415, "/hooks/main", ISSUE, signed(ISSUE, headers={"Content-Encoding": "gzip"})),
    ("too_large", 413, "/hooks/main", b"{}", signed(b"{}", environ_overrides={"CONTENT_LENGTH": "26000000"})),
    ("truncated", 400, "/hooks/main", ISSUE, signed(ISSUE, environ_overrides={"CONTENT_LENGTH": "9000"})),
    ("wrong_field", 400, "/hooks/main", b'{"type":3}', signed(b'{"type":3}')),
    ("other_sender", 400, f"/hooks/old/{SECRET}", ISSUE, {}),
    ("other_delivery", 400, "/hooks/main", own()[0], {"headers": own()[1] | {"X-Svc-Delivery": "x"}}),
    *(
        (reason, 400, "/hooks/main", body, signed(body))
        for reason, body in [
            ("not_json", b""),
            ("not_json", ISSUE[:-9]),
            ("not_json", b'{"type":NaN}'),
            ("not_json", b'{"type":' + b"1" * 5000 + b"}"),
            ("not_an_object", b"[]"),
            ("duplicate_key", b'{"type":"issue.updated","type":"x"}'),
            ("too_deep", b'{"type":' * 5000),
            ("not_utf8", ISSUE.decode().encode("utf-16")),
            ("not_utf8", '{"type":"é"}'.encode("latin-1")),
            ("not_utf8", b"\xef\xbb\xbf" + ISSUE),
        ]
    ),
]


@pytest.mark.parametrize(("reason", "status", "path", "body", "options"), REFUSED)
def test_a_bad_delivery_is_refused_in_both_languages_with_one_line_and_nothing_stored(
    receiver, caplog, reason, status, path, body, options
):
    answer, lines = receiver.send(path, body, **options)
    assert answer.status_code == status
    error = answer.json["error"]
    assert set(error) == {"zh", "en"}
    assert all("{" not in text and len(text) > 20 for text in error.values())
    assert not error["zh"].isascii()
    assert error["en"].isascii()
    assert [(line["event"], line["reason"]) for line in lines] == [("delivery.rejected", reason)]
    assert not receiver.inbox.stored
    assert not receiver.hints
    assert not caplog.records


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "APPLICATION/JSON; charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_json_in_utf8_is_taken_however_it_is_written(receiver, content_type):
    answer, _ = receiver.send("/hooks/main", ISSUE, **signed(ISSUE, content_type=content_type))
    assert answer.status_code == 202


def test_the_limit_holds_for_bodies_of_no_announced_length(receiver):
    body = b"{" + b" " * 25_000_000
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer, lines = receiver.send("/hooks/main", body, headers=native(body), environ_overrides=chunked)
    assert answer.status_code == 413
    assert [line["reason"] for line in lines] == ["too_large"]


def test_a_stream_that_breaks_with_an_error_of_the_server_is_a_truncated_body(receiver):
    class ServersOwnError(Exception):
        pass

    def read(_size):
        raise ServersOwnError

    broken = {"wsgi.input_terminated": True, "wsgi.input": SimpleNamespace(read=read)}
    answer, lines = receiver.send("/hooks/main", ISSUE, headers=native(ISSUE), environ_overrides=broken)
    assert answer.status_code == 400
    assert [line["reason"] for line in lines] == ["truncated"]


def test_a_store_that_is_down_is_told_with_the_time_to_come_back(receiver):
    receiver.inbox.trouble = TransientError("locked", retry_after=2.2)
    body, headers = own()
    answer, lines = receiver.send("/hooks/main", body, headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "3 s" in answer.json["error"]["en"]
    assert [(line["event"], line["issue"], line["delivery"]) for line in lines] == [
        ("delivery.unavailable", "12", UUID)
    ]
    receiver.inbox.trouble = None
    assert receiver.send("/hooks/main", body, headers=headers)[0].json == {"stored": True}


def test_the_line_about_a_store_that_is_down_quotes_nothing_of_the_delivery(receiver):
    receiver.inbox.trouble = TransientError("INSERT ... parameters: ('private note',)")
    receiver.inbox.trouble.__cause__ = OSError("private note")
    body, headers = own()
    answer, (line,) = receiver.send("/hooks/main", body, headers=headers)
    assert line["cause"] == "OSError"
    assert "private note" not in str(line) + answer.text


def test_a_store_that_does_not_say_when_it_is_back_gets_half_a_minute(receiver):
    receiver.inbox.trouble = TransientError("locked")
    body, headers = own()
    assert receiver.send("/hooks/main", body, headers=headers)[0].headers["Retry-After"] == "30"


def test_a_failing_hint_costs_nothing():
    def fail(_ref):
        raise ConnectionError("no queue")

    deaf = a_receiver(hint=fail)
    body, headers = own()
    answer, lines = deaf.send("/hooks/main", body, headers=headers)
    assert (answer.status_code, len(deaf.inbox.stored)) == (202, 1)
    assert [(line["event"], line["hint_failed"]) for line in lines] == [
        ("delivery.stored", "ConnectionError")
    ]


def test_a_fault_of_our_own_is_one_line_without_body_or_token(receiver, caplog):
    receiver.inbox.trouble = RuntimeError(f"with {SECRET} and {PLUGIN!r}")
    answer, lines = receiver.send(f"/hooks/old/{SECRET}", PLUGIN)
    assert answer.status_code == 500
    assert "delivery.failed" in answer.json["error"]["zh"]
    (line,) = lines
    assert (line["event"], line["cause"], line["log_level"]) == ("delivery.failed", "RuntimeError", "error")
    assert "receiver_kit.py:" in line["where"][-1]
    assert SECRET not in str(line) + answer.text
    assert "payload" not in str(line) + answer.text
    assert not caplog.records


@pytest.mark.parametrize(("_reason", "_status", "path", "body", "options"), REFUSED)
def test_no_refusal_shows_secret_token_or_body(receiver, _reason, _status, path, body, options):
    answer, lines = receiver.send(path, body, **options)
    seen = str(lines) + answer.text + str(answer.headers)
    for private in (SECRET, "wrong-token", "nowhere", "timestamp", signature(body)):
        assert private not in seen


def test_a_token_put_in_the_place_of_the_site_reaches_no_log(receiver):
    _, lines = receiver.send(f"/hooks/{SECRET}", PLUGIN)
    assert [line["site"] for line in lines] == [None]
    assert SECRET not in str(lines)


def test_a_site_without_a_secret_tells_its_administrator_so_in_the_log(receiver):
    _, lines = receiver.send("/hooks/open", ISSUE, **signed(ISSUE))
    assert "configure a secret" in lines[0]["hint"]


@pytest.mark.parametrize("path", ["/hooks/main", "/hooks/main/", "/hooks/old/any-token"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_tries_the_address_is_told_what_to_set_up(receiver, path, method):
    with capture_logs() as lines:
        answer = receiver.client.open(path, method=method)
    assert answer.status_code == 200
    assert [(line["event"], line["site"]) for line in lines] == [("delivery.probed", path.split("/")[2])]
    assert "any-token" not in str(lines)
    if method == "GET":
        assert "密钥" in answer.text
        assert "secret" in answer.text
        assert "any-token" not in answer.text


def test_trying_the_address_of_an_unknown_site_is_not_found(receiver):
    answer = receiver.client.get("/hooks/nowhere")
    assert answer.status_code == 404
    assert "站点" in answer.json["error"]["zh"]


def test_the_answer_keeps_its_chinese_readable_in_the_senders_log(receiver):
    answer, _ = receiver.send("/hooks/main", ISSUE)
    assert "签名" in answer.text
    assert json.loads(answer.text) == answer.json
