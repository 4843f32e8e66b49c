from datetime import timedelta
from typing import Any

import pytest

from tests.unit.standins_jira.kit import Jira


def search(jira: Jira, jql: str, name: str = "li", **more: object) -> Any:
    path = "/search/jql" if jira.mode == "cloud" else "/search"
    return jira.who(name).get(path, jql=jql, **more)


def found(jira: Jira, jql: str, name: str = "li") -> list[str]:
    answer = search(jira, jql, name, maxResults=100)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["issues"]]


def test_issues_are_found_by_project_key_type_and_status(jira: Jira) -> None:
    first, second = jira.create(), jira.create(kind="维护要求")
    other = jira.create("fremd", project="CRM")
    jira.move(first, "开始")
    assert found(jira, "project in (ERP, CRM) ORDER BY key", "zhang") == [other, first, second]
    assert found(jira, "key in (ERP-1, ERP-2) ORDER BY key DESC") == [second, first]
    assert found(jira, 'project = "ERP" AND key in (ERP-2)') == [second]
    assert found(jira, f"id = {first}") == [first]
    assert found(jira, "issuetype = 维护要求") == [second]
    assert found(jira, 'project = ERP AND status in ("处理中")') == [first]
    assert found(jira, "project = ERP ORDER BY created DESC") == [second, first]


def test_time_in_jql_is_the_asker_s_own_and_whole_minutes(jira: Jira) -> None:
    jira.clock.forward(seconds=30)
    made = jira.create()  # 09:00:30 in Shanghai, 02:00:30 in Berlin, where li is
    assert found(jira, 'project = ERP AND updated >= "2026-03-02 02:00"') == [made]
    assert found(jira, 'project = ERP AND updated >= "2026-03-02 02:01"') == []
    assert found(jira, 'project = ERP AND updated < "2026/03/02 02:01"') == [made]
    assert found(jira, 'project = ERP AND updated >= "2026-03-02 09:00"', "zhang") == [made]
    assert found(jira, 'project = ERP AND updated >= "2026-03-02 09:00"') == []
    assert found(jira, "project = ERP AND created >= 2026-03-02") == [made]
    answer = search(jira, 'updated >= "2026-03-02 02:00:30"')
    assert (answer.status_code, "is invalid" in answer.text) == (400, True)


def test_a_text_is_found_by_its_words_and_a_choice_by_its_name(jira: Jira) -> None:
    made = jira.create(标记="svc-plugin M32 main 12", 要求种类={"value": "投诉"})
    number = jira.field("标记").removeprefix("customfield_")
    assert found(jira, f'project = ERP AND cf[{number}] ~ "main M32"') == [made]
    assert found(jira, f'project = ERP AND cf[{number}] ~ "\\"M32 main\\""') == [made]
    assert found(jira, f'project = ERP AND cf[{number}] ~ "\\"main M32\\""') == []
    assert found(jira, 'project = ERP AND "标记" ~ "M33"') == []
    assert found(jira, 'project = ERP AND "要求种类" = "投诉"') == [made]
    assert found(jira, 'project = ERP AND "要求种类" in ("请求")') == []
    assert search(jira, 'project = ERP AND "标记" = "M32"').status_code == 400


@pytest.mark.parametrize(
    "jql",
    [
        "project = NIX",
        "project = ERP AND key = ERP-99",
        "project in (ERP, CRM)",
        "id = 4711",
        "status = 别的",
        'project in ("ERP"',
        "project =",
        "project = ERP ORDER",
        "cf[99999] ~ x",
    ],
)
def test_what_is_not_there_and_what_is_no_jql_is_400(jira: Jira, jql: str) -> None:
    jira.create()
    answer = search(jira, jql)
    assert (answer.status_code, set(answer.json)) == (400, {"errorMessages", "warningMessages"})


@pytest.mark.parametrize(
    "jql",
    [
        "project = ERP OR project = CRM",
        "NOT project = ERP",
        "(project = ERP)",
        "assignee = currentUser()",
        "project != ERP",
        "status CHANGED",
        "updated >= -5m",
        "project = ERP AND text ~ x",
        "project = ERP ORDER BY rank",
        "project = ERP nonsense",
        'issue.property[svc].origin = "x"',
    ],
)
def test_jql_beyond_the_stand_in_is_said_aloud(jira: Jira, jql: str) -> None:
    assert search(jira, jql).status_code == 501


def test_cloud_gives_ids_alone_and_a_token_for_more(cloud: Jira) -> None:
    made = [cloud.create() for _ in range(5)]
    jql = "project = ERP ORDER BY updated ASC, key"
    first = search(cloud, jql, maxResults=2).json
    assert first["issues"] == [{"id": made[0]}, {"id": made[1]}]
    assert "total" not in first
    second = search(cloud, jql, maxResults=2, nextPageToken=first["nextPageToken"]).json
    last = search(cloud, jql, maxResults=2, nextPageToken=second["nextPageToken"]).json
    assert [one["id"] for page in (first, second, last) for one in page["issues"]] == made
    assert (last["isLast"], "nextPageToken" in last) == (True, False)
    assert search(cloud, jql, nextPageToken="rubbish").status_code == 400


def test_a_walk_on_cloud_misses_nothing_that_changes_meanwhile(cloud: Jira) -> None:
    made = [cloud.create() for _ in range(4)]
    jql = "project = ERP ORDER BY updated ASC, key"
    first = search(cloud, jql, maxResults=2).json
    for one in made[:2]:
        cloud.who("li").send("PUT", f"/issue/{one}", {"fields": {"summary": "新"}})
    rest = search(cloud, jql, nextPageToken=first["nextPageToken"]).json
    assert [one["id"] for one in rest["issues"]] == [made[2], made[3], made[0], made[1]]


def test_data_center_gives_pages_with_a_total(dc: Jira) -> None:
    made = [dc.create() for _ in range(5)]
    page = search(dc, "project = ERP ORDER BY key", startAt=3, maxResults=2).json
    assert (page["total"], page["startAt"]) == (5, 3)
    assert [one["id"] for one in page["issues"]] == made[3:]
    assert page["issues"][0]["fields"]["summary"] == "开票失败"
    assert "comment" not in page["issues"][0]["fields"]


def test_the_old_search_is_gone_from_cloud_and_the_new_one_not_on_data_center(cloud: Jira, dc: Jira) -> None:
    assert cloud.who("li").get("/search", jql="project = ERP").status_code == 410
    assert dc.who("li").get("/search/jql", jql="project = ERP").status_code == 404


def test_cloud_wants_a_restriction(cloud: Jira, dc: Jira) -> None:
    answer = search(cloud, "ORDER BY created")
    assert (answer.status_code, "Unbounded" in answer.text) == (400, True)
    assert search(dc, "ORDER BY created").status_code == 200


def test_the_question_may_stand_in_the_body(jira: Jira) -> None:
    made = jira.create()
    path = "/search/jql" if jira.mode == "cloud" else "/search"
    body = {"jql": "project = ERP", "fields": ["summary", "status"], "maxResults": 10}
    (one,) = jira.who("li").send("POST", path, body).json["issues"]
    assert (one["id"], set(one["fields"])) == (made, {"summary", "status"})


def test_a_search_on_cloud_may_lag_behind(cloud: Jira) -> None:
    old = cloud.create()
    cloud.clock.forward(minutes=5)
    cloud.site.faults.search_lag = timedelta(minutes=1)
    new = cloud.create()
    cloud.who("li").send("PUT", f"/issue/{old}", {"fields": {"summary": "新"}})
    stale = search(cloud, "project = ERP", fields="summary,updated").json["issues"]
    assert [(one["id"], one["fields"]["summary"]) for one in stale] == [(old, "开票失败")]
    assert stale[0]["fields"]["updated"].startswith("2026-03-02T09:00")
    assert found_fresh(cloud, new) == [new, old]
    cloud.clock.forward(minutes=2)
    assert found(cloud, "project = ERP") == [new, old]


def found_fresh(jira: Jira, issue: str) -> list[str]:
    answer = search(jira, "project = ERP", reconcileIssues=issue)
    return [one["id"] for one in answer.json["issues"]]


def test_a_changelog_in_a_search_is_cut_on_cloud(cloud: Jira) -> None:
    cloud.site.faults.write_limit = False
    made = cloud.create()
    for number in range(45):
        cloud.who("li").send("PUT", f"/issue/{made}", {"fields": {"summary": str(number)}})
    (one,) = search(cloud, "project = ERP", expand="changelog", fields="summary").json["issues"]
    assert (one["changelog"]["total"], len(one["changelog"]["histories"])) == (45, 40)
    assert one["changelog"]["histories"][0]["items"][0]["toString"] == "44"
