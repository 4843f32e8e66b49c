from __future__ import annotations

import pytest

from tests.unit.standins.kit import Clock, Person


def test_a_forbidden_status_is_dropped_while_note_and_fields_are_saved(zhang: Person) -> None:
    issue = zhang.new()
    assert zhang.put(issue["id"], status_id=4, notes="试着关闭", subject="新主题") == 204
    after = zhang.issue(issue["id"], "journals")
    assert after["status"]["name"] == "已登记"
    assert after["subject"] == "新主题"
    assert [journal["notes"] for journal in after["journals"]] == ["试着关闭"]


def test_an_unknown_status_id_or_a_status_by_name_changes_nothing(zhang: Person) -> None:
    issue = zhang.new()
    assert zhang.put(issue["id"], status_id=99) == 204
    assert zhang.put(issue["id"], status="处理中") == 204
    assert zhang.issue(issue["id"], "journals")["journals"] == []


def test_an_allowed_status_is_taken_and_closing_dates_it(zhang: Person) -> None:
    issue = zhang.new()
    for status in (2, 3, 4):
        zhang.put(issue["id"], status_id=status)
    after = zhang.issue(issue["id"], "allowed_statuses")
    assert after["closed_on"] == after["updated_on"]
    assert [status["name"] for status in after["allowed_statuses"]] == ["处理中", "已关闭"]


def test_even_an_administrator_is_bound_by_the_workflow(zhang: Person, admin: Person) -> None:
    issue = zhang.new()
    assert admin.put(issue["id"], status_id=4) == 204
    assert zhang.issue(issue["id"])["status"]["name"] == "已登记"


def test_a_new_issue_with_a_forbidden_status_starts_in_the_default_one(zhang: Person) -> None:
    assert zhang.new(status_id=4)["status"]["name"] == "已登记"


def test_an_unknown_tracker_becomes_the_first_one(zhang: Person) -> None:
    assert zhang.new(tracker_id=999)["tracker"]["name"] == "客户要求"


def test_an_unknown_project_is_refused_with_three_errors(zhang: Person) -> None:
    for project in ("nope", "crm"):
        answer = zhang.send("POST", "/issues.json", {"issue": {"project_id": project, "subject": "x"}})
        assert answer.status_code == 422
        wanted = ["Project cannot be blank", "Tracker cannot be blank", "Status cannot be blank"]
        assert answer.get_json()["errors"] == wanted


def test_unknown_fields_and_fields_of_other_trackers_are_dropped(zhang: Person) -> None:
    issue = zhang.new(custom_fields=[{"id": 6, "value": "3"}, {"id": 9999, "value": "x"}])
    assert [field["id"] for field in issue["custom_fields"]] == [1, 2, 3, 4, 5]
    assert zhang.put(issue["id"], custom_fields=[{"name": "外部编号", "value": "A-1"}], nonsense=1) == 204
    assert zhang.issue(issue["id"], "journals")["journals"] == []


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        (1, "表扬", "要求种类 is not included in the list"),
        (2, "a-1", "外部编号 is invalid"),
        (4, "2026-02-30", "约定日期 is not a valid date"),
    ],
)
def test_a_bad_custom_value_is_refused_and_nothing_is_saved(
    zhang: Person, field: int, value: str, error: str
) -> None:
    issue = zhang.new()
    data = {"issue": {"notes": "n", "custom_fields": [{"id": field, "value": value}]}}
    answer = zhang.send("PUT", f"/issues/{issue['id']}.json", data)
    assert (answer.status_code, answer.get_json()) == (422, {"errors": [error]})
    assert zhang.issue(issue["id"], "journals")["journals"] == []


def test_a_bool_sent_as_json_true_is_stored_as_a_text_that_filters_miss(zhang: Person) -> None:
    zhang.new("json", custom_fields=[{"id": 5, "value": True}])
    zhang.new("text", custom_fields=[{"id": 5, "value": "1"}])
    assert zhang.subjects(cf_5="1") == ["text"]
    assert zhang.subjects(cf_5="true") == ["json"]


def test_line_ends_of_descriptions_become_crlf_and_those_of_notes_stay(zhang: Person) -> None:
    issue = zhang.new(description="a\nb\r\nc")
    zhang.put(issue["id"], notes="x\ny")
    after = zhang.issue(issue["id"], "journals")
    assert after["description"] == "a\r\nb\r\nc"
    assert after["journals"][0]["notes"] == "x\ny"


def test_a_private_note_without_the_permission_is_stored_public(zhang: Person, li: Person) -> None:
    issue = zhang.new()
    li.put(issue["id"], notes="本想私有", private_notes=True)
    zhang.put(issue["id"], notes="真私有", private_notes=True)
    assert [j["private_notes"] for j in zhang.issue(issue["id"], "journals")["journals"]] == [False, True]
    assert [j["notes"] for j in li.issue(issue["id"], "journals")["journals"]] == ["本想私有"]


def test_changes_beside_a_private_note_stay_public_in_a_journal_of_their_own(
    zhang: Person, li: Person
) -> None:
    issue = zhang.new()
    zhang.put(issue["id"], notes="私有", private_notes=True, status_id=2)
    seen = li.issue(issue["id"], "journals")["journals"]
    assert [(j["notes"], j["details"][0]["name"]) for j in seen] == [("", "status_id")]


def test_one_who_may_only_add_notes_changes_no_field(zhang: Person, kunde: Person) -> None:
    issue = zhang.new()
    assert kunde.put(issue["id"], subject="anders", notes="Frage") == 204
    after = zhang.issue(issue["id"], "journals")
    assert (after["subject"], after["journals"][0]["notes"]) == ("登录失败", "Frage")


def test_one_put_makes_one_journal_with_names_of_columns_and_field_ids(zhang: Person) -> None:
    issue = zhang.new(custom_fields=[{"id": 1, "value": "请求"}])
    zhang.put(issue["id"], status_id=2, notes="n", custom_fields=[{"id": 1, "value": "投诉"}])
    (journal,) = zhang.issue(issue["id"], "journals")["journals"]
    assert journal["details"] == [
        {"property": "attr", "name": "status_id", "old_value": "1", "new_value": "2"},
        {"property": "cf", "name": "1", "old_value": "请求", "new_value": "投诉"},
    ]


def test_a_put_without_a_change_leaves_neither_journal_nor_new_time(zhang: Person, clock: Clock) -> None:
    issue = zhang.new()
    clock.forward(seconds=5)
    assert zhang.put(issue["id"], subject="登录失败") == 204
    after = zhang.issue(issue["id"], "journals")
    assert (after["updated_on"], after["journals"]) == (issue["updated_on"], [])


def test_times_have_whole_seconds(zhang: Person) -> None:
    assert zhang.new()["updated_on"] == "2026-03-02T09:00:00Z"


def test_a_stale_lock_version_is_refused_without_a_text(zhang: Person) -> None:
    issue = zhang.new()
    zhang.put(issue["id"], notes="erste")
    data = {"issue": {"notes": "zweite", "lock_version": 1}}
    answer = zhang.send("PUT", f"/issues/{issue['id']}.json", data)
    assert (answer.status_code, answer.get_json()) == (422, {"errors": []})


@pytest.mark.parametrize(
    ("attrs", "error"),
    [
        ({"subject": ""}, "Subject cannot be blank"),
        ({"subject": "x" * 256}, "Subject is too long (maximum is 255 characters)"),
        ({"assigned_to_id": 4}, "Assignee is invalid"),
        ({"fixed_version_id": 7}, "Target version is not included in the list"),
        ({"due_date": "morgen"}, "Due date is not a valid date"),
        ({"start_date": "2026-03-02", "due_date": "2026-03-01"}, "Due date must be greater than start date"),
        ({"parent_issue_id": 77}, "Parent task is invalid"),
        ({"done_ratio": 101}, "% Done is not included in the list"),
        ({"estimated_hours": "viel"}, "Estimated time is invalid"),
        ({"priority_id": 9}, "Priority cannot be blank"),
        ({"uploads": [{"token": "1.abc"}]}, "1 file(s) could not be saved."),
    ],
)
def test_a_bad_attribute_is_refused_by_name(zhang: Person, attrs: dict[str, object], error: str) -> None:
    issue = zhang.new()
    answer = zhang.send("PUT", f"/issues/{issue['id']}.json", {"issue": attrs})
    assert (answer.status_code, answer.get_json()) == (422, {"errors": [error]})


def test_a_parent_with_an_open_subtask_cannot_be_closed(zhang: Person) -> None:
    parent = zhang.new()
    child = zhang.new("sub", tracker_id=2, parent_issue_id=parent["id"], due_date="2026-04-01", priority_id=4)
    for status in (2, 3, 4):
        zhang.put(parent["id"], status_id=status)
    assert zhang.issue(parent["id"])["status"]["name"] == "已答复"
    zhang.put(child["id"], status_id=4)
    zhang.put(parent["id"], status_id=4)
    assert zhang.issue(parent["id"])["status"]["name"] == "已关闭"


def test_dates_and_priority_of_a_parent_follow_its_subtasks(zhang: Person) -> None:
    parent = zhang.new(due_date="2026-03-05")
    zhang.new("sub", parent_issue_id=parent["id"], due_date="2026-04-01", priority_id=4)
    zhang.put(parent["id"], due_date="2026-12-31", priority_id=1)
    after = zhang.issue(parent["id"], "children")
    assert (after["due_date"], after["priority"]["id"]) == ("2026-04-01", 4)
    assert after["children"][0]["subject"] == "sub"


def test_a_blocked_issue_cannot_be_closed(zhang: Person) -> None:
    blocker, blocked = zhang.new("blocker"), zhang.new("blocked")
    relation = {"relation": {"issue_to_id": blocker["id"], "relation_type": "blocked"}}
    made = zhang.send("POST", f"/issues/{blocked['id']}/relations.json", relation).get_json()["relation"]
    assert (made["issue_id"], made["issue_to_id"], made["relation_type"]) == (1, 2, "blocks")
    for status in (2, 3, 4):
        zhang.put(blocked["id"], status_id=status)
    assert zhang.issue(blocked["id"])["status"]["name"] == "已答复"
