"""Phone entry: the form finds, suggests, refuses clearly and loses nothing."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from svc_plugin.domain.model import IssueRef
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from tests.builders import SERVICE
from tests.pages.conftest import ELSEWHERE, House
from tests.pages.entry_kit import CALL, Line, a_line, submit_token


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with a_line(house) as ready:
        yield ready


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


def test_a_guess_is_shown_before_it_is_filed(line: Line) -> None:
    answer = line.send(customer="恒通机械")
    assert answer.status_code == 422
    assert "理解为“恒通机械有限公司”" in answer.text
    assert 'value="恒通机械有限公司"' in answer.text
    assert line.filed() == []
    assert line.send(customer="恒通机械", unknown="yes").status_code == 303
    assert line.send(customer="hengtong").status_code == 303
    names = {one.value(Field.CUSTOMER) for one in line.filed()}
    assert names == {"恒通机械", "恒通机械有限公司"}


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
