from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from svc_plugin.standins.redmine import create_app
from svc_plugin.standins.redmine.site import Site
from tests.unit.standins.kit import Clock, Person, Receiver


def deliver(app: Flask) -> None:
    """Wait until every webhook is out."""
    site = app.extensions["redmine_standin"]
    assert isinstance(site, Site)
    site.hooks.close()


def test_changes_are_told_with_a_signature_over_the_exact_bytes(
    make: Callable[..., Flask], receiver: Receiver
) -> None:
    app = make(receiver.url)
    zhang = Person(app.test_client(), "k-zhang")
    issue = zhang.new("中文", custom_fields=[{"id": 1, "value": "投诉"}])
    zhang.put(issue["id"], status_id=2, notes="看过")
    zhang.send("POST", "/time_entries.json", {"time_entry": {"issue_id": 1, "hours": 2}})
    zhang.send("DELETE", "/issues/1.json")
    deliver(app)
    for headers, body in receiver.got:
        wanted = "sha256=" + hmac.new(b"geheim", body, hashlib.sha256).hexdigest()
        assert headers["X-Redmine-Signature-256"] == wanted
        assert (headers["User-Agent"], headers["Content-Type"]) == ("Redmine", "application/json")
    created, updated, logged, deleted = receiver.events()
    kinds = [event["type"] for event in (created, updated, logged, deleted)]
    assert kinds == ["issue.created", "issue.updated", "time_entry.created", "issue.deleted"]
    assert created["data"] == {"issue": issue}
    assert updated["data"]["issue"]["status"]["name"] == "处理中"
    journal = updated["data"]["journal"]
    assert (journal["notes"], journal["user"]["id"]) == ("看过", 2)
    change = {"property": "attr", "prop_key": "status_id", "old_value": "1", "value": "2"}
    assert journal["details"] == [change]
    assert updated["timestamp"] == updated["data"]["issue"]["updated_on"]
    assert logged["data"]["time_entry"]["hours"] == 2.0


def test_a_dropped_change_is_told_without_a_journal(make: Callable[..., Flask], receiver: Receiver) -> None:
    app = make(receiver.url)
    zhang = Person(app.test_client(), "k-zhang")
    issue = zhang.new()
    zhang.put(issue["id"], status_id=4)
    deliver(app)
    assert receiver.events()[1]["type"] == "issue.updated"
    assert receiver.events()[1]["timestamp"] == issue["updated_on"]
    assert "journal" not in receiver.events()[1]["data"]


def test_a_hook_learns_only_what_its_user_may_see(make: Callable[..., Flask], receiver: Receiver) -> None:
    app = make(receiver.url)
    zhang, stranger = Person(app.test_client(), "k-zhang"), Person(app.test_client(), "k-fremd")
    stranger.send("POST", "/issues.json", {"issue": {"project_id": "crm", "subject": "fremd"}})
    issue = zhang.new("eigen")
    zhang.put(issue["id"], notes="私有", private_notes=True)
    deliver(app)
    assert [event["data"]["issue"]["subject"] for event in receiver.events()] == ["eigen", "eigen"]
    assert "journal" not in receiver.events()[1]["data"]


def test_a_failed_delivery_is_one_log_line_and_is_not_tried_again(
    make: Callable[..., Flask], receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    app = make(receiver.url)
    zhang = Person(app.test_client(), "k-zhang")
    with caplog.at_level(logging.WARNING):
        for receiver.status in (500, 307):
            zhang.new()
            deliver(app)
    assert len(receiver.got) == 2, "a redirect is not followed"
    assert len([record for record in caplog.records if "webhook" in record.getMessage()]) == 2


def act(app: Flask, user: int) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/act", data={"user": str(user), "back": "//evil.example/x"})
    assert answer.headers["Location"] == "/x", "only back to this site"
    return client


def test_a_page_moves_an_issue_only_where_the_workflow_allows(
    make: Callable[..., Flask], receiver: Receiver
) -> None:
    app = make(receiver.url)
    zhang = Person(app.test_client(), "k-zhang")
    zhang.new()
    page = act(app, 2)
    buttons = re.findall(
        r'name="status_id" value="(\d+)">([^<]+)<', page.get("/issues/1").get_data(as_text=True)
    )
    assert buttons == [("2", "处理中")]
    answer = page.post("/issues/1", data={"status_id": "4"}, follow_redirects=True)
    assert "状态没有改变" in answer.get_data(as_text=True)
    assert zhang.issue(1)["status"]["name"] == "已登记"
    page.post("/issues/1", data={"status_id": "2"})
    assert zhang.issue(1)["status"]["name"] == "处理中"
    deliver(app)
    assert receiver.events()[-1]["data"]["journal"]["user"]["id"] == 2, "pages fire webhooks as REST does"


def test_a_page_creates_an_issue_with_the_trackers_fields(app: Flask, zhang: Person) -> None:
    page = act(app, 2)
    form = page.get("/issues/new?project=erp&tracker=1").get_data(as_text=True)
    assert "要求种类" in form
    assert "测试人" not in form
    data = {"project_id": "1", "tracker_id": "1", "subject": "网页", "cf_1": "投诉", "cf_3": "a\r\nb"}
    answer = page.post("/issues/new", data=data)
    assert answer.headers["Location"] == "/issues/1"
    values = {field["name"]: field["value"] for field in zhang.issue(1)["custom_fields"]}
    assert (values["要求种类"], values["内部备注"]) == ("投诉", "a\nb")


def test_a_bad_form_says_what_is_wrong_and_keeps_what_was_typed(app: Flask) -> None:
    data = {"project_id": "1", "tracker_id": "1", "subject": "", "description": "已输入的文字"}
    answer = act(app, 2).post("/issues/new", data=data)
    assert answer.status_code == 422
    assert "主题不能为空" in answer.get_data(as_text=True)
    assert "已输入的文字" in answer.get_data(as_text=True)


def test_the_history_names_people_and_values_and_links_urls_without_trusting_the_text(
    app: Flask, zhang: Person
) -> None:
    zhang.new()
    zhang.put(
        1,
        assigned_to_id=3,
        status_id=2,
        notes='见 https://example.com/a?b=1&c=2。<script>alert("x")</script>',
    )
    html = act(app, 2).get("/issues/1").get_data(as_text=True)
    assert "指派给 设为 维护 李" in html
    assert "状态 由 已登记 改为 处理中" in html
    assert '<a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer">' in html
    assert "<script" not in html


def test_an_unchanged_edit_form_makes_no_journal(app: Flask, zhang: Person) -> None:
    zhang.new(description="a\nb", custom_fields=[{"id": 3, "value": "x\ny"}])
    page = act(app, 2)
    form = {
        "subject": "登录失败",
        "description": "a\r\nb",
        "assigned_to_id": "",
        "priority_id": "2",
        "due_date": "",
    }
    page.post("/issues/1", data={**form, "cf_1": "", "cf_2": "", "cf_3": "x\r\ny", "cf_4": "", "cf_5": ""})
    assert zhang.issue(1, "journals")["journals"] == []


def test_pages_are_chinese_first_and_english_on_request(app: Flask) -> None:
    client = app.test_client()
    assert "新建问题" in client.get("/").get_data(as_text=True)
    assert "New issue" in client.get("/?lang=en").get_data(as_text=True)
    assert "New issue" in client.get("/").get_data(as_text=True), "the choice is remembered"


def test_people_see_on_pages_only_what_is_theirs(app: Flask, zhang: Person) -> None:
    zhang.new("秘密")
    zhang.put(1, notes="私有说明", private_notes=True)
    assert "秘密" not in act(app, 5).get("/").get_data(as_text=True)
    assert act(app, 5).get("/issues/1").status_code == 404
    assert "私有说明" not in act(app, 3).get("/issues/1").get_data(as_text=True)
    assert "私有说明" in act(app, 2).get("/issues/1").get_data(as_text=True)


def test_a_form_from_another_site_is_refused(app: Flask, zhang: Person) -> None:
    zhang.new()
    data, headers = {"notes": "fremd"}, {"Origin": "https://evil.example"}
    assert act(app, 2).post("/issues/1", data=data, headers=headers).status_code == 403
    assert zhang.issue(1, "journals")["journals"] == []


def test_a_restart_loses_nothing(make: Callable[..., Flask], tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "state.json"
    first = make(state_file=file)
    zhang = Person(first.test_client(), "k-zhang")
    headers = {"X-Redmine-API-Key": "k-zhang"}
    binary = "application/octet-stream"
    token = first.test_client().post("/uploads.json", data=b"\x00x", content_type=binary, headers=headers)
    zhang.new(
        uploads=[{"token": token.get_json()["upload"]["token"], "filename": "b.bin"}], watcher_user_ids=[3]
    )
    zhang.new("zwei", parent_issue_id=1, custom_fields=[{"id": 1, "value": "请求"}])
    zhang.put(2, status_id=2, notes="n", estimated_hours=1.5)
    zhang.send("POST", "/issues/1/relations.json", {"relation": {"issue_to_id": 2}})
    zhang.send("POST", "/projects/erp/versions.json", {"version": {"name": "v1"}})
    zhang.send("POST", "/time_entries.json", {"time_entry": {"issue_id": 1, "hours": 1}})
    urls = [
        "/issues/1.json?include=journals,attachments,watchers,children",
        "/issues/2.json?include=journals,allowed_statuses",
        "/time_entries.json",
        "/projects/1/versions.json",
        "/projects.json",
        "/attachments/download/1/b.bin",
    ]
    before = [zhang.get(url).data for url in urls]
    clock.forward(days=1)
    second = Person(make(state_file=file).test_client(), "k-zhang")
    assert [second.get(url).data for url in urls] == before
    assert second.new()["id"] == 3


def test_a_refused_change_leaves_the_file_as_it_was(make: Callable[..., Flask], tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    zhang = Person(make(state_file=file).test_client(), "k-zhang")
    zhang.new()
    before = file.read_bytes()
    assert zhang.put(1, subject="") == 422
    assert file.read_bytes() == before


def test_an_unreadable_state_file_is_named_with_the_fix(make: Callable[..., Flask], tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"state\.json.*move it away"):
        make(state_file=file)


@pytest.mark.parametrize(
    ("section", "entry", "message"),
    [
        (
            "memberships",
            {"project": "erp", "login": "wer", "roles": []},
            "login is 'wer'; use one of 'admin'",
        ),
        (
            "workflow",
            {"role": "服务", "tracker": "客户要求", "moves": [["", "x"]]},
            "moves is 'x'; use one of ''",
        ),
        ("custom_fields", {"name": "f", "format": "farbe"}, "format is 'farbe'; use one of list"),
        ("statuses", {"name": "已登记"}, "name is '已登记'; give each entry its own"),
        ("projects", "erp", "is 'erp'; write an object"),
        ("roles", {"name": "r", "assignable": "ja"}, "assignable is 'ja'; write true or false"),
    ],
)
def test_a_wrong_blueprint_is_refused_by_entry_value_and_fix(
    section: str, entry: object, message: str
) -> None:
    from tests.unit.standins.kit import make_blueprint

    blueprint = json.loads(json.dumps(make_blueprint()))
    blueprint[section].append(entry)
    with pytest.raises(ValueError, match=re.escape(message)):
        create_app(blueprint, clock=Clock())


def test_an_empty_blueprint_serves_an_empty_site() -> None:
    client = create_app({}, clock=Clock()).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/issues/new?project=x").status_code == 404
    assert client.get("/trackers.json").get_json() == {"trackers": []}
