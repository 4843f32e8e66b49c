import hashlib
import hmac
import json
import re
from typing import Any

import pytest

from svc_plugin.standins.jira.hooks import signature
from svc_plugin.standins.jira.plan import HookPlan
from tests.unit.standins_jira.kit import Jira, Receiver
from tests.unit.standins_jira.test_records import attach, book, link, no_check
from webhooks.delivery import Delivery, Ignored, Kind, Source
from webhooks.jira import parse_jira

SECRET = "It's a Secret to Everybody"


def listening(mode: Any, receiver: Receiver, *events: str, secret: str = SECRET) -> Jira:
    jira = Jira(mode, hooks=(HookPlan(receiver.url, secret, events),))
    jira.site.hooks.pause = 0.01
    return jira


def told(jira: Jira, receiver: Receiver) -> list[dict[str, Any]]:
    jira.site.hooks.settle()
    return receiver.events()


def named(events: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [one for one in events if one["webhookEvent"] == name]
    return found


def test_the_official_vector_is_reproduced() -> None:
    wanted = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert signature(SECRET, b"Hello World!") == wanted


@pytest.mark.parametrize("mode", ["cloud", "dc"])
def test_a_delivery_is_signed_over_its_bytes_and_named_on_cloud(mode: str, receiver: Receiver) -> None:
    jira = listening(mode, receiver)
    made = jira.create()
    (event,) = told(jira, receiver)
    headers, body = receiver.got[0]
    proof = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature"] == f"sha256={proof}"
    assert headers["content-type"] == "application/json; charset=UTF-8"
    assert ("x-atlassian-webhook-identifier" in headers) == (mode == "cloud")
    assert headers.get("x-atlassian-webhook-flow") == ("Primary" if mode == "cloud" else None)
    assert "x-atlassian-webhook-retry" not in headers
    assert event["webhookEvent"] == "jira:issue_created"
    assert event["issue"]["id"] == made
    assert event["issue"]["fields"]["summary"] == "开票失败"
    assert event["user"]["displayName"] == "li 先生"
    assert {one["field"] for one in event["changelog"]["items"]} >= {"summary", "Status", "reporter"}
    assert isinstance(event["changelog"]["id"], str)
    assert event["timestamp"] == jira.clock.now.timestamp() * 1000


@pytest.mark.parametrize("mode", ["cloud", "dc"])
def test_our_receiver_understands_every_event(mode: str, receiver: Receiver) -> None:
    jira = listening(mode, receiver)
    first, second = jira.create(), jira.create()
    jira.move(first, "开始")
    jira.who("li").send("POST", f"/issue/{first}/comment", {"body": "好"})
    book(jira, first, 60)
    link(jira, "ERP-1", second)
    attach(jira, first, "a.txt", **no_check())
    jira.who("zhang").send("DELETE", f"/issue/{second}")
    jira.site.hooks.settle()
    source = Source("main", "jira", (SECRET,))
    seen = set()
    for headers, body in receiver.got:
        name = json.loads(body)["webhookEvent"]
        parsed = parse_jira(Delivery(headers, body), source)
        if name.startswith("attachment_"):
            assert isinstance(parsed, Ignored)
            continue
        assert parsed is not None, name
        assert {parsed.key, *parsed.others} <= {first, second}
        assert (parsed.kind is Kind.DELETED) == (name == "jira:issue_deleted")
        seen.add(name)
    assert seen == {
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_deleted",
        "comment_created",
        "worklog_created",
        "issuelink_created",
    }


def test_comments_are_told_differently_on_cloud_and_data_center(receiver: Receiver) -> None:
    for mode in ("cloud", "dc"):
        receiver.got.clear()
        jira = listening(mode, receiver)
        made = jira.create()
        jira.who("li").send("POST", f"/issue/{made}/comment", {"body": "好"})
        events = told(jira, receiver)
        comment = named(events, "comment_created")
        assert "user" not in comment
        assert re.search(rf"/issue/{made}/comment/", comment["comment"]["self"])
        if mode == "cloud":
            assert set(comment["issue"]["fields"]) == {
                "summary", "issuetype", "project", "assignee", "priority", "status",
            }  # fmt: skip
            assert len(events) == 2
        else:
            assert set(comment) == {"timestamp", "webhookEvent", "comment"}
            updated = named(events, "jira:issue_updated")
            assert updated["issue_event_type_name"] == "issue_commented"
            assert updated["comment"]["body"] == "好"
            assert "changelog" not in updated


def test_a_transition_has_its_own_event_name_on_data_center_only(receiver: Receiver) -> None:
    for mode, name in (("cloud", "issue_generic"), ("dc", "issue_closed")):
        receiver.got.clear()
        jira = listening(mode, receiver)
        made = jira.create()
        jira.move(made, "开始")
        jira.move(made, "关闭", fields={jira.field("根本原因"): "x"})
        event = told(jira, receiver)[-1]
        assert event["issue_event_type_name"] == name
        items = {one["field"]: one for one in event["changelog"]["items"]}
        assert items["status"]["toString"] == "已关闭"
        assert ("fieldId" in items["status"]) == (mode == "cloud")


def test_worklogs_links_and_files_name_their_issue_as_captured(receiver: Receiver) -> None:
    jira = listening("cloud", receiver)
    first, second = jira.create(), jira.create()
    book(jira, first, 60)
    link(jira, "ERP-1", second)
    attach(jira, first, "a.txt", **no_check())
    events = told(jira, receiver)
    worklog = named(events, "worklog_created")
    assert (worklog["worklog"]["issueId"], "issue" in worklog, "user" in worklog) == (first, False, False)
    between = named(events, "issuelink_created")["issueLink"]
    assert (between["sourceIssueId"], between["destinationIssueId"]) == (int(first), int(second))
    assert set(named(events, "attachment_created")) == {"timestamp", "webhookEvent", "attachment"}
    assert events[-1]["changelog"]["items"][0]["field"] == "Attachment"


def test_cloud_tries_again_under_the_same_identifier(receiver: Receiver) -> None:
    jira = listening("cloud", receiver)
    receiver.statuses = [503, 429, 200]
    jira.create()
    told(jira, receiver)
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["x-atlassian-webhook-identifier"] for headers, _ in receiver.got}) == 1
    assert [headers.get("x-atlassian-webhook-retry") for headers, _ in receiver.got] == [None, "1", "2"]


def test_cloud_gives_up_after_five_more_and_at_once_when_refused(receiver: Receiver) -> None:
    jira = listening("cloud", receiver)
    receiver.statuses = [500] * 9
    jira.create()
    assert len(told(jira, receiver)) == 6
    receiver.statuses = [401]
    jira.create()
    assert len(told(jira, receiver)) == 7


def test_data_center_never_tries_again(receiver: Receiver) -> None:
    jira = listening("dc", receiver)
    receiver.statuses = [503]
    jira.create()
    assert len(told(jira, receiver)) == 1


def test_deliveries_can_be_lost_doubled_and_turned_round(receiver: Receiver) -> None:
    jira = listening("cloud", receiver)
    faults = jira.site.hooks.faults
    faults.drop = 1
    jira.create()
    assert told(jira, receiver) == []
    faults.copies = 2
    jira.create()
    assert len(told(jira, receiver)) == 2
    assert len({headers["x-atlassian-webhook-identifier"] for headers, _ in receiver.got}) == 1
    receiver.got.clear()
    faults.copies, faults.hold = 1, 2
    made = [jira.create() for _ in range(3)]
    assert [one["issue"]["id"] for one in told(jira, receiver)] == made[::-1]


def test_what_is_held_back_can_be_let_go(receiver: Receiver) -> None:
    jira = listening("cloud", receiver)
    jira.site.hooks.faults.hold = 100
    made = [jira.create() for _ in range(2)]
    assert told(jira, receiver) == []
    jira.site.hooks.release()
    assert [one["issue"]["id"] for one in told(jira, receiver)] == made[::-1]


def test_a_webhook_hears_its_events_only_and_is_unsigned_without_a_secret(receiver: Receiver) -> None:
    jira = listening("dc", receiver, "comment_created", secret="")
    made = jira.create()
    jira.who("li").send("POST", f"/issue/{made}/comment", {"body": "好"})
    assert [one["webhookEvent"] for one in told(jira, receiver)] == ["comment_created"]
    assert "x-hub-signature" not in receiver.got[0][0]


def test_a_change_that_changes_nothing_is_not_told(receiver: Receiver) -> None:
    jira = listening("cloud", receiver)
    made = jira.create()
    jira.who("li").send("PUT", f"/issue/{made}", {"fields": {"summary": "开票失败"}})
    jira.who("li").send("PUT", f"/issue/{made}/properties/svc", {"a": 1})
    told(jira, receiver)
    assert receiver.names() == ["jira:issue_created", "issue_property_set"]


def test_comments_inside_the_issue_are_told_by_data_center_and_on_deleting(receiver: Receiver) -> None:
    for mode, wanted in (("cloud", [False, False, True]), ("dc", [True, True, True])):
        receiver.got.clear()
        jira = listening(mode, receiver, "jira:issue_created", "jira:issue_updated", "jira:issue_deleted")
        made = jira.create()
        jira.move(made, "开始")
        jira.who("zhang").send("DELETE", f"/issue/{made}")
        fields = [one["issue"]["fields"] for one in told(jira, receiver)]
        assert ["comment" in one for one in fields] == ["worklog" in one for one in fields] == wanted
        assert ["statuscategorychangedate" in one for one in fields] == [mode == "cloud"] * 3
