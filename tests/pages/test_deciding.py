"""Deciding on a page: one record bound to the content, written on the issue by the decider's own account."""

from dataclasses import replace

import pytest

from docgen.identity import file_sha256
from svc_plugin.demo.stage import ADMIN
from svc_plugin.documents.register import check_code
from svc_plugin.domain.errors import TransientError
from svc_plugin.domain.vocabulary import Field, IssueKind, Stage
from svc_plugin.messages import load
from tests.builders import LEADER, MAINTAINER, SERVICE
from tests.documents.copies import filled
from tests.pages.conftest import ELSEWHERE, House
from tests.pages.papers import Paper, Papers, confirmed, hand_in, renew

TEXTS = load("zh")


@pytest.fixture(scope="module")
def papers_at_work(house: House) -> Papers:
    return Papers.of(house)


@pytest.fixture
def plan(papers_at_work: Papers) -> Paper:
    return papers_at_work.submitted()


def mover(paper: Paper) -> str:
    return next(entry.account for entry in reversed(paper.issue.history) if entry.moved_to)


@pytest.mark.clause("M26")
@pytest.mark.parametrize(
    ("choice", "opinion", "stage"),
    [
        ("agree", "", Stage.APPROVED),
        ("agree_with_changes", "差旅预算偏低", Stage.APPROVED),
        ("disagree", "先补培训", Stage.REJECTED),
    ],
)
def test_a_decision_on_the_page_is_the_approvers_own_move_on_the_issue(
    house: House, plan: Paper, choice: str, opinion: str, stage: Stage
) -> None:
    answer = house.signed_in(LEADER).post(plan.path, plan.form(choice, opinion))
    assert answer.status_code == 303
    plan.look()
    issue = plan.issue
    assert (issue.stage, mover(plan)) == (stage, LEADER)
    assert issue.value(Field.APPROVAL_DECISION) == choice
    assert issue.value(Field.APPROVAL_OPINION) == opinion
    [record] = plan.records
    assert (record.ruling.account, record.ruling.decision, record.ruling.opinion) == (LEADER, choice, opinion)
    assert (record.ruling.code, record.version) == (check_code(plan.document), plan.document.version)
    assert record.ended_at is None
    assert house.hints == [plan.ref]


@pytest.mark.clause("M26")
def test_the_three_ways_end_in_the_same_record(house: House, papers_at_work: Papers) -> None:
    by_page, by_copy, by_tracker = (papers_at_work.submitted() for _ in range(3))
    leader = house.signed_in(LEADER)
    leader.post(by_page.path, by_page.form("agree", "同意执行"))
    signed = filled(by_copy.document.content)
    hand_in(leader, by_copy, signed)
    leader.post(*confirmed(by_copy, signed, "agree", "同意执行"))
    fields = {Field.APPROVAL_DECISION: "agree", Field.APPROVAL_OPINION: "同意执行"}
    number = int(by_tracker.ref.key)
    papers_at_work.people[LEADER].change(number, IssueKind.DOCUMENT, stage=Stage.APPROVED, fields=fields)
    found = []
    for paper in (by_page, by_copy, by_tracker):
        paper.look()
        [record] = paper.records
        found.append((record.ruling.account, record.ruling.decision, record.ruling.opinion, record.version))
        assert record.ruling.code == check_code(paper.document)
        assert paper.issue.stage is Stage.APPROVED
    assert found == [(LEADER, "agree", "同意执行", 1)] * 3
    assert by_copy.records[0].copy == file_sha256(signed)
    assert [one.copy for one in (*by_page.records, *by_tracker.records)] == ["", ""]


@pytest.mark.clause("M26")
def test_a_changed_plan_voids_the_record(house: House, plan: Paper) -> None:
    house.signed_in(LEADER).post(plan.path, plan.form("agree"))
    plan.look()
    renew(plan)
    plan.look()
    assert plan.issue.stage is Stage.DRAFT
    [record] = plan.records
    assert record.ended_at is not None
    assert record.version == 1
    page = house.signed_in(LEADER).get(f"/shelf/{plan.document.document_id}/2/zh").text
    assert TEXTS.say("ruling.title") in page
    assert TEXTS.say("ruling.stands") not in page


@pytest.mark.clause("M26")
def test_what_changed_since_the_page_was_opened_is_not_approved(house: House, plan: Paper) -> None:
    leader, form = house.signed_in(LEADER), plan.form("agree")
    renew(plan)
    moving = leader.post(plan.path, form)  # the new version is not on the issue yet
    plan.look()
    answer = leader.post(plan.path, form)
    assert (moving.status_code, answer.status_code) == (409, 409)
    assert TEXTS.say("decide.cannot.changed") in answer.text
    assert plan.issue.stage is Stage.SUBMITTED
    assert plan.issue.value(Field.APPROVAL_DECISION) == ""
    assert plan.records == []


@pytest.mark.clause("M26")
@pytest.mark.parametrize(
    ("account", "status"), [(SERVICE, 403), (MAINTAINER, 403), (ADMIN, 403), (ELSEWHERE, 404)]
)
def test_whoever_may_not_decide_is_refused_and_nothing_is_written(
    house: House, plan: Paper, account: str, status: int
) -> None:
    before = plan.issue
    visitor = house.signed_in(account)
    answer = visitor.post(plan.path, plan.form("agree"))
    assert answer.status_code == status
    assert hand_in(visitor, plan, filled(plan.document.content)).status_code == status
    assert plan.issue == before
    assert plan.records == []


@pytest.mark.clause("M26")
def test_nobody_approves_what_they_wrote(house: House, papers_at_work: Papers) -> None:
    own = papers_at_work.submitted(author=LEADER)
    answer = house.signed_in(LEADER).post(own.path, own.form("agree"))
    assert answer.status_code == 403
    assert TEXTS.say("decide.cannot.author") in answer.text
    assert own.issue.stage is Stage.SUBMITTED


@pytest.mark.parametrize(
    ("choice", "opinion"), [("", ""), ("maybe", "x"), ("disagree", "  "), ("agree", "长" * 4001)]
)
def test_an_answer_that_is_none_writes_nothing_and_keeps_what_was_typed(
    house: House, plan: Paper, choice: str, opinion: str
) -> None:
    answer = house.signed_in(LEADER).post(plan.path, plan.form(choice, opinion))
    assert answer.status_code == 400
    assert opinion[:4000] in answer.text
    assert plan.issue.stage is Stage.SUBMITTED


def test_a_second_press_of_the_button_decides_nothing_twice(house: House, plan: Paper) -> None:
    leader, form = house.signed_in(LEADER), plan.form("agree")
    assert leader.post(plan.path, form).status_code == 303
    again = leader.post(plan.path, form)
    assert again.status_code == 409
    assert TEXTS.say("decide.cannot.over") in again.text
    plan.look()
    assert len(plan.records) == 1


def test_while_the_tracker_is_down_the_words_stay_in_the_form(house: House, plan: Paper) -> None:
    class Down:
        def apply(self, _key, _ref, _writes):
            raise TransientError("down")

    leader = house.signed_in(LEADER, acting={"main": Down()})
    answer = leader.post(plan.path, plan.form("disagree", "请补充调查安排"))
    assert answer.status_code == 503
    assert "请补充调查安排" in answer.text
    assert plan.issue.stage is Stage.SUBMITTED


def test_without_a_key_of_their_own_people_are_sent_to_the_tracker(house: House, plan: Paper) -> None:
    leader = house.signed_in(LEADER, acting={})
    page = leader.get(plan.path).text
    assert TEXTS.say("decide.cannot.no_hand") in page
    assert plan.issue.url in page
    assert leader.post(plan.path, plan.form("agree")).status_code == 403
    assert plan.issue.stage is Stage.SUBMITTED


@pytest.mark.clause("M72")
def test_the_leader_acknowledges_a_report_with_a_remark(house: House, papers_at_work: Papers) -> None:
    report = papers_at_work.submitted("service_report")
    leader = house.signed_in(LEADER)
    assert leader.post(report.path, report.form("", "")).status_code == 400
    assert leader.post(report.path, report.form("", "已阅，注意投诉")).status_code == 303
    report.look()
    assert report.issue.stage is Stage.APPROVED
    [record] = report.records
    assert (record.ruling.decision, record.ruling.opinion) == ("", "已阅，注意投诉")


@pytest.mark.clause("M54")
def test_a_perfective_decision_is_the_leaders_own_act(house: House, papers_at_work: Papers) -> None:
    fields = {Field.CUSTOMER: "恒通机械有限公司", Field.SOURCE: "customer"}
    number = papers_at_work.people[SERVICE].create(IssueKind.MAINTENANCE, "erp", "多币种", fields)
    paper = Paper(papers_at_work, replace(house.issues["erp"], key=str(number)))
    force(house, paper, Stage.AWAITING_DECISION)
    leader = house.signed_in(LEADER)
    assert leader.post(paper.path, {"choice": "declined", "opinion": ""}).status_code == 400
    form = {"choice": "declined", "opinion": "今年不做", "factors": "产品战略"}
    assert leader.post(paper.path, form).status_code == 303
    issue = paper.issue
    assert issue.value(Field.DECISION) == "declined"
    assert issue.value(Field.DECISION_OPINION) == "今年不做"
    assert issue.value(Field.DECISION_FACTORS) == "产品战略"
    assert {entry.account for entry in issue.history if entry.changes} == {LEADER}
    assert house.signed_in(MAINTAINER).post(paper.path, form).status_code == 403


def force(house: House, paper: Paper, stage: Stage) -> None:
    """Put an issue into a stage as if it had come there."""
    actor, site = paper.papers.people[SERVICE], house.redmine.extensions["redmine_standin"]
    number = actor.names.statuses[actor.mapping.status_of(IssueKind.MAINTENANCE, stage)]
    issue = site.store.issues.get(int(paper.ref.key))
    site.store.issues.put(replace(issue, status_id=number))
