import pytest

from svc_plugin.standins.jira.moving import move_issue
from tests.unit.standins_jira.kit import Jira

MOMENT = "2026-11-20T09:30:00.000+0800"


def test_an_issue_is_read_as_it_was_written(jira: Jira) -> None:
    li = jira.who("li").ref()
    made = jira.create(
        要求种类={"value": "投诉"}, 根本原因="一\n二", 约定日期="2026-11-21", 到达时间=MOMENT, 评分=4.5,
        测试人=li,
        description="税率表", assignee=li, labels=["a", "b"],
    )  # fmt: skip
    fields = jira.fields(made)
    assert fields["summary"] == "开票失败"
    assert fields["description"] == "税率表"
    assert fields["labels"] == ["a", "b"]
    assert fields["status"]["name"] == "已登记"
    assert fields["status"]["statusCategory"]["key"] == "new"
    assert fields[jira.field("要求种类")]["value"] == "投诉"
    assert fields[jira.field("根本原因")] == "一\n二"
    assert fields[jira.field("约定日期")] == "2026-11-21"
    assert fields[jira.field("到达时间")] == MOMENT
    assert fields[jira.field("评分")] == 4.5
    assert fields["creator"] == fields["reporter"] == fields["assignee"] == fields[jira.field("测试人")]
    assert jira.changelog(made) == []


def test_people_have_ids_on_cloud_and_names_on_data_center(cloud: Jira, dc: Jira) -> None:
    author = cloud.fields(cloud.create())["creator"]
    assert author["accountId"] == cloud.site.catalogue.people["li"].account_id
    assert {"name", "key", "emailAddress"} & author.keys() == set()
    author = dc.fields(dc.create())["creator"]
    assert (author["name"], author["emailAddress"]) == ("li", "li@example.com")
    assert "accountId" not in author


def test_moments_have_no_colon_in_the_offset(jira: Jira) -> None:
    assert jira.fields(jira.create())["created"].endswith("+0800")


def test_an_issue_is_known_by_id_and_by_key(jira: Jira) -> None:
    made = jira.create()
    answer = jira.who("li").get("/issue/ERP-1", fields="summary")
    assert (answer.json["id"], answer.json["fields"]) == (made, {"summary": "开票失败"})


def test_a_field_of_another_type_is_not_on_the_issue(jira: Jira) -> None:
    assert jira.field("内部") not in jira.fields(jira.create())
    assert jira.field("内部") in jira.fields(jira.create(kind="维护要求"))


def test_a_change_is_in_the_changelog_with_its_author(jira: Jira) -> None:
    made = jira.create(要求种类={"value": "请求"}, 评分=4.0)
    fields = {jira.field("要求种类"): {"value": "投诉"}, jira.field("评分"): None, "summary": "新"}
    assert jira.who("zhang").send("PUT", f"/issue/{made}", {"fields": fields}).status_code == 204
    (entry,) = jira.changelog(made)
    assert entry["author"]["displayName"] == "zhang 先生"
    items = {one["field"]: one for one in entry["items"]}
    assert (items["summary"]["fromString"], items["summary"]["toString"]) == ("开票失败", "新")
    assert (items["要求种类"]["fromString"], items["要求种类"]["toString"]) == ("请求", "投诉")
    assert items["要求种类"]["from"].isdecimal()
    assert (items["评分"]["fromString"], items["评分"]["toString"]) == ("4", None)
    assert items["评分"]["fieldtype"] == "custom"


def test_only_cloud_gives_the_ids_of_changed_fields(cloud: Jira, dc: Jira) -> None:
    for jira in (cloud, dc):
        made = jira.create()
        jira.who("li").send("PUT", f"/issue/{made}", {"fields": {"summary": "新"}})
    assert cloud.changelog("10001")[0]["items"][0]["fieldId"] == "summary"
    assert "fieldId" not in dc.changelog("10001")[0]["items"][0]


def test_a_change_that_changes_nothing_leaves_no_trace(jira: Jira) -> None:
    made = jira.create()
    before = jira.fields(made)["updated"]
    jira.clock.forward(minutes=1)
    jira.who("li").send("PUT", f"/issue/{made}", {"fields": {"summary": "开票失败"}})
    assert jira.changelog(made) == []
    assert jira.fields(made)["updated"] == before


def test_the_changelog_is_paged_on_cloud_and_whole_on_data_center(cloud: Jira, dc: Jira) -> None:
    for jira in (cloud, dc):
        jira.site.faults.write_limit = False
        made = jira.create()
        for number in range(103):
            jira.who("li").send("PUT", f"/issue/{made}", {"fields": {"summary": str(number)}})
    first = cloud.who("li").get("/issue/10001/changelog").json
    rest = cloud.who("li").get("/issue/10001/changelog", startAt=100).json
    assert (first["total"], first["isLast"], len(first["values"])) == (103, False, 100)
    assert (rest["isLast"], [one["items"][0]["toString"] for one in rest["values"]]) == (
        True,
        ["100", "101", "102"],
    )
    assert len(dc.changelog("10001")) == 103
    assert dc.who("li").get("/issue/10001/changelog").status_code == 404


def test_labels_and_versions_can_be_added_and_removed(jira: Jira) -> None:
    jira.who("zhang").send("POST", "/version", {"name": "5.2", "project": "ERP"})
    made = jira.create(labels=["a"])
    update = {
        "labels": [{"add": "b"}, {"remove": "a"}],
        "fixVersions": [{"add": {"name": "5.2"}}],
    }
    assert jira.who("li").send("PUT", f"/issue/{made}", {"update": update}).status_code == 204
    fields = jira.fields(made)
    assert fields["labels"] == ["b"]
    assert [one["name"] for one in fields["fixVersions"]] == ["5.2"]
    assert {one["field"] for one in jira.changelog(made)[0]["items"]} == {"labels", "Fix Version"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("要求种类", {"value": "别的"}),
        ("要求种类", "投诉"),
        ("约定日期", "21.11.2026"),
        ("到达时间", "2026-11-20 09:30"),
        ("评分", "4.5"),
        ("标记", "长" * 256),
        ("测试人", {"accountId": "nobody", "name": "nobody"}),
        ("labels", ["a b"]),
        ("fixVersions", [{"name": "9.9"}]),
        ("summary", "一\n二"),
        ("status", {"name": "已关闭"}),
        ("内部", "x"),
    ],
)
def test_a_bad_value_is_refused_under_the_name_of_its_field(jira: Jira, name: str, value: object) -> None:
    made = jira.create()
    answer = jira.who("zhang").send("PUT", f"/issue/{made}", {"fields": {jira.field(name): value}})
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == [jira.field(name)]
    assert jira.changelog(made) == []


def test_a_field_stands_in_fields_or_in_update_not_in_both(jira: Jira) -> None:
    made = jira.create()
    body = {"fields": {"summary": "a"}, "update": {"summary": [{"set": "b"}]}}
    assert jira.who("li").send("PUT", f"/issue/{made}", body).json["errors"].keys() == {"summary"}


def test_a_custom_field_that_is_not_there_is_refused_as_one_that_is_hidden(jira: Jira) -> None:
    made = jira.create()
    answer = jira.who("li").send("PUT", f"/issue/{made}", {"fields": {"customfield_99999": "x"}})
    assert "not on the appropriate screen, or unknown" in answer.json["errors"]["customfield_99999"]


def test_what_is_beyond_the_stand_in_is_said_aloud(jira: Jira) -> None:
    made, li = jira.create(), jira.who("li")
    beyond = [
        li.send("PUT", f"/issue/{made}", {"fields": {"environment": "x"}}),
        li.send("PUT", f"/issue/{made}", {"fields": {"nonsense": "x"}}),
        li.send("PUT", f"/issue/{made}", {"update": {"summary": [{"copy": "x"}]}}),
        li.send("PUT", f"/issue/{made}", {"transition": {"id": "11"}}),
        li.get(f"/issue/{made}", fields="votes"),
        li.get(f"/issue/{made}", expand="renderedFields"),
        li.get(f"/issue/{made}", colour="red"),
        li.get("/dashboard"),
        li.send("PATCH", f"/issue/{made}", {}),
    ]
    assert [one.status_code for one in beyond] == [501] * len(beyond)
    assert "environment" in beyond[0].text


def test_a_summary_is_required(jira: Jira) -> None:
    body = {"fields": {"project": {"key": "ERP"}, "issuetype": {"name": "客户要求"}}}
    answer = jira.who("li").send("POST", "/issue", body)
    assert (answer.status_code, list(answer.json["errors"])) == (400, ["summary"])


def test_a_deleted_issue_is_gone(jira: Jira) -> None:
    made = jira.create()
    assert jira.who("li").send("DELETE", f"/issue/{made}").status_code == 403
    assert jira.who("zhang").send("DELETE", f"/issue/{made}").status_code == 204
    assert jira.who("zhang").get(f"/issue/{made}").status_code == 404


def test_a_moved_issue_keeps_its_id_and_is_found_by_its_old_key(jira: Jira) -> None:
    made, here = jira.create(), jira.site
    issue, project = here.find(made), here.catalogue.project("CRM")
    assert issue
    assert project
    with jira.app.test_request_context():
        move_issue(here, here.catalogue.people["zhang"], issue, project)
    for key in (made, "ERP-1", "CRM-1"):
        told = jira.who("zhang").get(f"/issue/{key}").json
        assert (told["id"], told["key"], told["fields"]["project"]["key"]) == (made, "CRM-1", "CRM")
    items = {one["field"]: one["toString"] for one in jira.changelog(made)[0]["items"]}
    assert items == {"project": "客户", "Key": "CRM-1"}
    assert jira.who("li").get(f"/issue/{made}").status_code == 404


def test_an_assignee_is_set_and_taken_away(jira: Jira) -> None:
    made, word = jira.create(), "accountId" if jira.mode == "cloud" else "name"
    li = jira.who("li")
    assert li.send("PUT", f"/issue/{made}/assignee", li.ref()).status_code == 204
    assert jira.fields(made)["assignee"]["displayName"] == "li 先生"
    assert li.send("PUT", f"/issue/{made}/assignee", jira.who("kunde").ref()).status_code == 400
    assert li.send("PUT", f"/issue/{made}/assignee", {word: None}).status_code == 204
    assert jira.fields(made)["assignee"] is None


def test_many_issues_are_read_at_once_on_cloud(cloud: Jira, dc: Jira) -> None:
    made = [cloud.create(), cloud.create()]
    cloud.who("li").send("PUT", f"/issue/{made[1]}", {"fields": {"summary": "新"}})
    body = {"issueIdsOrKeys": [*made, "ERP-99"], "fields": ["summary"]}
    answer = cloud.who("li").send("POST", "/issue/bulkfetch", body).json
    assert [one["fields"]["summary"] for one in answer["issues"]] == ["开票失败", "新"]
    assert len(answer["issueErrors"]) == 1
    logs = cloud.who("li").send("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": made}).json
    assert [one["issueId"] for one in logs["issueChangeLogs"]] == [made[1]]
    assert dc.who("li").send("POST", "/issue/bulkfetch", body).status_code == 404
