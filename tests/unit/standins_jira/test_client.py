"""The common Python client works with the stand-in as with a Jira: a second opinion on its shapes."""

from collections.abc import Iterator

import pytest
from jira import JIRA, JIRAError

from svc_plugin.standins.jira import serve
from tests.unit.standins_jira.kit import Jira


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest) -> Jira:
    """Unwatched: the client sends what is not as described, a null for no comment on a link."""
    return Jira(request.param)


@pytest.fixture
def client(jira: Jira) -> Iterator[JIRA]:
    li = jira.who("li").person
    login = {"basic_auth": (li.email, li.token)} if jira.mode == "cloud" else {"token_auth": li.token}
    with serve(jira.app) as served:
        yield JIRA(served.url, **login, timeout=(5, 30), max_retries=0)


def test_the_client_sees_which_kind_of_jira_it_is(jira: Jira, client: JIRA) -> None:
    assert client._is_cloud == (jira.mode == "cloud")
    assert client.myself()["displayName"] == "li 先生"


def test_an_issue_goes_through_its_life(jira: Jira, client: JIRA) -> None:
    made = client.create_issue(project="ERP", issuetype="客户要求", summary="开票失败")
    client.add_comment(made, "好")
    client.transition_issue(made, "开始")
    client.add_issue_property(made, "svc", {"a": 1})
    other = client.create_issue(project="ERP", issuetype="维护要求", summary="纠错")
    client.create_issue_link("Relates", made.key, other.key)
    again = client.issue(made.key, expand="changelog")
    assert str(again.fields.status) == "处理中"
    assert [one.body for one in again.fields.comment.comments] == ["好"]
    assert again.fields.issuelinks[0].outwardIssue.key == other.key
    assert client.issue_property(made.key, "svc").value.a == 1
    assert {item.field for entry in again.changelog.histories for item in entry.items} == {"status", "Link"}


def test_the_client_finds_issues_in_either_way(client: JIRA) -> None:
    made = [client.create_issue(project="ERP", issuetype="客户要求", summary=str(n)).key for n in range(3)]
    found = client.search_issues("project = ERP ORDER BY key ASC", fields="summary", maxResults=False)
    assert [one.key for one in found] == made


def test_the_client_reads_why_something_was_refused(client: JIRA) -> None:
    made = client.create_issue(project="ERP", issuetype="客户要求", summary="开票失败")
    with pytest.raises(JIRAError) as caught:
        made.update(fields={"duedate": "never"})
    assert caught.value.status_code == 400
    assert "Error parsing date" in caught.value.text
