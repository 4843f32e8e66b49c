"""The stand-in in cloud mode answers as Atlassian describes Jira Cloud, route by route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Response, request

from tests.contract.jira_spec import SpecWatch, reasons, watched
from tests.unit.standins_jira.kit import Jira
from tests.unit.standins_jira.test_admin import SELECT
from tests.unit.standins_jira.test_records import PAGE, attach, book, link, no_check

# in no description: webhooks that an administrator registers, and what only Data Center has
BEYOND = ("/rest/webhooks/", "/rest/jira-webhook/")
# described as removed; the stand-in says 410 as the servers do
GONE = {"GET /rest/api/2/search", "POST /rest/api/2/search"}


@pytest.fixture
def watch(cloud: Jira) -> SpecWatch:
    return watched(cloud.app)


def routes(jira: Jira) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in jira.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/rest/") and not rule.rule.startswith(BEYOND)
    }


def test_every_route_answers_as_described(cloud: Jira, watch: SpecWatch) -> None:
    statuses = [*issues(cloud), *records(cloud), *reading(cloud), *administration(cloud), *removals(cloud)]
    assert [one for one in statuses if one >= 400] == [], statuses
    assert watch.violations == []
    assert routes(cloud) - watch.seen == GONE


def issues(jira: Jira) -> Iterator[int]:
    li = jira.who("li")
    jira.create(要求种类={"value": "投诉"}, 约定日期="2026-11-21", 评分=4.5, 测试人=li.ref())
    jira.create("fremd", project="CRM")
    yield li.send("PUT", "/issue/ERP-1", {"fields": {"summary": "新"}}).status_code
    yield li.send("PUT", "/issue/ERP-1/assignee", li.ref()).status_code
    yield li.get("/issue/ERP-1/transitions", expand="transitions.fields").status_code
    yield jira.move("ERP-1", "开始").status_code
    yield li.get("/issue/ERP-1", expand="names,schema,changelog", properties="*all").status_code
    yield li.get("/issue/ERP-1/changelog").status_code
    yield li.get("/issue/ERP-1/editmeta").status_code
    yield li.send("POST", "/issue/ERP-1/comment", {"body": "好"}).status_code
    yield li.send("PUT", "/issue/ERP-1/comment/10000", {"body": "更好"}).status_code
    yield li.get("/issue/ERP-1/comment", expand="properties").status_code
    yield li.get("/issue/ERP-1/comment/10000").status_code
    many = {"issueIdsOrKeys": ["ERP-1", "ERP-9"], "fields": ["*all"]}
    yield li.send("POST", "/issue/bulkfetch", many).status_code
    yield li.send("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["ERP-1"]}).status_code
    yield li.get("/search/jql", jql="project = ERP", fields="*all", expand="changelog").status_code
    yield li.send("POST", "/search/jql", {"jql": "project = ERP", "fields": ["summary"]}).status_code


def records(jira: Jira) -> Iterator[int]:
    li, other = jira.who("li"), jira.create(kind="维护要求")
    jira.site.faults.write_limit = False
    (file,) = attach(jira, "ERP-1", "报告.docx", **no_check()).json
    yield li.get(f"/attachment/{file['id']}").status_code
    yield li.get(f"/attachment/content/{file['id']}").status_code
    yield li.get("/attachment/meta").status_code
    yield book(jira, "ERP-1", 3600).status_code
    yield li.get("/issue/ERP-1/worklog").status_code
    yield li.get("/issue/ERP-1/worklog/10000").status_code
    yield link(jira, "ERP-1", other).status_code
    yield li.get("/issue/ERP-1", fields="issuelinks").status_code
    yield li.send("POST", "/issue/ERP-1/remotelink", PAGE).status_code
    yield li.get("/issue/ERP-1/remotelink").status_code
    yield li.get("/issue/ERP-1/remotelink", globalId="svc=1").status_code
    yield li.send("PUT", "/issue/ERP-1/properties/svc", {"a": 1}).status_code
    yield li.get("/issue/ERP-1/properties").status_code
    yield li.get("/issue/ERP-1/properties/svc").status_code
    yield li.send("POST", "/issue/ERP-1/watchers", jira.who("kunde").person.account_id).status_code
    yield li.get("/issue/ERP-1/watchers").status_code


def reading(jira: Jira) -> Iterator[int]:
    li = jira.who("li")
    plain = (
        "serverInfo", "myself", "project", "project/search", "project/ERP", "project/ERP/statuses",
        "issuetype", "status", "priority", "resolution", "issueLinkType", "field",
        "issue/createmeta/ERP/issuetypes", "issue/createmeta/ERP/issuetypes/10001", "project/ERP/versions",
    )  # fmt: skip
    for path in plain:
        yield li.get(f"/{path}").status_code
    yield li.get("/user", accountId=li.person.account_id).status_code
    yield li.get("/user/assignable/search", project="ERP").status_code
    yield li.get("/mypermissions", permissions="EDIT_ISSUES,ADMINISTER").status_code
    for path in ("approval", "sla"):
        yield jira.who("zhang").get(f"/rest/servicedeskapi/request/CRM-1/{path}").status_code


def administration(jira: Jira) -> Iterator[int]:
    zhang = jira.who("zhang")
    yield zhang.send("POST", "/version", {"name": "5.2", "projectId": 10000}).status_code
    yield zhang.send("PUT", "/issue/ERP-1", {"fields": {"fixVersions": [{"name": "5.2"}]}}).status_code
    yield zhang.get("/issue/ERP-1").status_code
    yield zhang.get("/project/ERP").status_code
    field = zhang.send("POST", "/field", {"name": "渠道", "type": SELECT}).json["id"]
    context = zhang.get(f"/field/{field}/context").json["values"][0]["id"]
    place = f"/field/{field}/context/{context}/option"
    yield zhang.send("POST", place, {"options": [{"value": "电话"}]}).status_code
    yield zhang.get(place).status_code
    own = zhang.send(
        "POST", f"/field/{field}/context", {"name": "CRM", "projectIds": ["10001"], "issueTypeIds": ["10001"]}
    )
    yield own.status_code
    types = f"/field/{field}/context/{own.json['id']}/issuetype"
    yield zhang.send("PUT", types, {"issueTypeIds": ["10002"]}).status_code
    yield zhang.get(f"/field/{field}/context/projectmapping").status_code
    pair = {"projectId": "10001", "issueTypeId": "10002"}
    yield zhang.send("POST", f"/field/{field}/context/mapping", {"mappings": [pair]}).status_code
    serves = {"name": "Serves", "outward": "was made for", "inward": "led to"}
    yield zhang.send("POST", "/issueLinkType", serves).status_code
    yield zhang.send("PUT", "/project/ERP/properties/svc", {"site": "main"}).status_code
    yield zhang.get("/project/ERP/properties/svc").status_code
    yield zhang.get("/issuetypescreenscheme/project", projectId="10000").status_code
    yield zhang.get("/issuetypescreenscheme/mapping", issueTypeScreenSchemeId="1").status_code
    yield zhang.get("/screenscheme", id="1").status_code
    yield zhang.get("/screens").status_code
    yield zhang.get("/screens/1/tabs").status_code
    yield zhang.send("POST", "/screens/1/tabs/10000/fields", {"fieldId": field}).status_code
    yield zhang.get("/screens/1/tabs/10000/fields").status_code


def removals(jira: Jira) -> Iterator[int]:
    li = jira.who("li")
    number = jira.fields("ERP-1")["issuelinks"][0]["id"]
    yield li.send("DELETE", f"/issueLink/{number}").status_code
    yield li.send("DELETE", "/issue/ERP-1/worklog/10000").status_code
    yield li.send("DELETE", "/issue/ERP-1/comment/10000").status_code
    yield li.send("DELETE", "/issue/ERP-1/properties/svc").status_code
    account = jira.who("kunde").person.account_id
    yield li.send("DELETE", f"/issue/ERP-1/watchers?accountId={account}").status_code
    yield jira.who("zhang").send("DELETE", "/issue/ERP-1").status_code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"key": "ERP-1"', '"key": 1'),
        ('"expand":', '"surprise": 1, "expand":'),
        ('"id": "10001"', '"id": null'),
    ],
)
def test_an_answer_that_is_not_as_described_is_noticed(old: str, new: str) -> None:
    jira = Jira("cloud")
    watch = watched(jira.app)

    @jira.app.after_request
    def spoil(response: Response) -> Response:
        if request.method == "GET":
            response.set_data(response.get_data(as_text=True).replace(old, new, 1))
        return response

    jira.create()
    assert watch.violations == []
    jira.fields("ERP-1")
    assert len(watch.violations) >= 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/issue/ERP-1/transitions", {"transition": {"id": 11}}),
        ("PUT", "/issue/ERP-1/assignee", {"accountId": 5}),
        ("POST", "/issueLink", {"type": {"name": "Blocks"}, "inwardIssue": {"key": "ERP-1"}}),
    ],
)
def test_a_request_that_is_not_as_described_is_noticed(method: str, path: str, body: Any) -> None:
    jira = Jira("cloud")
    watch = watched(jira.app)
    jira.create()
    assert watch.violations == []
    jira.who("li").send(method, path, body)
    assert len(watch.violations) >= 1


def test_an_error_without_details_is_still_told() -> None:
    assert reasons(ValueError("why")) == ["ValueError: why "]
