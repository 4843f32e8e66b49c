"""Signed copies that come back: read, their differences shown, approved only when the approver confirms."""

import pytest

from docgen.identity import file_sha256
from svc_plugin.documents.pdf import pdf_to_sign
from svc_plugin.domain.vocabulary import Stage
from svc_plugin.messages import load
from tests.builders import LEADER
from tests.documents.copies import FILLED, changed, filled, needs_office
from tests.pages.conftest import House
from tests.pages.papers import Paper, Papers, confirmed, hand_in, renew

TEXTS = load("zh")


@pytest.fixture(scope="module")
def papers_at_work(house: House) -> Papers:
    return Papers.of(house)


@pytest.fixture
def plan(papers_at_work: Papers) -> Paper:
    return papers_at_work.submitted()


@pytest.mark.clause("M26")
def test_a_signed_word_fills_the_form_and_is_approved_only_when_confirmed(house: House, plan: Paper) -> None:
    leader, content = house.signed_in(LEADER), filled(plan.document.content)
    answer = hand_in(leader, plan, content)
    assert answer.location == f"/issues/{plan.ref}/copy"
    page = leader.get(answer.location).text
    assert 'value="agree_with_changes" required checked' in page
    assert "差旅预算偏低" in page
    assert plan.issue.stage is Stage.SUBMITTED
    assert leader.post(*confirmed(plan, content, "agree_with_changes", FILLED_OPINION)).status_code == 303
    plan.look()
    [record] = plan.records
    digest = file_sha256(content)
    assert record.copy == digest
    assert f"{plan.document.document_id}-v1-signed-{digest[:8]}.docx" in plan.issue.attachments
    kept = [one.content for one in house.services.library.store.files(plan.document) if one.role == "signed"]
    assert kept == [content]
    assert leader.get(answer.location).status_code == 303  # nothing waits any more


FILLED_OPINION = "差旅预算偏低。\n请调整后执行。"


@pytest.mark.clause("M26")
def test_an_altered_copy_shows_where_and_cannot_be_confirmed(house: House, plan: Paper) -> None:
    leader = house.signed_in(LEADER)
    content = changed(filled(plan.document.content), {">差旅<": ">代码柜<"})
    page = leader.get(hand_in(leader, plan, content).location).text
    assert "代码柜" in page
    assert TEXTS.say("decide.cannot.altered") in page
    answer = leader.post(*confirmed(plan, content, "agree", ""))
    assert answer.status_code == 409
    assert plan.issue.stage is Stage.SUBMITTED
    assert plan.records == []


@pytest.mark.clause("M26")
def test_a_copy_of_an_older_version_or_of_another_plan_cannot_be_confirmed(
    house: House, papers_at_work: Papers, plan: Paper
) -> None:
    leader, older = house.signed_in(LEADER), filled(plan.document.content)
    another = filled(papers_at_work.submitted().document.content)
    renew(plan)
    plan.look()
    for content in (older, another):
        page = leader.get(hand_in(leader, plan, content).location).text
        assert TEXTS.say("decide.cannot.another") in page
        assert leader.post(*confirmed(plan, content, "agree", "")).status_code == 409
    assert plan.issue.stage is Stage.SUBMITTED


@pytest.mark.parametrize("content", [b"", b"MZ not ours", b"PK\x03\x04broken", b"%PDF-1.7 broken"])
def test_a_file_that_cannot_be_read_is_refused(house: House, plan: Paper, content: bytes) -> None:
    answer = hand_in(house.signed_in(LEADER), plan, content)
    assert answer.status_code == 400
    assert 'class="fault" role="alert"' in answer.text


def test_a_copy_that_was_replaced_in_another_window_is_not_confirmed(house: House, plan: Paper) -> None:
    leader = house.signed_in(LEADER)
    first = filled(plan.document.content)
    hand_in(leader, plan, first)
    hand_in(leader, plan, filled(plan.document.content, {**FILLED, next(iter(FILLED)): "同意"}))
    assert leader.post(*confirmed(plan, first, "agree", "")).status_code == 409
    assert plan.issue.stage is Stage.SUBMITTED


def test_an_upload_beyond_the_limit_is_cut_off(house: House, plan: Paper) -> None:
    assert hand_in(house.signed_in(LEADER), plan, b"x" * 21_000_000).status_code in {400, 413}


@pytest.mark.clause("M26")
@needs_office
def test_a_scan_proves_which_plan_it_is_and_a_person_enters_its_words(house: House, plan: Paper) -> None:
    leader = house.signed_in(LEADER)
    scan = pdf_to_sign(house.services.library.store, plan.document).content
    page = leader.get(hand_in(leader, plan, scan, "scan.pdf").location).text
    assert TEXTS.say("readback.state.unread") in page
    assert "checked" not in page
    assert leader.post(*confirmed(plan, scan, "agree", "见扫描件")).status_code == 303
    plan.look()
    [record] = plan.records
    assert (record.ruling.decision, record.copy) == ("agree", file_sha256(scan))
    assert any(name.endswith(".pdf") for name in plan.issue.attachments)
