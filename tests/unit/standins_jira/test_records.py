import io
from typing import Any

from werkzeug.test import TestResponse

from tests.unit.standins_jira.kit import V2, Jira

PAGE = {"globalId": "svc=1", "object": {"title": "说明", "url": "https://svc.example/1"}}


def attach(jira: Jira, issue: str, *names: str, part: str = "file", **headers: str) -> TestResponse:
    data = {part: [(io.BytesIO(f"内容 {name}".encode()), name) for name in names]}
    return jira.who("li").client.post(
        f"{V2}/issue/{issue}/attachments",
        data=data,
        headers={**jira.who("li").headers(), **headers},
    )


def link(jira: Jira, inward: str, outward: str, kind: str = "Blocks", name: str = "li") -> TestResponse:
    body = {"type": {"name": kind}, "inwardIssue": {"key": inward}, "outwardIssue": {"id": outward}}
    return jira.who(name).send("POST", "/issueLink", body)


def book(jira: Jira, issue: str, seconds: int, name: str = "li", **more: object) -> TestResponse:
    body = {"timeSpentSeconds": seconds, "started": "2026-03-02T08:00:00.000+0800", "comment": "测试", **more}
    return jira.who(name).send("POST", f"/issue/{issue}/worklog", body)


def no_check() -> dict[str, str]:
    return {"X-Atlassian-Token": "no-check"}


def test_a_file_with_a_chinese_name_comes_back_whole(jira: Jira) -> None:
    made = jira.create()
    (told,) = attach(jira, made, "维护报告 2026.docx", **no_check()).json
    assert told["filename"] == "维护报告 2026.docx"
    place = told["content"].removeprefix("http://localhost")
    assert place.startswith(
        "/rest/api/2/attachment/content/" if jira.mode == "cloud" else "/secure/attachment/"
    )
    got = jira.who("li").client.get(place, headers=jira.who("li").headers())
    assert got.data.decode() == "内容 维护报告 2026.docx"
    assert jira.who("fremd").get(f"/attachment/{told['id']}").status_code == 404
    (item,) = jira.changelog(made)[0]["items"]
    assert (item["field"], item["toString"]) == ("Attachment", "维护报告 2026.docx")


def test_files_of_one_name_stand_side_by_side(jira: Jira) -> None:
    made = jira.create()
    assert len(attach(jira, made, "a.txt", "a.txt", **no_check()).json) == 2
    assert [one["filename"] for one in jira.fields(made)["attachment"]] == ["a.txt", "a.txt"]


def test_a_file_needs_the_header_the_right_part_and_the_right_size(jira: Jira) -> None:
    made = jira.create()
    assert attach(jira, made, "a.txt").status_code == 403
    assert attach(jira, made, "a.txt", part="upload", **no_check()).status_code == 501
    jira.site.faults.upload_limit = 5
    assert jira.who("li").get("/attachment/meta").json["uploadLimit"] == 5
    assert attach(jira, made, "a.txt", **no_check()).status_code == 413
    assert jira.fields(made)["attachment"] == []


def test_a_link_is_seen_from_both_ends(jira: Jira) -> None:
    first, second = jira.create(), jira.create()
    answer = link(jira, "ERP-1", second)
    assert (answer.status_code, answer.data) == (201, b"")
    (here,), (there,) = (jira.fields(one)["issuelinks"] for one in (first, second))
    assert (here["outwardIssue"]["id"], here["type"]["outward"]) == (second, "blocks")
    assert (there["inwardIssue"]["id"], there["type"]["inward"]) == (first, "is blocked by")
    assert here["id"] == there["id"]
    assert [jira.changelog(one)[0]["items"][0]["toString"] for one in (first, second)] == [
        "This issue blocks ERP-2",
        "This issue is blocked by ERP-1",
    ]


def test_a_link_that_is_there_is_no_fault_and_no_second_one(jira: Jira) -> None:
    first, second = jira.create(), jira.create()
    assert [link(jira, "ERP-1", second).status_code for _ in range(2)] == [201, 201]
    assert len(jira.fields(first)["issuelinks"]) == 1
    assert len(jira.changelog(first)) == 1


def test_a_link_needs_a_known_type_both_issues_and_the_permission(jira: Jira) -> None:
    _, second = jira.create(), jira.create()
    assert link(jira, "ERP-1", second, "Nonsense").status_code == 404
    assert link(jira, "ERP-99", second).status_code == 404
    assert link(jira, "ERP-1", second, name="kunde").status_code == 401


def test_a_link_is_taken_away(jira: Jira) -> None:
    first, second = jira.create(), jira.create()
    link(jira, "ERP-1", second)
    number = jira.fields(first)["issuelinks"][0]["id"]
    assert jira.who("li").send("DELETE", f"/issueLink/{number}").status_code == 204
    assert jira.fields(second)["issuelinks"] == []


def test_an_issue_can_be_created_with_its_link(jira: Jira) -> None:
    first = jira.create()
    body: dict[str, Any] = {
        "fields": {"project": {"key": "ERP"}, "issuetype": {"name": "维护要求"}, "summary": "x"},
        "update": {"issuelinks": [{"add": {"type": {"name": "Relates"}, "inwardIssue": {"id": first}}}]},
        "properties": [{"key": "svc.origin", "value": {"marker": "M32"}}],
    }
    made = jira.who("li").send("POST", "/issue", body).json["id"]
    assert jira.fields(first)["issuelinks"][0]["outwardIssue"]["id"] == made
    assert jira.who("li").get(f"/issue/{made}/properties/svc.origin").json["value"] == {"marker": "M32"}


def test_a_remote_link_is_replaced_whole_under_its_global_id(jira: Jira) -> None:
    made = jira.create()
    place = f"/issue/{made}/remotelink"
    given = [
        jira.who("li").send("POST", place, {**PAGE, "relationship": "documents"}),
        jira.who("li").send("POST", place, PAGE),
    ]
    assert [one.status_code for one in given] == [201, 200]
    assert given[0].json["id"] == given[1].json["id"]
    (one,) = jira.who("li").get(place).json
    assert (one["globalId"], one["object"]) == ("svc=1", PAGE["object"])
    assert one.get("relationship") is None
    assert jira.who("li").get(place, globalId="svc=2").status_code == 404
    assert jira.who("li").send("POST", place, {**PAGE, "globalId": "x" * 256}).status_code == 400


def test_a_property_is_set_read_and_taken_away_without_touching_the_issue(jira: Jira) -> None:
    made = jira.create()
    before = jira.fields(made)["updated"]
    place = f"/issue/{made}/properties/svc.state"
    assert jira.who("li").send("PUT", place, {"a": 1}).status_code == 201
    assert jira.who("li").send("PUT", place, {"a": 2}).status_code == 200
    assert jira.who("li").get(place).json == {"key": "svc.state", "value": {"a": 2}}
    assert [one["key"] for one in jira.who("li").get(f"/issue/{made}/properties").json["keys"]] == [
        "svc.state"
    ]
    assert jira.who("li").get(f"/issue/{made}", properties="svc.state").json["properties"]["svc.state"] == {
        "a": 2
    }
    assert (jira.fields(made)["updated"], jira.changelog(made)) == (before, [])
    assert jira.who("kunde").send("PUT", place, {"a": 3}).status_code == 403
    assert jira.who("li").send("PUT", place, "x" * 32768).status_code == 400
    assert jira.who("li").send("DELETE", place).status_code == 204
    assert jira.who("li").get(place).status_code == 404


def test_watchers_are_added_and_taken_away(jira: Jira) -> None:
    made, li, kunde = jira.create(), jira.who("li"), jira.who("kunde")
    place = f"/issue/{made}/watchers"
    (ref,) = kunde.ref().values()
    before = jira.fields(made)["updated"]
    assert li.send("POST", place, ref).status_code == 204
    assert li.send("POST", place, ref).status_code == 204
    told = li.get(place).json
    assert [one["displayName"] for one in told["watchers"]] == ["li 先生", "kunde 先生"]
    assert jira.fields(made)["watches"]["watchCount"] == 2
    assert jira.fields(made)["updated"] == before
    (stranger,) = jira.who("fremd").ref().values()
    assert li.send("POST", place, stranger).status_code in {400, 401}
    assert li.send("POST", place, "nobody").status_code in {400, 404}
    word = "accountId" if jira.mode == "cloud" else "username"
    assert li.send("DELETE", f"{place}?{word}={ref}").status_code == 204
    assert len(li.get(place).json["watchers"]) == 1


def test_time_is_booked_by_who_asks_and_changes_the_issue(jira: Jira) -> None:
    made = jira.create()
    before = jira.fields(made)["updated"]
    told = book(jira, made, 5400).json
    assert (told["timeSpent"], told["comment"], told["issueId"]) == ("1h 30m", "测试", made)
    assert told["author"]["displayName"] == "li 先生"
    fields = jira.fields(made)
    assert (fields["timespent"], fields["updated"] > before) == (5400, True)
    assert jira.changelog(made)[0]["items"][0]["field"] == "timespent"
    assert book(jira, made, 30).status_code == 400
    assert book(jira, made, 60, "kunde").status_code == 400
    assert book(jira, made, 60, started="2026-03-02").status_code == 400


def test_an_issue_shows_its_first_twenty_bookings_only(jira: Jira) -> None:
    jira.site.faults.write_limit = False
    made = jira.create()
    for number in range(23):
        book(jira, made, 60 * (number + 1))
    inside = jira.fields(made)["worklog"]
    assert (len(inside["worklogs"]), inside["total"]) == (20, 23)
    every = jira.who("li").get(f"/issue/{made}/worklog", startAt=20).json
    assert [one["timeSpentSeconds"] for one in every["worklogs"]] == [1260, 1320, 1380]


def test_a_booking_is_taken_away_by_its_author(jira: Jira) -> None:
    made = jira.create()
    place = f"/issue/{made}/worklog/{book(jira, made, 60).json['id']}"
    assert jira.who("zhang").send("DELETE", place).status_code == 400
    assert jira.who("li").send("DELETE", place).status_code == 204
    assert jira.fields(made)["timespent"] is None
