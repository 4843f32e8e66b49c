from collections.abc import Iterator

import pytest
import requests

from svc_plugin.standins.jira import Served, serve
from svc_plugin.standins.jira.faults import Fault
from tests.unit.standins_jira.kit import V2, Jira


@pytest.fixture
def served(cloud: Jira) -> Iterator[Served]:
    with serve(cloud.app) as running:
        yield running


def comments(jira: Jira, issue: str) -> int:
    return int(jira.fields(issue)["comment"]["total"])


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"Retry-After": "1", "RateLimit-Reason": "jira-burst-based"}),
        (429, {"Retry-After": "Mon, 02 Mar 2026 01:05:00 GMT"}),
        (429, {}),
        (503, {"Retry-After": "2"}),
        (409, {}),
        (500, {}),
    ],
)
def test_a_planned_answer_is_given_once_and_nothing_is_done(
    jira: Jira, status: int, headers: dict[str, str]
) -> None:
    made = jira.create()
    jira.site.faults.plan(Fault("answer", "POST", "/comment", status, headers))
    place = f"/issue/{made}/comment"
    refused = jira.who("li").send("POST", place, {"body": "好"})
    assert refused.status_code == status
    assert headers.items() <= dict(refused.headers).items()
    assert comments(jira, made) == 0
    assert jira.who("li").send("POST", place, {"body": "好"}).status_code == 201


def test_a_fault_meets_only_what_it_is_planned_for(jira: Jira) -> None:
    made = jira.create()
    fault = jira.site.faults.plan(Fault("answer", "PUT", f"/issue/{made}$", 503, times=2))
    assert jira.who("li").get(f"/issue/{made}").status_code == 200
    assert [
        jira.who("li").send("PUT", f"/issue/{made}", {"fields": {"summary": "x"}}).status_code
        for _ in range(3)
    ] == [503, 503, 204]
    assert fault.times == 0


@pytest.mark.parametrize(("effect", "left"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_leaves_one_in_doubt(
    cloud: Jira, served: Served, effect: str, left: int
) -> None:
    made = cloud.create()
    cloud.site.faults.plan(Fault(effect, "POST", "/comment"))  # type: ignore[arg-type]
    with pytest.raises(requests.ConnectionError):
        requests.post(
            f"{served.url}{V2}/issue/{made}/comment",
            json={"body": "好"},
            headers=cloud.who("li").headers(),
            timeout=5,
        )
    assert comments(cloud, made) == left


def test_a_slow_answer_comes_after_its_time(cloud: Jira, served: Served) -> None:
    made = cloud.create()
    cloud.site.faults.plan(Fault("answer", status=0, seconds=0.5))
    place, headers = f"{served.url}{V2}/issue/{made}", cloud.who("li").headers()
    with pytest.raises(requests.ReadTimeout):
        requests.get(place, headers=headers, timeout=0.1)
    assert requests.get(place, headers=headers, timeout=5).status_code == 200


def test_half_a_write_moves_the_issue_without_its_comment(jira: Jira) -> None:
    made = jira.create()
    jira.move(made, "开始")
    jira.site.faults.plan(Fault("half", "POST", "/transitions", 500))
    body = {
        "fields": {jira.field("根本原因"): "x"},
        "update": {"comment": [{"add": {"body": "好"}}]},
    }
    assert jira.move(made, "关闭", **body).status_code == 500
    assert jira.fields(made)["status"]["name"] == "已关闭"
    assert comments(jira, made) == 0


def test_half_a_creation_leaves_the_issue_without_its_link(jira: Jira) -> None:
    first = jira.create()
    jira.site.faults.plan(Fault("half", "POST", "/issue$", 500))
    body = {
        "fields": {"project": {"key": "ERP"}, "issuetype": {"name": "维护要求"}, "summary": "x"},
        "update": {"issuelinks": [{"add": {"type": {"name": "Relates"}, "outwardIssue": {"id": first}}}]},
    }
    assert jira.who("li").send("POST", "/issue", body).status_code == 500
    assert jira.fields("ERP-2")["summary"] == "x"
    assert jira.fields(first)["issuelinks"] == []


def test_cloud_limits_the_writes_to_one_issue(cloud: Jira) -> None:
    made, other = cloud.create(), cloud.create()

    def write(issue: str) -> requests.Response:
        return cloud.who("li").send("PUT", f"/issue/{issue}/properties/svc", {"n": 1})  # type: ignore[return-value]

    assert [write(made).status_code for _ in range(20)] == [201, *[200] * 19]
    refused = write("ERP-1")
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert refused.headers["Retry-After"] == "2"
    assert write(other).status_code == 201
    assert cloud.who("li").get(f"/issue/{made}").status_code == 200
    cloud.seconds += 2.1
    assert write(made).status_code == 200


def test_cloud_limits_the_writes_of_half_a_minute_too(cloud: Jira) -> None:
    made = cloud.create()
    statuses = []
    for _ in range(101):
        cloud.seconds += 0.2
        statuses.append(cloud.who("li").send("PUT", f"/issue/{made}/properties/svc", 1).status_code)
    assert statuses[1:] == [*[200] * 99, 429]


def test_data_center_has_no_such_limit(dc: Jira) -> None:
    made = dc.create()
    put = [dc.who("li").send("PUT", f"/issue/{made}/properties/svc", 1).status_code for _ in range(25)]
    assert put[-1] == 200


def test_a_captcha_can_be_switched_on(dc: Jira) -> None:
    from tests.unit.standins_jira.test_access import asks, basic

    dc.site.faults.captcha = True
    assert asks(dc, basic("zhang", "pw")) == 403
    assert asks(dc, {"Authorization": "Bearer t-zhang"}) == 200
