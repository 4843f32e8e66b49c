from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from svc_plugin.standins.redmine import create_app
from tests.unit.standins.kit import Clock, Person, make_blueprint


def test_relations_are_noted_on_both_sides_without_a_new_time(zhang: Person, clock: Clock) -> None:
    one, two = zhang.new("one"), zhang.new("two")
    clock.forward(seconds=5)
    zhang.send("POST", "/issues/2/relations.json", {"relation": {"issue_to_id": 1}})
    for issue, other in ((one, "2"), (two, "1")):
        after = zhang.issue(issue["id"], "journals")
        detail = {"property": "relation", "name": "relates", "old_value": None, "new_value": other}
        assert after["journals"][0]["details"] == [detail]
        assert after["updated_on"] == issue["updated_on"]


def test_a_relation_that_exists_or_points_at_itself_is_refused(zhang: Person) -> None:
    zhang.new("one"), zhang.new("two")

    def relate(target: int) -> object:
        return zhang.send(
            "POST", "/issues/1/relations.json", {"relation": {"issue_to_id": target}}
        ).get_json()

    assert "relation" in relate(2)
    assert relate(2) == {"errors": ["Related issue has already been taken"]}
    assert relate(1) == {"errors": ["Related issue is invalid"]}
    assert relate(99) == {"errors": ["Related issue cannot be blank"]}


def test_deleting_an_issue_takes_its_subtasks_journals_relations_and_times(zhang: Person, li: Person) -> None:
    parent, other = zhang.new(), zhang.new("other")
    child = zhang.new("sub", parent_issue_id=parent["id"])
    zhang.send("POST", f"/issues/{child['id']}/relations.json", {"relation": {"issue_to_id": other["id"]}})
    zhang.send("POST", "/time_entries.json", {"time_entry": {"issue_id": child["id"], "hours": 1}})
    assert li.send("DELETE", f"/issues/{parent['id']}.json").status_code == 403
    assert zhang.send("DELETE", f"/issues/{parent['id']}.json").status_code == 204
    assert zhang.subjects() == ["other"]
    assert "relations" not in zhang.issue(other["id"], "relations")
    assert zhang.get("/time_entries.json").get_json()["total_count"] == 0
    assert zhang.new()["id"] == 4, "ids are not used again"


def test_notes_are_edited_by_their_author_or_by_permission_only(
    zhang: Person, li: Person, clock: Clock
) -> None:
    issue = zhang.new()
    zhang.put(issue["id"], notes="von Zhang")
    before = zhang.issue(issue["id"])["updated_on"]
    clock.forward(seconds=9)
    edit = {"journal": {"notes": "geändert"}}
    assert li.send("PUT", "/journals/1.json", edit).status_code == 403
    assert zhang.send("PUT", "/journals/1.json", edit).status_code == 204
    after = zhang.issue(issue["id"], "journals")
    assert (after["journals"][0]["notes"], after["updated_on"]) == ("geändert", before)
    zhang.send("PUT", "/journals/1.json", {"journal": {"notes": ""}})
    assert zhang.issue(issue["id"], "journals")["journals"] == []
    assert zhang.send("PUT", "/journals/1.json", edit).status_code == 404


def test_watchers_are_added_and_taken_away(zhang: Person) -> None:
    issue = zhang.new(watcher_user_ids=[2])
    url = f"/issues/{issue['id']}/watchers"
    assert zhang.send("POST", f"{url}.json", {"watcher": {"user_ids": [3, 99]}}).status_code == 204
    assert zhang.send("DELETE", f"{url}/2.json").status_code == 204
    assert [one["id"] for one in zhang.issue(issue["id"], "watchers")["watchers"]] == [3]


def test_time_entries_take_the_default_activity_and_leave_the_issues_time(
    zhang: Person, clock: Clock
) -> None:
    issue = zhang.new()
    clock.forward(seconds=5)
    answer = zhang.send("POST", "/time_entries.json", {"time_entry": {"issue_id": 1, "hours": 0}})
    assert answer.get_json()["time_entry"]["activity"] == {"id": 8, "name": "维护"}
    assert zhang.issue(1)["updated_on"] == issue["updated_on"]
    faults = zhang.send("POST", "/time_entries.json", {"time_entry": {"issue_id": 99, "activity_id": 1}})
    wanted = ["Issue is invalid", "Project cannot be blank", "Hours cannot be blank"]
    assert faults.get_json()["errors"] == [*wanted, "Activity is not included in the list"]


def test_an_upload_token_works_once_and_the_file_comes_back(app: Flask, zhang: Person) -> None:
    client, headers = app.test_client(), {"X-Redmine-API-Key": "k-zhang"}
    url = "/uploads.json?filename=日志.txt"
    assert client.post(url, data=b"x", content_type="text/plain", headers=headers).status_code == 406
    made = client.post(url, data=b"inhalt", content_type="application/octet-stream", headers=headers)
    token = made.get_json()["upload"]["token"]
    bad_type = "text/\r\nX-Evil: 日"
    issue = zhang.new(uploads=[{"token": token, "description": "d", "content_type": bad_type}])
    (found,) = zhang.issue(issue["id"], "attachments")["attachments"]
    assert (found["filename"], found["filesize"], found["description"]) == ("日志.txt", 6, "d")
    answer = client.get(found["content_url"], headers=headers)
    assert (answer.data, found["content_type"]) == (b"inhalt", answer.content_type)
    assert answer.headers["Content-Disposition"].isascii()
    assert zhang.send("PUT", "/issues/1.json", {"issue": {"uploads": [{"token": token}]}}).status_code == 422


def test_a_download_without_a_key_ends_in_a_page_of_html(app: Flask, zhang: Person) -> None:
    client = app.test_client()
    headers = {"X-Redmine-API-Key": "k-zhang"}
    made = client.post("/uploads.json", data=b"x", content_type="application/octet-stream", headers=headers)
    zhang.new(uploads=[{"token": made.get_json()["upload"]["token"], "filename": "a.txt"}])
    assert client.get("/attachments/download/1/a.txt").status_code == 302
    followed = client.get("/attachments/download/1/a.txt", follow_redirects=True)
    assert (followed.status_code, followed.mimetype) == (200, "text/html")


def test_versions_are_made_by_permission_and_named_once(zhang: Person, kunde: Person) -> None:
    data = {"version": {"name": "2026.1", "due_date": "2026-12-31"}}
    assert kunde.send("POST", "/projects/erp/versions.json", data).status_code == 403
    assert zhang.send("POST", "/projects/erp/versions.json", data).status_code == 201
    again = zhang.send("POST", "/projects/erp/versions.json", data)
    assert again.get_json() == {"errors": ["Name has already been taken"]}
    assert zhang.new(fixed_version_id=1)["fixed_version"] == {"id": 1, "name": "2026.1"}


def test_bad_json_is_400_and_a_missing_body_is_an_empty_one(app: Flask, zhang: Person) -> None:
    headers = {"X-Redmine-API-Key": "k-zhang", "Content-Type": "application/json"}
    assert app.test_client().post("/issues.json", data="{", headers=headers).status_code == 400
    assert zhang.send("POST", "/issues.json").status_code == 422


def test_ids_of_names_survive_a_restart_with_another_blueprint(
    make: Callable[..., Flask], tmp_path: Path
) -> None:
    file = tmp_path / "state.json"
    make(state_file=file)
    changed = json.loads(json.dumps(make_blueprint()))
    changed["statuses"].insert(0, {"name": "新状态", "is_closed": False})
    app = create_app(changed, clock=Clock(), state_file=file)
    statuses = app.test_client().get("/issue_statuses.json").get_json()["issue_statuses"]
    assert {one["name"]: one["id"] for one in statuses}["已登记"] == 1
    assert {one["name"]: one["id"] for one in statuses}["新状态"] == 5
