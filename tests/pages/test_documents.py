"""Documents on pages: their stand, two versions side by side, the PDF."""

import re

import pytest

from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from tests.builders import LEADER, SERVICE
from tests.documents.copies import needs_office
from tests.pages.conftest import House
from tests.pages.papers import Papers, renew

TEXTS = load("zh")


@pytest.fixture(scope="module")
def at_work(house: House) -> Papers:
    return Papers.of(house)


@pytest.mark.clause("M65")
def test_two_versions_stand_side_by_side_with_their_differences(house: House, at_work: Papers) -> None:
    plan = at_work.submitted()
    renew(plan)
    visitor, name = house.signed_in(LEADER), plan.document.document_id
    page = visitor.get(f"/shelf/{name}/zh/compare/1/2").text
    assert re.search(r"<del>[^<]*V1[^<]*</del>", page)
    assert re.search(r"<ins>[^<]*V2[^<]*</ins>", page)
    assert TEXTS.say("compare.how") in page  # signs and lines, not colour alone
    assert len(page.encode()) < 50_000
    assert TEXTS.say("compare.same") in visitor.get(f"/shelf/{name}/zh/compare/1/1").text
    assert visitor.get(f"/shelf/{name}/zh/compare/1/9").status_code == 404


@pytest.mark.clause("M65")
def test_each_version_is_listed_where_it_stands(house: House, at_work: Papers) -> None:
    plan = at_work.submitted()
    leader = house.signed_in(LEADER)
    leader.post(plan.path, plan.form("agree"))
    plan.look()
    renew(plan)
    plan.look()
    page = leader.get("/shelf").text
    first = TEXTS.say("pages.document.version", version=1)
    listed = page[page.index(f"{plan.document.document_id} · {first}") :]
    assert TEXTS.stage(Stage.SUPERSEDED) in listed[:300]
    shown = leader.get(f"/shelf/{plan.document.document_id}/1/zh").text
    assert TEXTS.say("compare.with", version=2) in shown


def test_only_whom_it_asks_is_led_to_the_decision(house: House, at_work: Papers) -> None:
    plan = at_work.submitted()
    path = f"/shelf/{plan.document.document_id}/1/zh"
    for account, led in ((LEADER, True), (SERVICE, False)):
        visitor = house.signed_in(account)
        assert (plan.path in visitor.get(path).text) == led
        assert (plan.path in visitor.get(f"/issues/{plan.ref}").text) == led
        assert (plan.path in visitor.get("/").text) == led


def test_everything_on_the_desk_has_one_action(house: House) -> None:
    fields = {Field.REQUEST_KIND: "complaint"}
    house.keep("82", IssueKind.SERVICE_REQUEST, Stage.IN_PROGRESS, fields=fields, title="投诉一件")
    page = house.signed_in(LEADER).get("/").text
    cards = re.findall(r"<li>.*?</li>", page, re.DOTALL)
    assert cards
    assert all(card.count('class="button"') == 1 for card in cards)
    house.keep("82", IssueKind.SERVICE_REQUEST, Stage.CLOSED)


@needs_office
def test_the_pdf_is_made_once_and_stays(house: House, at_work: Papers) -> None:
    plan = at_work.submitted()
    visitor, path = house.signed_in(SERVICE), f"/shelf/{plan.document.document_id}/1/zh"
    assert visitor.get(f"{path}/pdf").status_code == 404
    assert visitor.post(f"{path}/pdf").status_code == 303
    first = visitor.get(f"{path}/pdf")
    assert first.data.startswith(b"%PDF")
    assert first.headers["Cache-Control"] == "no-store"
    visitor.post(f"{path}/pdf")
    assert visitor.get(f"{path}/pdf").data == first.data


def test_without_an_office_suite_no_pdf_is_offered(
    house: House, at_work: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    plan = at_work.submitted()
    visitor, path = house.signed_in(SERVICE), f"/shelf/{plan.document.document_id}/1/zh"
    assert TEXTS.say("document.pdf.make") not in visitor.get(path).text
    answer = visitor.post(f"{path}/pdf")
    assert TEXTS.say("office.missing") in visitor.get(answer.location).text


def test_every_comment_leads_to_the_check_page_and_is_not_written_again(
    house: House, at_work: Papers
) -> None:
    plan = at_work.submitted()
    journals = at_work.people[SERVICE].read(int(plan.ref.key))["journals"]
    notes = [one["notes"] for one in journals if one["notes"]]
    address = f"{house.services.settings.public_url}/issues/{plan.ref}"
    assert notes
    assert all(note.endswith(f" {address}") for note in notes)
    before = plan.issue
    assert address not in "".join(before.comments.values())
    plan.look()
    assert plan.issue == before
    assert house.signed_in(LEADER).get(f"/issues/{plan.ref}").status_code == 200
