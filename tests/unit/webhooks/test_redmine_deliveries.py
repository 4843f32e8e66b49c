"""The three senders of a Redmine: which issue a delivery is about, and what is refused."""

import hashlib
import hmac
import json
import os
from pathlib import Path

import pytest

from webhooks.delivery import Delivery, DeliveryRejectedError, Ignored, Kind, Parsed, Source
from webhooks.redmine import parse_redmine, redmine_guide

UUID = "3f1c1f0e-8f0a-4a57-9a3b-0d9a3c1b2d4e"
SOURCE = Source("main", "redmine", ("s1",), allow_token=True)


def raw(data: object) -> bytes:
    return data if isinstance(data, bytes) else json.dumps(data).encode()


def signature(body: bytes) -> str:
    return "sha256=" + hmac.new(b"s1", body, hashlib.sha256).hexdigest()


def native(data: object) -> Delivery:
    return Delivery({"x-redmine-signature-256": signature(raw(data))}, raw(data))


def own(data: object, delivery: str | None = UUID) -> Delivery:
    headers = {"x-svc-signature-256": signature(raw(data))}
    return Delivery(headers if delivery is None else headers | {"x-svc-delivery": delivery}, raw(data))


def plugin(data: object) -> Delivery:
    return Delivery({}, raw(data), "s1")


def own_body(
    event: object = "issue.updated", delivery: object = UUID, issue: object = 12
) -> dict[str, object]:
    return {
        "event": event,
        "delivery": delivery,
        "issue": {"id": issue},
        "project": "erp",
        "timestamp": "2026-11-22T08:00:00Z",
    }


def native_body(kind: object, data: object) -> dict[str, object]:
    return {"type": kind, "timestamp": "2026-11-22T08:00:00Z", "data": data}


@pytest.mark.parametrize("kind", list(Kind))
def test_our_plugin_tells_issue_and_delivery(kind):
    assert parse_redmine(own(own_body(f"issue.{kind}")), SOURCE) == Parsed("12", UUID, kind, project="erp")


@pytest.mark.parametrize("kind", list(Kind))
def test_redmine_itself_tells_the_issue_even_when_it_was_deleted(kind):
    parsed = parse_redmine(native(native_body(f"issue.{kind}", {"issue": {"id": 12}})), SOURCE)
    assert (parsed.key, parsed.kind) == ("12", kind)


@pytest.mark.parametrize("verb", ["created", "updated", "deleted"])
def test_booked_time_is_an_update_of_its_issue(verb):
    data = {"time_entry": {"id": 5, "issue": {"id": 12}, "hours": 1.5}}
    parsed = parse_redmine(native(native_body(f"time_entry.{verb}", data)), SOURCE)
    assert (parsed.key, parsed.kind) == ("12", Kind.UPDATED)


@pytest.mark.parametrize(
    "delivery",
    [
        native(native_body("time_entry.created", {"time_entry": {"id": 5, "project": {"id": 1}}})),
        native(native_body("version.updated", {"version": {"id": 5}})),
        native(native_body("news.created", {"news": {"id": 5}})),
        native(native_body("wiki_page.deleted", {"wiki_page": {"title": "Start"}})),
        native(native_body("issue.archived", {"issue": {"id": 12}})),
        native(native_body("", {})),
        own(own_body("ping")),
    ],
)
def test_what_is_about_no_issue_is_not_ours(delivery):
    assert isinstance(parse_redmine(delivery, SOURCE), Ignored)


@pytest.mark.parametrize(("action", "kind"), [("opened", Kind.CREATED), ("updated", Kind.UPDATED)])
def test_the_redmine_webhook_plugin_tells_the_issue(action, kind):
    parsed = parse_redmine(plugin({"payload": {"action": action, "issue": {"id": 12}}}), SOURCE)
    assert (parsed.key, parsed.kind) == ("12", kind)


def test_the_token_may_come_in_a_header():
    body = raw({"payload": {"action": "opened", "issue": {"id": 12}}})
    assert parse_redmine(Delivery({"x-svc-token": "s1"}, body), SOURCE).key == "12"


@pytest.mark.parametrize("make", [native, plugin])
def test_senders_that_number_nothing_are_told_apart_by_their_bodies(make):
    def parsed(note):
        both = native_body("issue.updated", {"issue": {"id": 12}, "note": note})
        return parse_redmine(make(both | {"payload": {"action": "updated", "issue": {"id": 12}}}), SOURCE)

    assert parsed("a").delivery == parsed("a").delivery != parsed("b").delivery


NOT_NUMBERS = [0, -1, 12.0, "12", True, None, [], {}, 2**63, 10**4000, "\ud800"]


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_an_issue_number_that_is_none_is_refused_by_its_place(value):
    time_entry = {"time_entry": {"issue": {"id": value}}}
    for delivery, field in [
        (own(own_body(issue=value)), "issue.id"),
        (native(native_body("issue.updated", {"issue": {"id": value}})), "data.issue.id"),
        (native(native_body("time_entry.updated", time_entry)), "data.time_entry.issue.id"),
        (plugin({"payload": {"action": "opened", "issue": {"id": value}}}), "payload.issue.id"),
    ]:
        assert refused(delivery) == ("wrong_field", field)


WRONG_SHAPES = [
    (own(own_body(event=3)), "event"),
    (own(own_body(delivery=None)), "delivery"),
    (own(own_body(delivery="12"), "12"), "delivery"),
    (own(own_body(delivery=UUID.upper()), UUID.upper()), "delivery"),
    (own({"event": "issue.updated", "delivery": UUID, "issue": 12}), "issue.id"),
    (native({"type": None, "data": {}}), "type"),
    (native({"type": "issue.updated"}), "data.issue.id"),
    (native(native_body("issue.updated", [])), "data.issue.id"),
    (native(native_body("time_entry.created", {})), "data.time_entry"),
    (native(native_body("time_entry.created", {"time_entry": []})), "data.time_entry"),
    (native(native_body("time_entry.created", {"time_entry": {"issue": 3}})), "data.time_entry.issue.id"),
    (plugin({"payload": None}), "payload.action"),
    (plugin({"payload": {"action": "opened"}}), "payload.issue.id"),
]


@pytest.mark.parametrize(("delivery", "field"), WRONG_SHAPES)
def test_a_field_of_the_wrong_shape_is_refused_by_its_place(delivery, field):
    assert refused(delivery) == ("wrong_field", field)


def refused(delivery: Delivery) -> tuple[str, object]:
    with pytest.raises(DeliveryRejectedError) as caught:
        parse_redmine(delivery, SOURCE)
    assert caught.value.status == 400
    return caught.value.reason, caught.value.facts.get("field")


@pytest.mark.parametrize("header", [None, "", UUID.upper(), "00000000-0000-0000-0000-000000000000"])
def test_the_delivery_id_beside_the_body_must_be_the_signed_one(header):
    assert refused(own(own_body(), header)) == ("other_delivery", None)


@pytest.mark.parametrize(
    ("delivery", "field"),
    [
        (native(own_body()), "type"),
        (own(native_body("issue.updated", {"issue": {"id": 12}})), "event"),
        (plugin(native_body("issue.updated", {"issue": {"id": 12}})), "payload"),
    ],
)
def test_the_body_of_one_sender_with_the_proof_of_another_is_refused(delivery, field):
    assert refused(delivery) == ("other_sender", field)


def test_an_unsigned_body_is_refused_before_it_is_read():
    with pytest.raises(DeliveryRejectedError) as caught:
        parse_redmine(Delivery({}, b"not even JSON"), SOURCE)
    assert caught.value.reason == "unsigned"


def test_the_guide_tells_the_token_address_only_where_tokens_are_allowed():
    assert "/<secret>" in redmine_guide(SOURCE)
    assert "/<secret>" not in redmine_guide(Source("main", "redmine", ("s1",)))
    assert "s1" not in redmine_guide(SOURCE)


def captured() -> list[dict[str, object]]:
    folder = os.environ.get("SVC_FIXTURES")
    path = Path(folder or "", "redmine-5.0.4-webhook-plugin.json")
    return json.loads(path.read_text())["requests"] if folder and path.is_file() else []


@pytest.mark.skipif(not captured(), reason="SVC_FIXTURES names no folder with captured payloads")
def test_every_body_captured_from_a_real_redmine_names_its_issue():
    for request in captured():
        headers = {name.lower(): value for name, value in request["headers"].items()}
        parsed = parse_redmine(Delivery(headers, request["body_raw"].encode(), "s1"), SOURCE)
        assert parsed.key == str(request["body"]["payload"]["issue"]["id"])
        assert parsed.kind is (Kind.CREATED if request["event"].endswith("created") else Kind.UPDATED)


@pytest.mark.skipif(not captured(), reason="SVC_FIXTURES names no folder with captured payloads")
def test_captured_bodies_are_deliveries_of_their_own_unless_equal():
    bodies = [request["body_raw"].encode() for request in captured()]
    ids = {parse_redmine(Delivery({}, body, "s1"), SOURCE).delivery for body in bodies}
    assert len(ids) == len(set(bodies)) > 1
