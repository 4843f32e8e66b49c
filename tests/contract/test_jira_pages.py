"""The pages on which people try the stand-in out: what they show, and that they ask no less than REST."""

import re

import pytest
import requests

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import LEADER, MAINTAINER, SERVICE
from tests.contract.jira_kit import JiraWorld


class Browser:
    """A person at the pages: follows links, fills in forms by their labels."""

    def __init__(self, world: JiraWorld, account: str) -> None:
        self.url, self.http = world.url, requests.Session()
        self.http.post(f"{self.url}/act", data={"user": account, "back": "/"}, timeout=30)

    def read(self, path: str) -> str:
        return self.http.get(f"{self.url}{path}", timeout=30).text

    def send(self, path: str, **data: str) -> requests.Response:
        return self.http.post(f"{self.url}{path}", data=data, timeout=30)

    def control(self, page: str, label: str) -> str:
        return re.search(rf'<label for="([^"]+)">{label}</label>', page)[1]

    def option(self, page: str, label: str, choice: str) -> str:
        select = re.search(rf'<select id="{self.control(page, label)}".*?</select>', page, re.DOTALL)[0]
        return re.search(rf'value="([^"]*)"[^>]*>{choice}<', select)[1]

    def move(self, path: str, status: str) -> requests.Response:
        button = re.search(rf'name="transition" value="(\d+)">{status}<', self.read(path))
        return self.send(path, transition=button[1])


@pytest.fixture(params=["cloud", "dc"])
def world(request: pytest.FixtureRequest) -> JiraWorld:
    found: JiraWorld = request.getfixturevalue(f"jira_{request.param}_world")
    return found


def place(world: JiraWorld, ref: IssueRef) -> str:
    return f"/browse/{world.site.fetch(ref).label}"


def test_an_issue_is_filed_and_moved_on_the_pages(world: JiraWorld) -> None:
    browser = Browser(world, SERVICE)
    form = browser.read("/issues/new?project=ERP")
    answer = browser.send(
        "/issues/new",
        project_id="ERP",
        tracker_id=re.search(r'name="tracker_id" value="(\d+)"', form)[1],
        summary="<b>开票</b>失败",
        description="第一行\r\n第二行",
        assignee=SERVICE,
        **{
            browser.control(form, "客户"): "北方物流",
            browser.control(form, "渠道"): browser.option(form, "渠道", "电话"),
            browser.control(form, "接收时间"): "2026-11-20T09:30",
            browser.control(form, "产品满意度"): "4.5",
            browser.control(form, "致谢日期"): "2026-11-21",
            browser.control(form, "请教的技术人员"): MAINTAINER,
        },
    )
    assert answer.status_code == 200
    assert "&lt;b&gt;开票&lt;/b&gt;失败" in answer.text
    key = answer.url.rpartition("/")[2]
    browser.move(f"/browse/{key}", "处理中")
    number = next(one.id for one in world.standin.state.issues.values() if one.key == key)
    issue = world.site.fetch(IssueRef("main", str(number)))
    assert (issue.kind, issue.stage) == (IssueKind.SERVICE_REQUEST, Stage.IN_PROGRESS)
    assert (issue.author, issue.assignee) == (SERVICE, SERVICE)
    assert issue.description == "第一行\n第二行"
    assert issue.fields == {
        Field.CUSTOMER: "北方物流",
        Field.CHANNEL: "phone",
        Field.RECEIVED_AT: "2026-11-20 09:30",
        Field.SCORE_PRODUCT: "4.5",
        Field.THANKS_SENT_ON: "2026-11-21",
        Field.TECHNICIAN_ASKED: MAINTAINER,
    }


def test_saving_the_form_as_it_stands_changes_nothing(world: JiraWorld) -> None:
    fields = {Field.RECEIVED_AT: "2026-11-20 09:30", Field.SCORE_SERVICE: "3", Field.ANSWER: "一\n二"}
    ref = world.create(fields=fields, assignee=SERVICE)
    browser, path = Browser(world, SERVICE), place(world, ref)
    page = browser.read(path)
    texts = dict(re.findall(r'<input id="([^"]+)"[^>]*value="([^"]*)"', page))
    texts |= dict(re.findall(r'<textarea id="([^"]+)" name="(?!notes)[^"]*">\n([^<]*)</textarea>', page))
    chosen = re.findall(r'<select id="([^"]+)".*?</select>', page, re.DOTALL)
    for name in chosen:
        select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)[0]
        value = re.search(r'value="([^"]*)" selected', select)
        texts[name] = value[1] if value else ""
    texts = {name: text.replace("\n", "\r\n") for name, text in texts.items() if name != "user"}
    before = world.site.fetch(ref)
    world.later(2)
    assert browser.send(path, **texts).status_code == 200
    assert world.site.fetch(ref) == before


def test_what_jira_refuses_is_told_and_nothing_typed_is_lost(world: JiraWorld) -> None:
    ref = world.create()
    browser, path = Browser(world, SERVICE), place(world, ref)
    answer = browser.send(path, duedate="morgen", summary="neu")
    assert answer.status_code == 422
    assert "Error parsing date string: morgen" in answer.text
    assert 'value="neu"' in answer.text
    assert world.site.fetch(ref).title == "开票失败"
    assert browser.send(path, transition="999").status_code == 422


def test_a_restricted_note_is_shown_to_its_role_only(world: JiraWorld) -> None:
    ref = world.create()
    browser, path = Browser(world, SERVICE), place(world, ref)
    browser.send(path, notes="客户欠款", private_notes="1")
    assert "客户欠款" in browser.read(path)
    assert "客户欠款" not in Browser(world, LEADER).read(path)
    assert [entry.private for entry in world.site.fetch(ref).history] == [True]


def test_the_list_is_filtered_by_status_and_words(world: JiraWorld) -> None:
    ref = world.create(title="独一无二的标题")
    browser, label = Browser(world, SERVICE), world.site.fetch(ref).label
    assert label in browser.read("/?q=独一无二")
    assert label not in browser.read("/?q=独一无二&status=closed")
    assert label not in browser.read("/?q=独一无二&project_id=MES")
    assert label not in browser.read("/?q=独二无一")
    assert "Summary" in browser.read(f"{place(world, ref)}?lang=en")


def test_a_form_from_another_site_changes_nothing(world: JiraWorld) -> None:
    ref = world.create()
    browser, path = Browser(world, SERVICE), place(world, ref)
    browser.http.headers["Origin"] = "https://evil.example.com"
    assert browser.send(path, summary="x").status_code == 403
    assert world.site.fetch(ref).title == "开票失败"


def test_unknown_pages_say_so(world: JiraWorld) -> None:
    browser = Browser(world, SERVICE)
    for path in ("/browse/ERP-99999", "/issues/new?project=NONE", "/files/99999/x"):
        assert browser.http.get(f"{world.url}{path}", timeout=30).status_code == 404
