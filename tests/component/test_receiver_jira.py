"""The receiver as a Jira meets it: the documented answers, from the request to the store."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from svc_plugin.domain.errors import TransientError
from svc_plugin.store.database import Database
from svc_plugin.store.inbox import SqlInbox
from svc_plugin.store.work import SqlWorkTable
from tests.component.receiver_kit import MemoryInbox, Receiver
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source
from webhooks.jira import IDENTIFIER

OLD, NEW = "planted-until-yesterday", "planted-from-today"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SOURCES = {name: Source(name, "jira", (OLD, NEW)) for name in ("cloud", "other")}
# Atlassian's list of events, those of issues left out
ABOUT_NO_ISSUE = [
    "issue_property_set",
    "issue_property_deleted",
    "attachment_created",
    "attachment_deleted",
    "issuetype_created",
    "project_created",
    "project_updated",
    "project_deleted",
    "project_soft_deleted",
    "project_restored_deleted",
    "project_archived",
    "project_restored_archived",
    "jira:version_created",
    "jira:version_updated",
    "jira:version_deleted",
    "jira:version_released",
    "jira:version_unreleased",
    "jira:version_moved",
    "jira:version_merged",
    "filter_created",
    "user_created",
    "user_deleted",
    "option_voting_changed",
    "sprint_started",
    "board_created",
    "something_new_2027",
]


def a_receiver(inbox: object) -> Receiver:
    hints, app = [], Flask("test")
    app.register_blueprint(create_receiver(SOURCES, inbox, lambda: NOW, hint=hints.append))
    return Receiver(inbox, app.test_client(), hints)


@pytest.fixture
def receiver() -> Receiver:
    return a_receiver(MemoryInbox())


def stamped(event: str, at: datetime = NOW, **parts: object) -> bytes:
    return json.dumps({"timestamp": int(at.timestamp() * 1000), "webhookEvent": event, **parts}).encode()


def sent_by_jira(body: bytes, secret: str = NEW, identifier: str = "") -> dict[str, str]:
    proof = {"X-Hub-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
    return proof | ({IDENTIFIER: identifier} if identifier else {})


UPDATED = stamped("jira:issue_updated", issue={"id": "10040"})


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_a_secret_is_replaced_both_count(receiver, secret):
    answer, _ = receiver.send("/hooks/cloud", UPDATED, headers=sent_by_jira(UPDATED, secret))
    assert answer.status_code == 202
    assert [str(ref) for ref in receiver.hints] == ["cloud/10040"]


@pytest.mark.parametrize("event", ABOUT_NO_ISSUE)
def test_what_is_about_no_issue_is_written_down_and_ignored(receiver, event):
    body = stamped(event, attachment={"id": "1"})
    answer, lines = receiver.send("/hooks/cloud", body, headers=sent_by_jira(body))
    assert (answer.status_code, answer.data) == (204, b"")
    assert [(line["event"], line["site"], line["about"]) for line in lines] == [
        ("delivery.ignored", "cloud", repr(event))
    ]
    assert not receiver.inbox.stored


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (UPDATED, {}, 401),
        (UPDATED, sent_by_jira(UPDATED, "another"), 401),
        (b"{", sent_by_jira(b"{"), 400),
        (
            old := stamped("jira:issue_updated", NOW - timedelta(days=2), issue={"id": "1"}),
            sent_by_jira(old),
            400,
        ),
        (none := stamped("jira:issue_updated", issue={"id": "ERP-1"}), sent_by_jira(none), 400),
    ],
)
def test_jira_is_told_never_to_send_again_what_will_never_be_taken(receiver, body, headers, status):
    answer, _ = receiver.send("/hooks/cloud", body, headers=headers)
    assert answer.status_code == status
    # these are the answers after which Jira tries again
    assert status not in {408, 409, 425, 429}
    assert not receiver.inbox.stored


def test_a_store_that_is_down_makes_jira_send_again(receiver):
    receiver.inbox.trouble = TransientError("the disk is full")
    answer, _ = receiver.send("/hooks/cloud", UPDATED, headers=sent_by_jira(UPDATED))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    receiver.inbox.trouble = None
    answer, _ = receiver.send("/hooks/cloud", UPDATED, headers=sent_by_jira(UPDATED))
    assert (answer.status_code, len(receiver.inbox.stored)) == (202, 1)


def test_one_event_is_stored_once_whoever_sends_it_however_often(database: Database):
    """Told again it has the same identifier, told by two webhooks the same body; sites are apart."""
    receiver, work = a_receiver(SqlInbox(database)), SqlWorkTable(database)
    again = stamped("jira:issue_updated", NOW + timedelta(seconds=1), issue={"id": "10040"})
    stored: list[object] = []
    for site, body, identifier in (
        ("cloud", UPDATED, "one"),
        ("cloud", UPDATED, "two"),
        ("cloud", again, "one"),
        ("other", UPDATED, "one"),
        ("cloud", again, "three"),
    ):
        answer, _ = receiver.send(f"/hooks/{site}", body, headers=sent_by_jira(body, NEW, identifier))
        assert answer.status_code == 202
        stored.append(answer.get_json()["stored"])
    assert stored == [True, False, False, True, True]
    assert {str(ref) for ref in work.due(now=NOW, limit=9)} == {"cloud/10040", "other/10040"}
