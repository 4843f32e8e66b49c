"""How the receiver is put together: its sources, its limit, and the inbox that its tests use."""

import pytest
from flask import Flask

from svc_plugin.domain.errors import ConfigError
from svc_plugin.domain.model import IssueRef
from svc_plugin.engine.ports import Notice
from tests.component.receiver_kit import NOW, SOURCES, UUID, MemoryInbox, native
from webhooks.blueprint import create_receiver
from webhooks.delivery import Source

ISSUE = b'{"type":"issue.updated","timestamp":"2026-11-22T08:00:00Z","data":{"issue":{"id":12}}}'
PLUGIN = b'{"payload":{"action":"updated","issue":{"id":12}}}'


def test_the_inbox_of_the_receivers_tests_keeps_a_delivery_once_for_each_site():
    inbox = MemoryInbox()
    one = Notice(IssueRef("main", "12"), UUID, b"{}", NOW)
    other_site = Notice(IssueRef("old", "12"), UUID, b"{}", NOW)
    assert [inbox.accept(one), inbox.accept(one), inbox.accept(other_site)] == [True, False, True]
    assert inbox.stored == [one, other_site]


@pytest.mark.parametrize(
    ("source", "fault"),
    [(Source("main", "gitlab", ("s",)), "gitlab"), (Source("other", "redmine", ("s",)), "other")],
)
def test_a_source_that_cannot_be_served_stops_the_start_with_its_fault(source, fault):
    with pytest.raises(ConfigError, match=fault):
        create_receiver({"main": source}, MemoryInbox(), lambda: NOW, hint=lambda _ref: None)


def test_the_applications_own_smaller_limit_does_not_cut_deliveries():
    app, inbox = Flask("test"), MemoryInbox()
    app.config["MAX_CONTENT_LENGTH"] = 10
    app.register_blueprint(create_receiver(SOURCES, inbox, lambda: NOW, hint=lambda _ref: None))
    answer = app.test_client().post(
        "/hooks/main", data=ISSUE, headers=native(ISSUE), content_type="application/json"
    )
    assert answer.status_code == 202
