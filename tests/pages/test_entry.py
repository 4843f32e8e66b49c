"""Phone entry: taken down once, filed once in the person's own name, whatever breaks off meanwhile."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from svc_plugin.demo.stage import BOT, api_key
from svc_plugin.domain.errors import ChangeRefusedError, TransientError
from svc_plugin.domain.model import Issue, IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.engine.identity import Access
from svc_plugin.sites.memory import MemorySite
from svc_plugin.sites.memory_identity import MemoryIdentity
from svc_plugin.sites.redmine import RedmineIdentity
from svc_plugin.web.pages.courier import LEASE
from tests.builders import LEADER, SERVICE
from tests.pages.conftest import ELSEWHERE, House, Visitor

CALL = {
    "customer": "恒通机械有限公司",
    "contact": "李建国 010-5550 3311",
    "title": "打印发票时崩溃",
    "text": "每到月末\n打印就崩溃",
    "received_at": "2026-11-22T10:30",
    "zone": "Asia/Shanghai",
    "channel": "phone",
    "kind": "",
    "product": "erp",
    "do": "file",
}


@dataclass
class Line:
    """Somebody at the telephone, and the site in memory on which it is filed."""

    house: House
    visitor: Visitor
    identity: MemoryIdentity
    pages: Any

    def token(self) -> str:
        return submit_token(self.visitor.get("/entry").text)

    def send(self, token: str = "", **changes: str) -> Any:
        return self.visitor.post("/entry", {**CALL, "token": token or self.token(), **changes})

    def filed(self) -> list[Issue]:
        site = self.identity.site
        return [site.fetch(one.ref) for one in site.changed_since(None)]


def submit_token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{32})"', page)
    assert found, page
    return found[1]


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    site = MemorySite("main", house.watch)
    people = {
        SERVICE: Access(SERVICE, False, frozenset({"erp"})),
        LEADER: Access(LEADER, False, frozenset({"erp"})),
    }
    identity = MemoryIdentity(site, people)
    visitor = Visitor(house.app(identities={"main": identity}).test_client())
    assert visitor.sign_in(SERVICE, SERVICE).status_code == 303
    assert house.web.pages
    yield Line(house, visitor, identity, house.web.pages)
    for draft in house.web.pages.drafts.of("main", SERVICE, limit=100):
        house.web.pages.drafts.drop(draft.id, "main", SERVICE, house.watch() + timedelta(days=1))


def later(line: Line, **span: float) -> None:
    line.house.watch.ahead += timedelta(**span)


def settled(line: Line, path: str = "/") -> None:
    """Open a page and wait until what it set going has ended."""
    assert line.visitor.get(path).status_code == 200
    for rule in line.visitor.client.application.before_request_funcs["pages"]:
        if owner := getattr(rule, "__self__", None):
            courier = getattr(owner, "courier", None)
            if courier:
                courier.rest()


def test_a_call_becomes_a_request_of_the_person_on_the_tracker(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    token = submit_token(visitor.get("/entry?customer=hengtong").text)
    answer = visitor.post("/entry", {**CALL, "token": token, "kind": "complaint"})
    assert answer.status_code == 303, answer.text
    page = visitor.get(answer.location).text
    number = re.search(r"/issues/main/(\d+)", page)
    assert number
    issue = house.services.sites["main"].fetch(ref := IssueRef("main", number[1]))
    assert (issue.author, issue.kind, issue.stage) == (SERVICE, IssueKind.SERVICE_REQUEST, Stage.REGISTERED)
    assert (issue.title, issue.description, issue.product) == (CALL["title"], CALL["text"], "erp")
    assert issue.fields == {
        Field.CUSTOMER: CALL["customer"],
        Field.CONTACT: CALL["contact"],
        Field.RECEIVED_AT: "2026-11-22 10:30",
        Field.CHANNEL: "phone",
        Field.REQUEST_KIND: "complaint",
        Field.ORIGIN: f"entry:{token}",
    }
    assert house.hints == [ref]


@pytest.mark.parametrize(
    "query",
    ["恒通", "通机", "ＨＥＮＧtong", "李建国", "建国", "55503311", "5550 3311", "3311", "恒通 李"],
)
def test_a_customer_is_found_by_any_part_of_what_is_known(house: House, query: str) -> None:
    page = house.signed_in(SERVICE).get("/entry", query_string={"q": query}).text
    assert "/entry?customer=hengtong" in page


def test_who_sees_one_product_does_not_learn_of_the_customers_of_another(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    for path in ("/entry?q=京华", "/entry?q=高志远", "/entry?customer=jinghua", "/entry"):
        assert "5550 8870" not in visitor.get(path).text
    assert "5550 8870" in house.signed_in(ELSEWHERE).get("/entry?q=高志远").text


def test_the_contract_tells_the_product_and_the_customer_the_hour(house: House) -> None:
    house.watch.ahead = datetime(2026, 11, 23, 1, tzinfo=UTC) - datetime.now(UTC)
    visitor = house.signed_in(SERVICE)
    page = visitor.get("/entry?customer=hengtong").text
    assert re.search(r'<option value="erp" selected', page)
    assert 'value="2026-11-23T09:0' in page
    assert "Asia/Shanghai" in page


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"title": ""}, "title", "未填写"),
        ({"title": "长" * 256}, "title", "256"),
        ({"customer": ""}, "customer", "未填写"),
        ({"customer": "没有这一家"}, "customer", "没有这一家"),
        ({"customer": "有限公司"}, "customer", "符合几家"),
        ({"product": "mes"}, "product", "mes"),
        ({"received_at": "昨天"}, "received_at", "昨天"),
        ({"received_at": "2099-01-01T10:00"}, "received_at", "2099-01-01 10:00"),
        ({"channel": "pigeon"}, "channel", "pigeon"),
        ({"kind": "joke"}, "kind", "joke"),
    ],
)
def test_a_fault_names_field_value_and_remedy_and_loses_nothing(
    line: Line, change: Mapping[str, str], field: str, told: str
) -> None:
    answer = line.send(**change)
    assert answer.status_code == 422
    fault = re.search(rf'id="{field}-fault">([^<]+)<', answer.text)
    assert fault
    assert told in fault[1]
    assert "；" in fault[1]  # and what to do about it
    for name in {"text", "contact", "title"} - {*change}:
        assert CALL[name] in answer.text
    assert line.filed() == []


def test_several_that_could_be_meant_are_offered_without_losing_what_was_typed(line: Line) -> None:
    token = line.token()
    page = line.send(token, customer="有限公司").text
    keys = re.findall(r'name="pick" value="([^"]+)"', page)
    assert "hengtong" in keys
    again = line.send(token, customer="有限公司", pick="hengtong", do="").text
    assert 'value="恒通机械有限公司"' in again
    assert CALL["title"] in again
    assert submit_token(again) == token
    assert line.filed() == []


def test_a_customer_who_is_in_no_register_yet_is_filed_when_somebody_says_so(line: Line) -> None:
    assert line.send(customer="新来的工厂").status_code == 422
    assert line.send(customer="新来的工厂", unknown="yes").status_code == 303
    assert [one.value(Field.CUSTOMER) for one in line.filed()] == ["新来的工厂"]


def test_a_kind_is_suggested_before_anything_is_filed(line: Line) -> None:
    page = line.send(title="我要投诉", do="look").text
    assert "建议类别：投诉" in page
    assert line.filed() == []


@pytest.mark.parametrize("token", ["", "x" * 32, "0" * 31, "../../etc", "0" * 33])
def test_a_form_without_a_token_of_ours_is_not_taken(line: Line, token: str) -> None:
    answer = line.visitor.post("/entry", {**CALL, "token": token})
    assert answer.status_code == 400
    assert line.filed() == []


def test_two_clicks_make_one_request(line: Line) -> None:
    token = line.token()
    answers = [line.send(token) for _ in range(3)]
    assert {one.location for one in answers} == {f"/entry/drafts/{token}"}
    assert "没有采用" not in line.visitor.get(answers[-1].location).text
    assert len(line.filed()) == 1


def test_two_clicks_at_the_same_moment_make_one_request(line: Line) -> None:
    token = line.token()
    held = {**CALL, "token": token, "csrf_token": line.visitor.token()}
    cookie = line.visitor.client.get_cookie("svc")
    assert cookie
    app = line.visitor.client.application

    def click(_: int) -> int:
        client = app.test_client()
        client.set_cookie("svc", cookie.value)
        return client.post("/entry", data=held).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(click, range(8))) == {303}
    assert len(line.filed()) == 1


def test_while_the_tracker_is_down_it_is_kept_and_delivered_on_the_next_page(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    page = line.visitor.get(line.send(token).location).text
    assert "站点没有应答" in page
    assert CALL["title"] in line.visitor.get("/entry/drafts").text
    settled(line)
    assert line.filed() == []
    line.identity.down = False
    settled(line)
    assert line.filed() == []  # not at once: what was still under way could not be found yet
    later(line, seconds=31)
    settled(line, "/shelf")
    (issue,) = line.filed()
    assert (issue.author, issue.title) == (SERVICE, CALL["title"])
    for _ in range(3):
        later(line, minutes=10)
        settled(line)
    assert len(line.filed()) == 1
    assert f"/issues/{issue.ref}" in line.visitor.get(f"/entry/drafts/{token}").text


def test_a_call_can_be_taken_down_while_the_tracker_is_down_for_long(line: Line) -> None:
    line.identity.down = True
    later(line, minutes=100)
    assert line.visitor.get("/entry").status_code == 200
    assert line.visitor.get("/").status_code == 503
    assert line.send().status_code == 303
    line.identity.down = False
    later(line, minutes=1)
    settled(line)
    assert len(line.filed()) == 1


def test_an_answer_that_was_lost_makes_no_second_request(line: Line) -> None:
    def lost() -> None:
        line.identity.after_filing = lambda: None
        raise TransientError("cut off")

    line.identity.after_filing = lost
    line.send()
    assert len(line.filed()) == 1
    later(line, minutes=1)
    settled(line)
    (issue,) = line.filed()
    assert f"/issues/{issue.ref}" in line.visitor.get("/entry/drafts").text


class PowerCutError(BaseException):
    """Nothing catches it: the process is gone."""


def test_who_dies_between_filing_and_noting_it_leaves_one_request(line: Line) -> None:
    def dead() -> None:
        line.identity.after_filing = lambda: None
        raise PowerCutError

    line.identity.after_filing = dead
    token = line.token()
    with pytest.raises(PowerCutError):
        line.send(token)
    assert len(line.filed()) == 1
    settled(line)  # nobody touches it while it may still be under way
    assert "正在递交" in line.visitor.get(f"/entry/drafts/{token}").text
    line.house.watch.ahead += LEASE + timedelta(seconds=1)
    settled(line)
    (issue,) = line.filed()
    assert f"/issues/{issue.ref}" in line.visitor.get(f"/entry/drafts/{token}").text


def test_what_the_tracker_refuses_waits_with_its_reason_until_it_is_mended(line: Line) -> None:
    def refuse() -> None:
        raise ChangeRefusedError("no right <b>to add issues</b>")

    token, people = line.token(), line.identity.people
    line.identity.people = {SERVICE: replace(people[SERVICE], products=frozenset())}
    page = line.visitor.get(line.send(token).location).text
    assert "not this person" in page
    line.identity.people = people
    later(line, minutes=20)
    settled(line)
    assert line.filed() == []  # nobody said so
    edit = line.visitor.get(f"/entry/drafts/{token}/edit").text
    assert CALL["title"] in edit
    assert submit_token(edit) == token
    assert 'value="2026-11-22T10:30"' in edit
    assert line.send(token, title="改好了").status_code == 303
    assert [one.title for one in line.filed()] == ["改好了"]


def test_a_draft_is_tried_by_its_owners_hand(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    line.send(token)
    line.identity.down = False
    assert line.visitor.post(f"/entry/drafts/{token}").status_code == 303
    assert line.filed() == []  # too soon
    later(line, seconds=31)
    line.visitor.post(f"/entry/drafts/{token}")
    assert len(line.filed()) == 1


def test_a_draft_that_was_given_up_is_gone(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    line.send(token)
    assert line.visitor.post(f"/entry/drafts/{token}/drop").status_code == 303
    assert line.visitor.get(f"/entry/drafts/{token}").status_code == 404
    line.identity.down = False
    later(line, minutes=10)
    settled(line)
    assert line.filed() == []


def test_what_was_delivered_is_not_changed_by_an_old_form(line: Line) -> None:
    token = line.token()
    line.send(token)
    page = line.visitor.get(line.send(token, title="另一件事").location).text
    assert "没有采用" in page
    assert [one.title for one in line.filed()] == [CALL["title"]]


def test_a_draft_is_its_owners_alone(line: Line) -> None:
    token = line.token()
    line.identity.down = True
    line.send(token)
    line.identity.down = False
    other = Visitor(line.visitor.client.application.test_client())
    other.sign_in(LEADER, LEADER)
    later(line, minutes=1)
    for path in (f"/entry/drafts/{token}", f"/entry/drafts/{token}/edit"):
        assert other.get(path).status_code == 404
    for path in (f"/entry/drafts/{token}", f"/entry/drafts/{token}/drop"):
        assert other.post(path).status_code == 404
    assert other.post("/entry", {**CALL, "token": token}).status_code == 404
    assert line.filed() == []


def test_a_draft_holds_no_key_of_a_person(house: House) -> None:
    visitor = house.signed_in(SERVICE)
    assert house.web.pages
    known = house.web.pages.identities["main"].settings
    down = RedmineIdentity(replace(known, url="http://127.0.0.1:1"))
    gone = house.visitor(identities={"main": down})
    cookie = visitor.client.get_cookie("svc")
    assert cookie
    gone.client.set_cookie("svc", cookie.value)
    token = submit_token(gone.get("/entry").text)
    assert gone.post("/entry", {**CALL, "token": token}).status_code == 303
    (draft,) = [one for one in house.web.pages.drafts.of("main", SERVICE, limit=9) if one.id == token]
    assert draft.fault == "down"
    assert api_key(SERVICE) not in repr(draft)
    assert api_key(BOT) not in repr(draft)
    house.web.pages.drafts.drop(token, "main", SERVICE, house.watch())


def test_words_that_were_typed_outlive_the_session(line: Line) -> None:
    token = line.token()
    line.house.watch.ahead += timedelta(hours=3)
    answer = line.send(token)
    assert answer.status_code == 401
    assert CALL["title"] in answer.text
    assert "每到月末" in answer.text
    foreign = line.visitor.client.post("/entry", data={**CALL, "token": token, "csrf_token": "forged"})
    assert foreign.status_code == 400
    assert CALL["title"] in foreign.text


def test_signs_that_cannot_be_shown_do_no_harm(line: Line) -> None:
    assert line.send(title="发\x00票\x07\r\n 崩溃", text="一\r\n二\x0b三").status_code == 303
    (issue,) = line.filed()
    assert issue.title == "发 票   崩溃"
    assert issue.description == "一\n二 三"


def test_every_field_has_a_label_and_nothing_is_a_script(line: Line) -> None:
    for page in (line.visitor.get("/entry?q=恒").text, line.send(title="").text):
        labelled = set(re.findall(r'<label for="(\w+)"', page))
        assert set(re.findall(r'<(?:input|select|textarea) id="(\w+)"', page)) == labelled
        assert "<script" not in page
        assert "style=" not in page
        assert " on" not in re.sub(r">[^<]*<", "><", page)
