"""What a Jira sends: which issue it is about, who may send it, and what is refused."""

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from webhooks.delivery import Delivery, DeliveryRejectedError, Ignored, Kind, Source
from webhooks.jira import jira_guide, parse_jira

FIRST, SECOND = "planted-first" * 8, "planted-second" * 8
SOURCE = Source("main", "jira", (FIRST, SECOND))
WITH_TOKEN = Source("main", "jira", (FIRST, SECOND), allow_token=True)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STAMP = int(NOW.timestamp() * 1000)


def signature(body: bytes, secret: str = FIRST) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(data: object, secret: str = FIRST, at: datetime = NOW, **headers: str) -> Delivery:
    body = json.dumps(data).encode()
    return Delivery({"x-hub-signature": signature(body, secret), **headers}, body, received_at=at)


def unsigned(headers: dict[str, str], token: str | None = None) -> Delivery:
    return Delivery(headers, json.dumps(event("jira:issue_updated")).encode(), token, NOW)


def event(name: str, **parts: object) -> dict[str, object]:
    return {"timestamp": STAMP, "webhookEvent": name, **({"issue": {"id": "10040"}} | parts)}


def refusal(delivery: Delivery, source: Source = SOURCE) -> DeliveryRejectedError:
    with pytest.raises(DeliveryRejectedError) as caught:
        parse_jira(delivery, source)
    return caught.value


@pytest.mark.parametrize("kind", list(Kind))
def test_an_event_of_an_issue_tells_its_id_and_what_happened(kind):
    parsed = parse_jira(signed(event(f"jira:issue_{kind}")), SOURCE)
    assert (parsed.key, parsed.kind, parsed.others) == ("10040", kind, ())


@pytest.mark.parametrize("name", ["comment_created", "comment_updated", "comment_deleted"])
def test_a_comment_of_cloud_is_an_update_of_its_issue(name):
    parsed = parse_jira(
        signed(event(name, comment={"self": "https://x/rest/api/2/issue/7/comment/1"})), SOURCE
    )
    assert (parsed.key, parsed.kind) == ("10040", Kind.UPDATED)


def test_a_comment_of_data_center_names_its_issue_only_in_its_address():
    data = {"timestamp": STAMP, "webhookEvent": "comment_created"}
    data["comment"] = {"self": "https://jira.example/ctx/rest/api/2/issue/10013/comment/10082"}
    assert parse_jira(signed(data), SOURCE).key == "10013"


@pytest.mark.parametrize(
    "address", [None, 5, "https://jira.example/rest/api/2/comment/1", "/issue/abc/comment/1"]
)
def test_a_comment_without_an_issue_in_its_address_is_refused(address):
    data = {"timestamp": STAMP, "webhookEvent": "comment_created", "comment": {"self": address}}
    assert refusal(signed(data)).facts["field"] == "comment.self"


def test_a_worklog_names_its_issue_by_id_alone():
    data = {"timestamp": STAMP, "webhookEvent": "worklog_updated", "worklog": {"issueId": "10014"}}
    assert parse_jira(signed(data), SOURCE).key == "10014"


def test_a_link_concerns_both_of_its_issues():
    link = {"id": 1, "sourceIssueId": 10001, "destinationIssueId": 10002}
    parsed = parse_jira(
        signed({"timestamp": STAMP, "webhookEvent": "issuelink_created", "issueLink": link}), SOURCE
    )
    assert (parsed.key, parsed.others) == ("10001", ("10002",))


def test_an_automation_rule_sends_the_issue_without_an_event_name():
    body = json.dumps({"issue": {"id": 10040, "key": "ERP-1"}}).encode()
    parsed = parse_jira(Delivery({"x-svc-token": SECOND}, body, None, NOW), WITH_TOKEN)
    assert (parsed.key, parsed.kind) == ("10040", Kind.UPDATED)


@pytest.mark.parametrize(
    "name",
    [
        "attachment_created",
        "jira:version_released",
        "sprint_started",
        "user_created",
        "board_deleted",
        "issue_property_set",
    ],
)
def test_what_is_about_no_issue_that_can_be_told_is_ignored(name):
    delivery = signed({"timestamp": STAMP, "webhookEvent": name, "attachment": {"id": "1"}})
    assert parse_jira(delivery, SOURCE) == Ignored(name)


@pytest.mark.parametrize("value", [None, True, 0, -1, 1.5, "", "ERP-1", "0", "01", "9" * 30, [], {"id": 1}])
def test_an_id_that_is_none_is_refused_by_name(value):
    error = refusal(signed(event("jira:issue_updated", issue={"id": value})))
    assert (error.status, error.facts["field"]) == (400, "issue.id")


def test_the_official_example_of_a_signature_fits():
    body, secret = b"Hello World!", "It's a Secret to Everybody"
    given = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    # the body is no JSON: that is the next thing to be refused, and only after the signature has been
    assert (
        refusal(Delivery({"x-hub-signature": given}, body), Source("main", "jira", (secret,))).reason
        == "not_json"
    )
    assert refusal(Delivery({"x-hub-signature": given}, body), SOURCE).reason == "bad_signature"


@pytest.mark.parametrize("secret", [FIRST, SECOND])
def test_each_current_secret_is_taken_while_one_is_replaced(secret):
    assert parse_jira(signed(event("jira:issue_updated"), secret), SOURCE).key == "10040"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("sha256=" + "0" * 64, "bad_signature"),
        ("sha256=", "bad_signature"),
        ("a" * 64, "bad_signature"),
        ("sha1=" + "0" * 40, "other_method"),
        ("none=", "other_method"),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(header, reason):
    error = refusal(unsigned({"x-hub-signature": header}))
    assert (error.status, error.reason) == (401, reason)


def test_a_changed_body_does_not_fit_its_signature():
    delivery = signed(event("jira:issue_updated"))
    changed = Delivery(delivery.headers, delivery.body.replace(b"10040", b"10041"), None, NOW)
    assert refusal(changed).reason == "bad_signature"


def test_without_any_proof_nothing_is_taken():
    assert refusal(unsigned({})).reason == "unsigned"


def test_without_a_secret_at_our_end_nothing_is_taken():
    assert (
        refusal(signed(event("jira:issue_updated"), ""), Source("main", "jira", ("",))).reason == "no_secret"
    )


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def test_a_password_of_data_center_is_taken_where_tokens_are():
    assert parse_jira(unsigned(basic(f"jira:{SECOND}")), WITH_TOKEN).key == "10040"
    assert refusal(unsigned(basic(f"jira:{SECOND}"))).reason == "token_not_allowed"


@pytest.mark.parametrize("header", [basic("jira:wrong"), basic(FIRST), {"authorization": "Basic ***"}])
def test_a_wrong_password_is_refused(header):
    assert refusal(unsigned(header), WITH_TOKEN).reason == "bad_token"


def bearer(secret: str = FIRST, algorithm: str = "HS256", **claims: object) -> dict[str, str]:
    token = jwt.encode({"exp": datetime.now(UTC) + timedelta(minutes=3), **claims}, secret, algorithm)
    return {"authorization": f"Bearer {token}"}


def test_the_token_of_an_app_is_taken_when_it_is_signed_with_its_secret():
    assert parse_jira(unsigned(bearer(SECOND, iss="client", aud="whoever")), SOURCE).key == "10040"


@pytest.mark.parametrize(
    "header",
    [
        bearer("another" * 10),
        bearer(exp=datetime(2020, 1, 1, tzinfo=UTC)),
        bearer("", "none"),
        bearer(FIRST, "HS512"),
        {"authorization": "Bearer abc"},
        {"authorization": "Bearer"},
    ],
)
def test_a_token_of_an_app_that_does_not_fit_is_refused(header):
    assert refusal(unsigned(header)).reason == "bad_token"


def test_a_token_that_never_expires_is_refused():
    token = jwt.encode({"iss": "client"}, FIRST, "HS256")
    assert refusal(unsigned({"authorization": f"Bearer {token}"})).reason == "bad_token"


def test_every_proof_that_is_given_must_fit():
    delivery = signed(event("jira:issue_updated"), **{"x-svc-token": "wrong"})
    assert refusal(delivery, WITH_TOKEN).reason == "bad_token"


def test_the_same_delivery_is_known_by_its_body_and_by_the_senders_own_id():
    one = parse_jira(signed(event("jira:issue_updated"), **{"x-atlassian-webhook-identifier": "a"}), SOURCE)
    two = parse_jira(signed(event("jira:issue_updated"), **{"x-atlassian-webhook-identifier": "b"}), SOURCE)
    assert one.delivery == two.delivery
    assert (one.identifier, two.identifier) == ("a", "b")


@pytest.mark.parametrize(("hours", "taken"), [(23, True), (25, False), (-0.2, True), (-1, False)])
def test_an_old_delivery_is_not_taken_for_a_new_one(hours, taken):
    delivery = signed(event("jira:issue_updated"), at=NOW + timedelta(hours=hours))
    if taken:
        assert parse_jira(delivery, SOURCE).key == "10040"
    else:
        assert refusal(delivery).reason == "stale"


@pytest.mark.parametrize("stamp", ["1", True, -5, 10**20, 1.5])
def test_a_time_that_is_none_is_refused_by_name(stamp):
    assert refusal(signed({**event("jira:issue_updated"), "timestamp": stamp})).facts["field"] == "timestamp"


def test_the_guide_tells_of_tokens_only_where_they_are_allowed():
    assert "X-Svc-Token" in jira_guide(WITH_TOKEN)
    assert "X-Svc-Token" not in jira_guide(SOURCE)
    assert FIRST not in jira_guide(WITH_TOKEN)


def captured() -> list[Path]:
    folder = os.environ.get("SVC_FIXTURES")
    return sorted(Path(folder).glob("jira-*.json")) if folder else []


@pytest.mark.skipif(not captured(), reason="SVC_FIXTURES names no folder with captured payloads")
def test_every_body_captured_from_a_real_jira_names_its_issue():
    wanted = {"jira-server-comment_created": "10013", "jira-cloud-worklog_created": "10014"}
    kept_for_good = Source("main", "jira", (FIRST,), max_age=None)
    for path in captured():
        body = path.read_bytes()
        parsed = parse_jira(Delivery({"x-hub-signature": signature(body)}, body, None, NOW), kept_for_good)
        issue = json.loads(body).get("issue") or {}
        assert parsed.key == wanted.get(path.stem, issue.get("id")), path.name
        assert parsed.kind == {"created": Kind.CREATED, "deleted": Kind.DELETED}.get(
            path.stem.removeprefix("jira-cloud-issue_").partition("-")[0], Kind.UPDATED
        ), path.name
