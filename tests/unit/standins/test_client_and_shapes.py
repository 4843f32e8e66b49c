from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redminelib import Redmine
from redminelib.exceptions import AuthError, ForbiddenError, ResourceNotFoundError, ValidationError

from svc_plugin.standins.redmine import serve
from tests.unit.standins.kit import Person


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with serve(app) as served:
        yield served.url


@pytest.fixture
def redmine(url: str) -> Redmine:
    return Redmine(url, key="k-zhang")


def test_python_redmine_walks_the_life_of_an_issue(redmine: Redmine) -> None:
    assert redmine.user.get("current").login == "zhang"
    issue = redmine.issue.create(
        project_id="erp", tracker_id=1, subject="登录失败", custom_fields=[{"id": 1, "value": "投诉"}]
    )
    assert redmine.issue.update(issue.id, status_id=2, notes="已联系")
    fresh = redmine.issue.get(issue.id, include=["journals", "allowed_statuses"])
    assert (fresh.status.name, fresh.author.name) == ("处理中", "服务 张")
    assert [journal.notes for journal in fresh.journals] == ["已联系"]
    assert [status.name for status in fresh.allowed_statuses] == ["处理中", "已答复"]
    assert fresh.custom_fields.get(1).value == "投诉"
    assert redmine.issue.delete(issue.id)
    with pytest.raises(ResourceNotFoundError):
        redmine.issue.get(issue.id)


def test_python_redmine_pages_filters_and_sorts(redmine: Redmine) -> None:
    for number in range(120):
        redmine.issue.create(project_id="erp", subject=f"n{number}")
    everything = redmine.issue.filter(
        project_id="erp", status_id="*", sort="updated_on:asc,id:asc", limit=500
    )
    assert [issue.id for issue in everything] == list(range(1, 121))


def test_python_redmine_relates_watches_logs_and_uploads(redmine: Redmine, tmp_path: Path) -> None:
    file = tmp_path / "日志.txt"
    file.write_text("inhalt", encoding="utf-8")
    one = redmine.issue.create(project_id="erp", subject="a", uploads=[{"path": str(file)}])
    two = redmine.issue.create(project_id="erp", subject="b")
    relation = redmine.issue_relation.create(issue_id=one.id, issue_to_id=two.id, relation_type="blocks")
    assert redmine.issue_relation.get(relation.id).relation_type == "blocks"
    assert [found.id for found in redmine.issue_relation.filter(issue_id=one.id)] == [relation.id]
    one.watcher.add(3)
    entry = redmine.time_entry.create(issue_id=one.id, hours=1.5, activity_id=9, comments="现场")
    assert [found.id for found in redmine.time_entry.filter(issue_id=one.id)] == [entry.id]
    version = redmine.version.create(project_id="erp", name="v1")
    assert [found.name for found in redmine.version.filter(project_id="erp")] == [version.name]
    fresh = redmine.issue.get(one.id, include=["attachments", "watchers", "relations"])
    assert [user.id for user in fresh.watchers] == [3]
    path = fresh.attachments[0].download(savepath=str(tmp_path), filename="out.txt")
    assert Path(path).read_text(encoding="utf-8") == "inhalt"


def test_python_redmine_reads_the_set_up(redmine: Redmine, url: str) -> None:
    assert [tracker.name for tracker in redmine.tracker.all()] == ["客户要求", "维护要求"]
    assert [status.name for status in redmine.issue_status.all()][-1] == "已关闭"
    assert "edit_issues" in redmine.role.get(1).permissions
    assert [one.name for one in redmine.enumeration.filter(resource="time_entry_activities")] == [
        "维护",
        "现场",
    ]
    assert [one.name for one in redmine.enumeration.filter(resource="issue_priorities")][1] == "普通"
    assert [p.identifier for p in redmine.project.all()] == ["erp"]
    assert len(redmine.project_membership.filter(project_id="erp")) == 3
    assert redmine.project.get("erp", include=["trackers"]).trackers[0].name == "客户要求"
    admin = Redmine(url, key="k-admin")
    assert admin.custom_field.all()[0].possible_values[0] == {"value": "请求", "label": "请求"}
    assert {user.login for user in admin.user.all()} == {"admin", "fremd", "kunde", "li", "zhang"}
    assert Redmine(url, key="k-admin", impersonate="li").user.get("current").login == "li"


def test_python_redmine_raises_its_own_errors(redmine: Redmine, url: str) -> None:
    with pytest.raises(AuthError):
        Redmine(url, key="wrong").auth()
    with pytest.raises(ForbiddenError):
        list(redmine.custom_field.all())
    with pytest.raises(ValidationError, match="要求种类 is not included in the list"):
        redmine.issue.create(project_id="erp", subject="x", custom_fields=[{"id": 1, "value": "表扬"}])


# ---- the captured exchanges of a real Redmine 5.0.4 ----

# the stand-in has no categories, and not every issue here has a parent
LEFT_OUT = {"category", "parent"}
PROJECT_PARTS = "trackers,issue_categories,enabled_modules,time_entry_activities,issue_custom_fields"


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    folder = os.environ.get("SVC_FIXTURES")
    file = Path(folder or "") / "redmine-5.0.4-rest.json"
    if not folder or not file.is_file():
        pytest.skip("SVC_FIXTURES does not name the folder of captured exchanges")
    exchanges = json.loads(file.read_text(encoding="utf-8"))["exchanges"]
    return {exchange["name"]: exchange["response"] for exchange in exchanges}


def keys(shape: dict[str, Any]) -> list[str]:
    return [key for key in shape if key not in LEFT_OUT]


@pytest.fixture
def busy(app: Flask, zhang: Person) -> Person:
    """An issue with everything on it."""
    headers = {"X-Redmine-API-Key": "k-zhang"}
    binary = "application/octet-stream"
    upload = app.test_client().post("/uploads.json", data=b"hello", content_type=binary, headers=headers)
    zhang.send("POST", "/projects/erp/versions.json", {"version": {"name": "v"}})
    zhang.new(
        assigned_to_id=3,
        fixed_version_id=1,
        watcher_user_ids=[2],
        uploads=[{"token": upload.get_json()["upload"]["token"], "filename": "photo.txt"}],
        estimated_hours=3.5,
    )
    zhang.new("child", parent_issue_id=1)
    zhang.new("other")
    zhang.put(1, notes="n", status_id=2)
    zhang.send("POST", "/issues/1/relations.json", {"relation": {"issue_to_id": 3}})
    zhang.send("POST", "/time_entries.json", {"time_entry": {"issue_id": 1, "hours": 1.5}})
    return zhang


def test_an_issue_has_the_keys_of_a_real_one_in_their_order(busy: Person, real: dict[str, Any]) -> None:
    wanted = real["issue-get-all-includes"]["json"]["issue"]
    includes = (
        "children",
        "attachments",
        "relations",
        "changesets",
        "journals",
        "watchers",
        "allowed_statuses",
    )
    ours = busy.issue(1, *includes)
    assert keys(ours) == keys(wanted)
    for part in ("children", "attachments", "relations", "journals", "watchers", "allowed_statuses"):
        assert list(ours[part][0]) == list(wanted[part][0])
    assert list(ours["journals"][0]["details"][0]) == list(wanted["journals"][3]["details"][0])
    for part in ("project", "status", "assigned_to", "fixed_version", "priority", "author", "tracker"):
        assert list(ours[part]) == list(wanted[part])
    for name in ("estimated_hours", "spent_hours", "done_ratio", "is_private", "created_on", "closed_on"):
        assert type(ours[name]) is type(wanted[name])


def test_lists_and_new_issues_have_the_keys_of_real_ones(busy: Person, real: dict[str, Any]) -> None:
    wanted = real["issue-list"]["json"]
    ours = busy.get("/issues.json", include="attachments,relations").get_json()
    assert list(ours) == list(wanted)
    bare = real["tracker-unknown-falls-back"]["json"]["issue"]
    made = busy.new("x", tracker_id=999)
    assert [key for key in made if key != "custom_fields"] == list(bare)
    plain = next(one for one in wanted["issues"] if "parent" not in one)
    ours_plain = next(one for one in ours["issues"] if one["id"] == 3)
    assert [key for key in ours_plain if key != "custom_fields"] == list(plain)


@pytest.mark.parametrize(
    ("name", "url", "path"),
    [
        ("whoami", "/users/current.json?include=memberships", ("user",)),
        ("whoami", "/users/current.json?include=memberships", ("user", "memberships", 0)),
        ("project-list", "/projects.json", ("projects", 0)),
        ("project-get", f"/projects/erp.json?include={PROJECT_PARTS}", ("project",)),
        ("relation-create", "/relations/1.json", ("relation",)),
        ("time-entry-list", "/time_entries.json", ("time_entries", 0)),
        ("time-entry-list", "/time_entries.json", ()),
        ("version-list", "/projects/erp/versions.json", ("versions", 0)),
        ("version-create", "/versions/1.json", ("version",)),
        ("memberships", "/projects/erp/memberships.json", ("memberships", 0)),
        ("memberships", "/projects/erp/memberships.json", ()),
        ("trackers", "/trackers.json", ("trackers", 0)),
        ("issue-statuses", "/issue_statuses.json", ("issue_statuses", 0)),
        ("priorities", "/enumerations/issue_priorities.json", ("issue_priorities", 0)),
        ("activities", "/enumerations/time_entry_activities.json", ("time_entry_activities", 0)),
        ("role", "/roles/1.json", ("role",)),
        ("attachment-get", "/attachments/1.json", ("attachment",)),
    ],
)
def test_other_objects_have_the_keys_of_real_ones(
    busy: Person, real: dict[str, Any], name: str, url: str, path: tuple[str | int, ...]
) -> None:
    wanted, ours = real[name]["json"], busy.get(url).get_json()
    for step in path:
        wanted, ours = wanted[step], ours[step]
    assert list(ours) == [key for key in wanted if key != "custom_fields"]


def test_custom_fields_have_the_keys_of_real_ones(admin: Person, real: dict[str, Any]) -> None:
    fields = real["custom-fields-as-admin"]["json"]["custom_fields"]
    wanted = {one["field_format"]: one for one in fields if one["customized_type"] == "issue"}
    for ours in admin.get("/custom_fields.json").get_json()["custom_fields"]:
        assert list(ours) == list(wanted[ours["field_format"]])


def test_refusals_look_like_real_ones(zhang: Person, real: dict[str, Any]) -> None:
    for name, url in (
        ("issue-get-unknown", "/issues/999.json"),
        ("custom-fields-as-bot", "/custom_fields.json"),
    ):
        answer = zhang.get(url)
        assert (answer.status_code, answer.get_data(as_text=True)) == (
            real[name]["status"],
            real[name]["text"],
        )
        assert answer.headers["Content-Type"] == real[name]["headers"]["Content-Type"]
    answer = zhang.get("/issues.json", updated_on=">=yesterday")
    assert answer.get_json() == real["issue-list-bad-filter"]["json"]
