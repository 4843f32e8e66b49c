from typing import Any

from tests.unit.standins_jira.kit import Jira

ROLE = {"visibility": {"type": "role", "value": "lead"}}
INTERNAL = {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]}


def add(jira: Jira, issue: str, name: str = "li", body: str = "好", **more: object) -> Any:
    return jira.who(name).send("POST", f"/issue/{issue}/comment", {"body": body, **more})


def seen(jira: Jira, issue: str, name: str) -> list[str]:
    answer = jira.who(name).get(f"/issue/{issue}/comment").json
    inside = jira.fields(issue, name)["comment"]
    assert answer["total"] == inside["total"] == len(answer["comments"])
    assert answer["comments"] == inside["comments"]
    return [one["body"] for one in answer["comments"]]


def test_a_comment_has_its_author_and_changes_the_issue_s_time(jira: Jira) -> None:
    made = jira.create()
    before = jira.fields(made)["updated"]
    answer = add(jira, made, body="第一行\n第二行 🙂")
    assert answer.status_code == 201
    assert answer.json["body"] == "第一行\n第二行 🙂"
    assert answer.json["author"]["displayName"] == "li 先生"
    assert jira.fields(made)["updated"] > before
    assert jira.changelog(made) == []


def test_comments_are_edited_and_deleted_by_their_author_or_a_leader(jira: Jira) -> None:
    made = jira.create()
    place = f"/issue/{made}/comment/{add(jira, made).json['id']}"
    assert jira.who("li").send("PUT", place, {"body": "改"}).json["body"] == "改"
    assert jira.who("bot").send("PUT", place, {"body": "我"}).status_code == 400
    assert (
        jira.who("zhang").send("PUT", place, {"body": "查"}).json["updateAuthor"]["displayName"]
        == "zhang 先生"
    )
    assert jira.who("bot").send("DELETE", place).status_code == 400
    assert jira.who("li").send("DELETE", place).status_code == 204
    assert jira.who("li").get(place).status_code == 404


def test_a_restricted_comment_is_for_its_role_alone(jira: Jira) -> None:
    made = jira.create()
    add(jira, made, "zhang", "密", **ROLE)
    add(jira, made, "zhang", "明")
    assert seen(jira, made, "zhang") == ["密", "明"]
    assert seen(jira, made, "li") == ["明"]
    assert add(jira, made, "li", **ROLE).status_code == 400


def test_a_service_desk_s_internal_comment_is_marked(jira: Jira) -> None:
    made = jira.create("fremd", project="CRM")
    add(jira, made, "fremd", "密", **INTERNAL)
    add(jira, made, "fremd", "明")
    told = jira.who("fremd").get(f"/issue/{made}/comment", expand="properties").json["comments"]
    assert [one["jsdPublic"] for one in told] == [False, True]
    assert told[0]["properties"] == INTERNAL["properties"]


def test_only_who_may_comment_comments(jira: Jira) -> None:
    made = jira.create()
    assert add(jira, made, "kunde").status_code == 400
    assert add(jira, made, "fremd").status_code == 404
    assert seen(jira, made, "kunde") == []


def test_a_comment_is_a_text_that_says_something(jira: Jira) -> None:
    made = jira.create()
    assert add(jira, made, body="  ").status_code == 400
    assert add(jira, made, body="长" * 32768).status_code == 400
    document = {"type": "doc", "version": 1, "content": []}
    assert jira.who("li").send("POST", f"/issue/{made}/comment", {"body": document}).status_code == 400


def test_comments_come_by_pages_and_in_either_order(jira: Jira) -> None:
    made = jira.create()
    for number in range(4):
        add(jira, made, body=str(number))
    page = jira.who("li").get(f"/issue/{made}/comment", startAt=1, maxResults=2, orderBy="-created").json
    assert ([one["body"] for one in page["comments"]], page["total"]) == (["2", "1"], 4)


def test_a_bad_comment_stops_the_change_that_it_comes_with(jira: Jira) -> None:
    made = jira.create()
    body = {"fields": {"summary": "新"}, "update": {"comment": [{"add": {"body": ""}}]}}
    assert jira.who("li").send("PUT", f"/issue/{made}", body).status_code == 400
    assert jira.fields(made)["summary"] == "开票失败"
